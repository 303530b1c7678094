"""What a calibration says: parameters with their errors, fit, and what it could not calibrate."""

from dataclasses import dataclass
from enum import StrEnum

from hocvu.psychometrics.calibration.settings import Model
from hocvu.psychometrics.curves import ItemCurves, ItemParameters
from hocvu.psychometrics.errors import NotMeasurable


class RefusalReason(StrEnum):
    NEVER_PRESENTED = "never presented"
    TOO_FEW_ANSWERS = "too few answers"
    EVERYBODY_RIGHT = "everybody right"
    EVERYBODY_WRONG = "everybody wrong"


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item (column of the answers) that these answers say too little about."""

    item: int
    reason: RefusalReason
    answers: int


class NothingToCalibrate(NotMeasurable):
    """Fewer than three items are left, or nobody answered them; `refused` says why."""

    def __init__(self, refused: tuple[RefusedItem, ...]) -> None:
        super().__init__(f"too little to calibrate; {len(refused)} items refused")
        self.refused = refused


@dataclass(frozen=True, slots=True)
class ParameterErrors:
    """Standard errors in the units of the parameters; 0 for what was fixed.

    NaN where the answers do not determine the parameter (information is not positive definite).
    """

    a: float
    b: float
    c: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemFit:
    """How well the curve tells what people did.

    outfit, infit    mean squares of the residuals, 1 when the model holds; infit weighs each
                     answer by its information, outfit counts all alike (Wright & Masters 1982).
                     Taken over the posterior of each person's ability.
    rmsd             root mean square difference between observed and expected share right, over
                     the population (as in PISA); above 0.1 look at the item, above 0.15 drop it.
                     It judges size, and works when people answered different items.
    """

    infit: float
    outfit: float
    rmsd: float


@dataclass(frozen=True, slots=True)
class CalibratedItem:
    """One column of the answers on the common scale."""

    item: int
    parameters: ItemParameters
    errors: ParameterErrors
    answers: int
    share_right: float
    fit: ItemFit
    anchored: bool


@dataclass(frozen=True, slots=True)
class Population:
    """Ability of the people who answered, normal; without anchors 0 and 1 by definition."""

    mean: float = 0.0
    sd: float = 1.0
    mean_error: float = 0.0
    sd_error: float = 0.0


@dataclass(frozen=True)
class Calibration:
    """The result of `calibrate`.

    log_likelihood   marginal, of all answers used, without the priors
    iterations       passes over all the answers
    people           who answered at least one item used; `patterns` of answers differ among them
    reliability      empirical: variance of the estimated abilities over that plus the mean
                     squared error; from 0 to 1
    """

    model: Model
    items: tuple[CalibratedItem, ...]
    refused: tuple[RefusedItem, ...]
    population: Population
    log_likelihood: float
    iterations: int
    converged: bool
    people: int
    patterns: int
    reliability: float

    @property
    def curves(self) -> ItemCurves:
        """Of the calibrated items, in the order of `items`."""
        return ItemCurves.of(each.parameters for each in self.items)
