"""A page that is the same for a whole batch, and the places on it where texts differ.

Lengths are points in the PDF's own axes: the origin is the bottom left corner of the page.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import cycle
from typing import Any, Final, Literal, get_args

from hocvu.typesetting.errors import CannotTypeset, PageDoesNotFit
from hocvu.typesetting.faces import FACES

Align = Literal["left", "center", "right"]
Colour = tuple[float, float, float]  # sRGB, 0 to 1

MOST_PLACES: Final = 60
_FIELD: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_STRONG: Final = "*"


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Slot:
    """A place for one text, centred between the top and the bottom of its box.

    `pattern` holds fields in braces and what stands between asterisks in the strong face:
    `Kết quả: *{result}*`. The first of `sizes` at which the text fits the box is taken; `leading`
    is the white between lines, in ems.
    """

    name: str
    box: Box
    pattern: str
    face: str
    strong_face: str
    sizes: tuple[float, ...]
    leading: float
    align: Align
    colour: Colour

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(_FIELD.findall(self.pattern))

    @property
    def faces(self) -> tuple[str, ...]:
        return (self.face, self.strong_face) if _STRONG in self.pattern else (self.face,)

    def words(self, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        """Each word with its face."""
        words = []
        for face, pieces in self._parts:
            filled = "".join([texts[piece] if is_field else piece for piece, is_field in pieces])
            words += [(word, face) for word in filled.split()]
        return words

    @cached_property
    def _parts(self) -> tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]:
        """The faces in turns, with the words and fields set in them.

        The pattern is cut before it is filled, so a value never changes the face.
        """
        faces, is_field = (self.face, self.strong_face), (False, True)
        return tuple(
            (faces[turn % 2], tuple(zip(_FIELD.split(part), cycle(is_field), strict=False)))
            for turn, part in enumerate(self.pattern.split(_STRONG))
        )


@dataclass(frozen=True)
class Sheet:
    """The page without the texts that differ, as one PDF/A-2b file, and the places for them.

    `boxes` are places for something that is not text: `qr`, `signature`.
    """

    pdf: bytes
    width: float
    height: float
    slots: tuple[Slot, ...]
    boxes: Mapping[str, Box]

    @cached_property
    def fields(self) -> frozenset[str]:
        """What `Compositor.compose` wants to be told."""
        return frozenset(name for slot in self.slots for name in slot.fields)

    def to_json(self) -> str:
        """Everything but the page, for keeping beside it."""
        return json.dumps(
            {
                "width": self.width,
                "height": self.height,
                "slots": [asdict(slot) for slot in self.slots],
                "boxes": {name: asdict(box) for name, box in self.boxes.items()},
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, kept: str, pdf: bytes) -> "Sheet":
        plain = json.loads(kept)
        return cls(
            pdf,
            plain["width"],
            plain["height"],
            tuple(_slot(each) for each in plain["slots"]),
            {name: Box(**box) for name, box in plain["boxes"].items()},
        )


def sheet_of(pdf: bytes, places: Sequence[Mapping[str, Any]]) -> Sheet:
    """A sheet from what the page said about itself, in typst's axes (from the top, downwards).

    `places` as `page.typ` writes them. Raises CannotTypeset: a template may claim anything.
    """
    if not 0 < len(places) <= MOST_PLACES:
        raise CannotTypeset(f"A page has at least one slot and at most {MOST_PLACES} places.")
    try:
        sheet = places[0]["sheet"]
        width, height = float(sheet["width"]), float(sheet["height"])
        pages = int(sheet["pages"])
        slots = tuple(_slot(_upright(each, height)) for each in places if each["kind"] == "slot")
        others = [each for each in places if each["kind"] != "slot"]
        boxes = {str(each["name"]): Box(**_upright(each, height)["box"]) for each in others}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as odd:
        raise CannotTypeset(f"A slot of the page is not as it should be: {odd!r}.") from odd
    if pages != 1:
        raise PageDoesNotFit("The page does not fit on one sheet.")
    if len({slot.name for slot in slots}) < len(slots) or len(boxes) < len(others):
        raise CannotTypeset("Two places of the page have the same name.")
    return Sheet(pdf, width, height, slots, boxes)


def _upright(each: Mapping[str, Any], page_height: float) -> dict[str, Any]:
    """The same with its box in the PDF's axes."""
    x, y, width, height = (round(float(each[key]), 3) for key in ("x", "y", "width", "height"))
    kept = {key: each[key] for key in each if key not in {"x", "y", "width", "height"}}
    return {
        **kept,
        "box": {"x": x, "y": round(page_height - y - height, 3), "width": width, "height": height},
    }


def _slot(plain: Mapping[str, Any]) -> Slot:
    slot = Slot(
        name=str(plain["name"]),
        box=Box(**plain["box"]),
        pattern=str(plain["pattern"]),
        face=plain["face"],
        strong_face=plain["strong_face"],
        sizes=tuple(float(size) for size in plain["sizes"]),
        leading=float(plain["leading"]),
        align=plain["align"],
        colour=(float(plain["colour"][0]), float(plain["colour"][1]), float(plain["colour"][2])),
    )
    if slot.face not in FACES or slot.strong_face not in FACES:
        raise ValueError(f"there is no face {slot.face} or {slot.strong_face}")
    if slot.align not in get_args(Align) or not slot.sizes:
        raise ValueError(f"the slot {slot.name} says neither how to align nor how large")
    return slot
