"""Calibration of items: the search for their parameters, its errors, and how well they fit."""

from hocvu.psychometrics.calibration.calibrating import calibrate
from hocvu.psychometrics.calibration.outcome import (
    CalibratedItem,
    Calibration,
    ItemFit,
    NothingToCalibrate,
    ParameterErrors,
    Population,
    RefusalReason,
    RefusedItem,
)
from hocvu.psychometrics.calibration.settings import Model, Priors, Settings

__all__ = [
    "CalibratedItem",
    "Calibration",
    "ItemFit",
    "Model",
    "NothingToCalibrate",
    "ParameterErrors",
    "Population",
    "Priors",
    "RefusalReason",
    "RefusedItem",
    "Settings",
    "calibrate",
]
