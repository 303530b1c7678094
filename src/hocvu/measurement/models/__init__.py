"""Scales, calibrations, adaptive tests, panels, quality of questions."""

from hocvu.measurement.models.adaptive import (
    AdaptiveRun,
    AdaptiveSitting,
    AdaptiveStep,
    AdaptiveTest,
    Purpose,
    StopReason,
)
from hocvu.measurement.models.panels import (
    AngoffRating,
    CutScore,
    Panel,
    PanelJudge,
    PanelQuestion,
)
from hocvu.measurement.models.quality import QuestionQuality
from hocvu.measurement.models.scales import Calibration, ItemCalibration, ResponseModel, Scale

__all__ = [
    "AdaptiveRun",
    "AdaptiveSitting",
    "AdaptiveStep",
    "AdaptiveTest",
    "AngoffRating",
    "Calibration",
    "CutScore",
    "ItemCalibration",
    "Panel",
    "PanelJudge",
    "PanelQuestion",
    "Purpose",
    "QuestionQuality",
    "ResponseModel",
    "Scale",
    "StopReason",
]
