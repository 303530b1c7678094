"""Why a calibration, or one question in it, came to nothing."""

from enum import StrEnum

LEAST_ANCHORS = 3
LEAST_ANSWERS = 100  # to a question, before it can be calibrated


class Refusal(StrEnum):
    """Why a calibration as a whole could not be calculated."""

    TOO_FEW_ANSWERS = "too_few_answers"
    TOO_FEW_ANCHORS = "too_few_anchors"
