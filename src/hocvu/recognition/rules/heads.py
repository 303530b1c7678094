"""Whose name stands above an issuer's on a document (Decree 30/2020/NĐ-CP, annex I, part II, 2a).

The agency directly above it, if it has one; one of a province, city or commune with that place's
name. The state itself is nobody's superior: ministries and agencies under the Government, people's
councils and committees have none above them. Provincial schools of politics stand under the Party
committee of their province (Regulation 09-QĐi/TW of 2018), centres of a commune under the commune's
(Regulation 360-QĐ/TW of 2025).

The tree tells in which place a university or an enterprise lies, not whose it is: nothing is said
there rather than something untrue.
"""

from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import nfc

_PROVINCES: Final = ("province", "city")
_PLACES: Final = (*_PROVINCES, "commune", "ward", "special_zone")
_WITH_A_SUPERIOR: Final = ("department", "political_school", "academy", "regional_academy")
_AGENCIES: Final = ("ministry", *_WITH_A_SUPERIOR, "university")
_OF_THE_PARTY: Final = ("tỉnh ủy", "thành ủy", "đảng ủy")
_NOT_UNDER_A_COMMITTEE: Final = ("ủy ban", "hội đồng nhân dân")
_KIND_IN_FRONT: Final = {"province": "Tỉnh", "city": "Thành phố"}
_COMMITTEE: Final = {"province": "Tỉnh ủy", "city": "Thành ủy"}


@dataclass(frozen=True)
class Named:
    """A unit as it was called on a day; `kind` is a value of `units.UnitKind`."""

    kind: str
    name: str


@dataclass(frozen=True)
class Head:
    """Both names at the top left of a document; `superior` is empty where there is none."""

    issuer: str
    superior: str


def superior_of(line: list[Named]) -> str:
    """The name above the last unit of this line, which runs from the nation down to the issuer."""
    *above, issuer = line
    if not above or issuer.kind not in _WITH_A_SUPERIOR:
        return ""
    superior = above[-1]
    if superior.kind in _PLACES:
        return _body_of(superior, issuer)
    if superior.kind not in _AGENCIES:
        return ""
    place = next((each for each in reversed(above) if each.kind in _PLACES), None)
    return _with_its_place(superior, place) if place else superior.name


def _body_of(place: Named, issuer: Named) -> str:
    """The committee that a unit of a place belongs to: the Party's or the people's."""
    name = nfc(issuer.name).casefold()
    is_the_partys = issuer.kind == "political_school" or any(each in name for each in _OF_THE_PARTY)
    if is_the_partys and place.kind in _PROVINCES:
        return f"{_COMMITTEE[place.kind]} {_bare(place)}"
    if is_the_partys:
        return f"Đảng ủy {place.name}"
    if name.startswith(_NOT_UNDER_A_COMMITTEE):
        return ""
    return f"Ủy ban nhân dân {place.name}"


def _with_its_place(superior: Named, place: Named) -> str:
    """`Sở Nội vụ thành phố Hải Phòng`; a name that ends with the kind of place takes its name."""
    if _bare(place).casefold() in nfc(superior.name).casefold():
        return superior.name
    kind = _KIND_IN_FRONT.get(place.kind, "").casefold()
    if kind and superior.name.casefold().endswith(kind):
        return f"{superior.name} {_bare(place)}"
    return f"{superior.name} {place.name}"


def _bare(place: Named) -> str:
    return nfc(place.name).removeprefix(_KIND_IN_FRONT.get(place.kind, "")).strip()
