"""Which unit a code or a text means; what a unit is called, was called, and lies in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from hocvu.units.models import (
    COMMUNAL_KINDS,
    PROVINCIAL_KINDS,
    LegacyUnit,
    Unit,
    UnitKind,
    UnitName,
)
from hocvu.units.rules import (
    UnitText,
    exact_key,
    kind_and_bare_name,
    loose_key,
    read_unit_text,
    written_out,
)


def unit_with_code(code: str) -> Unit:
    return Unit.objects.get(code=code)


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the nation down to the unit's parent."""
    return list(Unit.objects.filter(path__in=unit.ancestor_paths[:-1]).order_by("path"))


def names_of(unit: Unit) -> list[UnitName]:
    """Newest first."""
    return list(unit.names.order_by("-valid_from"))


def predecessors_of(unit: Unit) -> list[LegacyUnit]:
    """Units before July 2025 that went into this one, wholly or in part."""
    return list(unit.predecessors.order_by("province", "district", "name"))


class KindOfMatch(Enum):
    EXACT = "exact"  # a name of today
    LEGACY = "legacy"  # a name that no longer holds, and one unit that took its place
    AMBIGUOUS = "ambiguous"  # several could be meant; `unit` is the usual one, where there is one
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class UnitMatch:
    """What a text means. `legacy_name` is the old name it matched, to be shown beside today's."""

    unit: Unit | None
    kind_of_match: KindOfMatch
    candidates: tuple[Unit, ...] = ()
    legacy_name: str = ""


# A district often changed its kind shortly before it ended: huyện, thành phố Thủy Nguyên.
_DISTRICT_KINDS = ("huyện", "quận", "thị xã", "thành phố", "huyện đảo")
_NOTHING = UnitMatch(None, KindOfMatch.UNKNOWN)


@dataclass(frozen=True)
class _Meaning:
    """One thing a name can mean: a unit of today, or an old one with the units it went into."""

    unit: Unit | None
    successors: tuple[Unit, ...]
    legacy_name: str = ""
    provinces: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()

    def lies_within(self, path: str) -> bool:
        return any(unit.path.startswith(path) for unit in self.successors)

    def narrowed_to(self, path: str) -> "_Meaning":
        """Only the successors inside a subtree; the usual one is dropped when it lies outside."""
        inside = tuple(unit for unit in self.successors if unit.path.startswith(path))
        usual = self.unit if self.unit in inside else inside[0] if len(inside) == 1 else None
        return _Meaning(usual, inside, self.legacy_name, self.provinces, self.districts)


@dataclass
class _Index:
    """Meanings by name, with and without regard to tones and marks."""

    exact: defaultdict[str, list[_Meaning]] = field(default_factory=lambda: defaultdict(list))
    loose: defaultdict[str, list[_Meaning]] = field(default_factory=lambda: defaultdict(list))

    def add(self, names: Iterable[str], meaning: _Meaning) -> None:
        for name in set(names):
            self.exact[exact_key(name)].append(meaning)
            self.loose[loose_key(name)].append(meaning)

    def meanings(self, name: str) -> Iterable[Sequence[_Meaning]]:
        yield self.exact.get(exact_key(name), ())
        yield self.loose.get(loose_key(name), ())


def _province_key(text: str) -> str:
    return loose_key(kind_and_bare_name(text)[1])


class UnitFinder:
    """Finds the unit a roster means; loads every name once, answers from memory.

    Names of today come first, then names of July 2025, then units before July 2025. Case, tone
    placement and abbreviations do not count; tones and marks count only where they decide.
    """

    def __init__(self) -> None:
        self._units = {unit.pk: unit for unit in Unit.objects.filter(closed_on=None)}
        self._paths = {unit.path: unit for unit in self._units.values()}
        self._named = _Index()  # with the kind: "phường an biên"
        self._bare = _Index()  # without: "an biên"
        self._districts = _Index()
        self._provinces: set[str] = set()
        self._old_provinces: defaultdict[str, set[str]] = defaultdict(set)  # of today → before
        self._old_districts: defaultdict[int, set[str]] = defaultdict(set)
        self._answers: dict[tuple[str, str, str, str], UnitMatch] = {}
        legacy = list(LegacyUnit.objects.order_by("ward_code", "-share"))
        self._learn_where_old_units_went(legacy)
        self._index_units_of_today()
        self._index_old_names()
        self._index_old_units(legacy)

    def find(
        self, text: str, *, commune: str = "", province: str = "", within_path: str = ""
    ) -> UnitMatch:
        """The unit meant by `text`; `commune` and `province` are other cells of the same row.

        A text that names no unit while the commune is clear gives that commune as its candidate.
        """
        asked = (text, commune, province, within_path)
        if asked not in self._answers:
            self._answers[asked] = self._find(text, commune, province, within_path)
        return self._answers[asked]

    # Learning the names

    def _province_of(self, unit: Unit) -> Unit | None:
        return next(
            (
                above
                for path in unit.ancestor_paths
                if (above := self._paths.get(path)) and above.kind in PROVINCIAL_KINDS
            ),
            None,
        )

    def _learn_where_old_units_went(self, legacy: Iterable[LegacyUnit]) -> None:
        for old in legacy:
            successor = self._units.get(old.successor_id)
            if successor is None:
                continue
            self._provinces.add(_province_key(old.province))
            self._old_districts[successor.pk].add(_province_key(old.district))
            if province := self._province_of(successor):
                self._old_provinces[province.path].add(_province_key(old.province))
        for unit in self._units.values():
            if unit.kind in PROVINCIAL_KINDS:
                self._provinces.add(_province_key(unit.name))

    def _meaning_of_today(self, unit: Unit, legacy_name: str = "") -> _Meaning:
        province = self._province_of(unit)
        keys = frozenset({_province_key(province.name)} if province else ())
        districts = frozenset(self._old_districts[unit.pk])
        return _Meaning(unit, (unit,), legacy_name, keys, districts)

    def _index_units_of_today(self) -> None:
        for unit in self._units.values():
            meaning = self._meaning_of_today(unit)
            self._named.add(self._ways_to_write(unit), meaning)
            if unit.kind == UnitKind.SPECIAL_ZONE:
                self._index_island_district(unit)
            if unit.kind in (*COMMUNAL_KINDS, *PROVINCIAL_KINDS):
                self._bare.add([kind_and_bare_name(unit.name)[1]], meaning)

    def _index_island_district(self, unit: Unit) -> None:
        """They became special zones whole; those without communes have no legacy rows."""
        bare = unit.name.removeprefix("Đặc khu ")
        names = [f"Huyện đảo {bare}", f"Huyện {bare}"]
        self._named.add(names, self._meaning_of_today(unit, names[0]))

    def _ways_to_write(self, unit: Unit) -> set[str]:
        """`Sở Nội vụ` is also `Sở Nội vụ TP Hải Phòng`; words in brackets may be left out."""
        ways = {written_out(unit.name), written_out(unit.name.split("(")[0])}
        province = self._province_of(unit)
        if province and unit.kind not in (*COMMUNAL_KINDS, *PROVINCIAL_KINDS):
            full, (_, bare) = written_out(province.name), kind_and_bare_name(province.name)
            ways |= {f"{way} {end}" for way in ways for end in (full, bare)}
            ways |= {
                way.replace(bare, f"{kind} {bare}")
                for way in ways
                for kind in ("tỉnh", "thành phố")
            }
        return ways

    def _index_old_names(self) -> None:
        """Names a unit of today bore for a while, such as Xã Trị An until 30 April 2026."""
        for old in UnitName.objects.exclude(valid_to=None):
            unit = self._units.get(old.unit_id)
            if unit and exact_key(old.name) != exact_key(unit.name):
                self._named.add([old.name], self._meaning_of_today(unit, old.name))

    def _index_old_units(self, legacy: Iterable[LegacyUnit]) -> None:
        """Rows of one old unit follow each other, the usual successor (or the only one) first."""
        by_ward: defaultdict[str, list[LegacyUnit]] = defaultdict(list)
        by_district: defaultdict[tuple[str, str], dict[int, Unit]] = defaultdict(dict)
        for old in legacy:
            if old.successor_id in self._units:
                by_ward[old.ward_code].append(old)
                by_district[old.district, old.province][old.successor_id] = self._units[
                    old.successor_id
                ]
        for rows in by_ward.values():
            first = rows[0]
            successors = tuple(self._units[row.successor_id] for row in rows)
            settled = first.share != LegacyUnit.Share.PART
            meaning = _Meaning(
                successors[0] if settled else None,
                successors,
                str(first),
                frozenset({_province_key(first.province)}),
                frozenset({_province_key(first.district)}),
            )
            self._named.add([first.name], meaning)
            self._bare.add([kind_and_bare_name(first.name)[1]], meaning)
        for (district, province), units in by_district.items():
            provinces = frozenset({_province_key(province)})
            meaning = _Meaning(None, tuple(units.values()), f"{district}, {province}", provinces)
            bare = kind_and_bare_name(district)[1]
            self._districts.add([f"{kind} {bare}" for kind in _DISTRICT_KINDS], meaning)
        self._index_old_provinces(legacy)

    def _index_old_provinces(self, legacy: Iterable[LegacyUnit]) -> None:
        today: dict[str, Unit] = {}
        for old in legacy:
            successor = self._units.get(old.successor_id)
            if successor and (province := self._province_of(successor)):
                today.setdefault(old.province, province)
        for name, province in today.items():
            if _province_key(name) != _province_key(province.name):
                meaning = _Meaning(province, (province,), name)
                self._named.add([name], meaning)
                self._bare.add([kind_and_bare_name(name)[1]], meaning)

    # Answering

    def _find(self, text: str, commune: str, province: str, within_path: str) -> UnitMatch:
        read = read_unit_text(text)
        hints = (*read.hints, *((kind_and_bare_name(province)[1],) if province.strip() else ()))
        around = read_unit_text(commune)
        if not read.readings or (read.only_a_body and around.readings):
            return self._among_readings(around, (*around.hints, *hints), within_path)
        found = self._among_readings(read, hints, within_path)
        if found is _NOTHING:
            found = self._around(read, hints, within_path)
        if around.readings and found.kind_of_match in {KindOfMatch.UNKNOWN, KindOfMatch.AMBIGUOUS}:
            commune_unit = self._among_readings(around, (*around.hints, *hints), within_path).unit
            if commune_unit in found.candidates:
                return (
                    UnitMatch(commune_unit, KindOfMatch.LEGACY, (commune_unit,), found.legacy_name)
                    if found.legacy_name
                    else UnitMatch(commune_unit, KindOfMatch.EXACT, (commune_unit,))
                )
            if found is _NOTHING and commune_unit:
                return UnitMatch(None, KindOfMatch.UNKNOWN, (commune_unit,))
        return found

    def _around(self, read: UnitText, hints: tuple[str, ...], within: str) -> UnitMatch:
        """`Phòng Kinh tế, UBND phường X` means phường X; a whole province would be too vague."""
        for at, part in enumerate(read.around):
            found = self._among_readings(read_unit_text(part), hints[at + 1 :], within)
            if found.unit and found.unit.kind in (*PROVINCIAL_KINDS, UnitKind.NATION):
                return _NOTHING
            if found is not _NOTHING:
                return found
        return _NOTHING

    def _among_readings(self, read: UnitText, hints: tuple[str, ...], within: str) -> UnitMatch:
        keys = tuple(dict.fromkeys(loose_key(hint) for hint in hints))
        for index in (self._named, self._bare, self._districts):
            for reading in read.readings:
                for meanings in index.meanings(reading):
                    fitting = self._fitting(meanings, keys, within)
                    if fitting:
                        return self._chosen(fitting, placed=bool(within or keys))
        return _NOTHING

    def _fitting(
        self, meanings: Sequence[_Meaning], hints: tuple[str, ...], within: str
    ) -> list[_Meaning]:
        """The meanings in the subtree that most hints speak for, and none speaks against."""
        inside = [
            meaning.narrowed_to(within) for meaning in meanings if meaning.lies_within(within)
        ]
        weighed = []
        for meaning in inside:
            weights = [self._weight(hint, meaning) for hint in hints]
            told = [weight for weight in weights if weight is not None]
            if len(told) == len(weights):
                weighed.append((sum(told), meaning))
        most = max((weight for weight, _ in weighed), default=0)
        return [meaning for weight, meaning in weighed if weight == most]

    def _weight(self, hint: str, meaning: _Meaning) -> int | None:
        """How much a hint speaks for a meaning: 2 its own province or district, None against it."""
        if hint in meaning.provinces:
            return 2
        if hint in meaning.districts:
            return 2 if meaning.legacy_name else 1
        if any(
            hint in self._old_provinces[path]
            for unit in meaning.successors
            for path in unit.ancestor_paths
        ):
            return 1 if not meaning.legacy_name else 0
        return None if hint in self._provinces else 0

    def _chosen(self, meanings: list[_Meaning], *, placed: bool) -> UnitMatch:
        today = [meaning for meaning in meanings if not meaning.legacy_name]
        chosen = today or meanings
        units = tuple({unit.pk: unit for each in chosen for unit in each.successors}.values())
        names = "; ".join(dict.fromkeys(each.legacy_name for each in chosen if each.legacy_name))
        if len(chosen) > 1 and len(units) > 1:
            return UnitMatch(None, KindOfMatch.AMBIGUOUS, units, names)
        meaning = chosen[0]
        if len(units) > 1:
            return UnitMatch(meaning.unit, KindOfMatch.AMBIGUOUS, units, names)
        if not placed and self._depends_on_a_place(units[0]):
            return UnitMatch(None, KindOfMatch.AMBIGUOUS, units, names)
        kind = KindOfMatch.LEGACY if names else KindOfMatch.EXACT
        return UnitMatch(units[0], kind, units, names)

    def _depends_on_a_place(self, unit: Unit) -> bool:
        """`Sở Nội vụ` exists in every province, even where only one is entered."""
        return unit.kind == "department" and self._province_of(unit) is not None
