"""What is wrong with a question: classical statistics, drift in time, fairness between groups."""

from hocvu.psychometrics.quality.classical import (
    Concern,
    ItemStatistics,
    Limits,
    OptionStatistics,
    concerns_about,
    item_statistics,
    option_statistics,
)
from hocvu.psychometrics.quality.drifting import Difficulty, Drift, ItemDrift, drift
from hocvu.psychometrics.quality.functioning import (
    DifferenceIsUndefined,
    EtsClass,
    LogisticDifference,
    MantelHaenszel,
    logistic_difference,
    mantel_haenszel,
    strata,
)

__all__ = [
    "Concern",
    "DifferenceIsUndefined",
    "Difficulty",
    "Drift",
    "EtsClass",
    "ItemDrift",
    "ItemStatistics",
    "Limits",
    "LogisticDifference",
    "MantelHaenszel",
    "OptionStatistics",
    "concerns_about",
    "drift",
    "item_statistics",
    "logistic_difference",
    "mantel_haenszel",
    "option_statistics",
    "strata",
]
