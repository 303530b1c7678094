"""What an image of a seal or a signature must be (Decree 30/2020, annex I; seals: 34 to 40 mm)."""

from enum import StrEnum
from typing import Final

WIDTHS_MM: Final = {"seal": (30.0, 42.0), "signature": (20.0, 60.0)}
USUAL_WIDTH_MM: Final = {"seal": 36.0, "signature": 40.0}
MOST_HEIGHT_MM: Final = 42.0
TINTS: Final = {"seal": "red", "signature": "blue"}
LEAST_SEE_THROUGH: Final = 0.2  # of the pixels: paper shows between the strokes
LEAST_PIXELS_PER_MM: Final = 6  # about 150 per inch


class ImageFlaw(StrEnum):
    WRONG_SIZE = "wrong_size"
    TOO_HIGH = "too_high"
    NOT_SEE_THROUGH = "not_see_through"
    NOT_RED = "not_red"
    NOT_BLUE = "not_blue"
    TOO_COARSE = "too_coarse"


def flaws_of_image(
    kind: str, *, width_mm: float, width: int, height: int, see_through: float, tint: str
) -> list[ImageFlaw]:
    """What is wrong with a drawn picture of this kind; its sides in pixels."""
    least, most = WIDTHS_MM[kind]
    flaws = []
    if not least <= width_mm <= most:
        flaws.append(ImageFlaw.WRONG_SIZE)
    if height_on_paper(width_mm, width, height) > MOST_HEIGHT_MM:
        flaws.append(ImageFlaw.TOO_HIGH)
    if see_through < LEAST_SEE_THROUGH:
        flaws.append(ImageFlaw.NOT_SEE_THROUGH)
    if tint != TINTS[kind]:
        flaws.append(ImageFlaw.NOT_RED if kind == "seal" else ImageFlaw.NOT_BLUE)
    if width < width_mm * LEAST_PIXELS_PER_MM:
        flaws.append(ImageFlaw.TOO_COARSE)
    return flaws


def height_on_paper(width_mm: float, width: int, height: int) -> float:
    """Millimetres, when an image of these pixels is that wide."""
    return round(width_mm * height / width, 1)
