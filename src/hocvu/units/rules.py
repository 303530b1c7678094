"""How unit names are written, and how to tell that two ways of writing mean one name.

Rosters write `UBND P. Thuỷ Nguyên, TP. Hải Phòng`, `xã an lão (huyện An Lão)` or `Sở KH&CN`. Here
such a text becomes a name and hints; which unit it means is the finder's question (`queries`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc, text_sort_key

KIND_WORDS: Final = {
    "phường": "ward",
    "xã": "commune",
    "đặc khu": "special_zone",
    "thị trấn": "town",
    "tỉnh": "province",
    "thành phố": "city",
    "quận": "district",
    "huyện": "district",
    "thị xã": "district",
}
_KINDS_FOLDED: Final = {fold(word): kind for word, kind in KIND_WORDS.items()}
_DISTRICT_KINDS: Final = ("district", "city")

# Abbreviations as they stand in rosters, by their search key.
_WRITTEN_OUT: Final = {
    "p": "phường",
    "x": "xã",
    "dk": "đặc khu",
    "tt": "thị trấn",
    "tx": "thị xã",
    "tp": "thành phố",
    "t": "tỉnh",
    "q": "quận",
    "h": "huyện",
    "ubnd": "ủy ban nhân dân",
    "hdnd": "hội đồng nhân dân",
    "mttq": "mặt trận tổ quốc",
    "ubmttq": "ủy ban mặt trận tổ quốc",
    "khcn": "khoa học và công nghệ",
    "kh và cn": "khoa học và công nghệ",
    "gddt": "giáo dục và đào tạo",
    "gd và dt": "giáo dục và đào tạo",
    "nnmt": "nông nghiệp và môi trường",
    "nn và mt": "nông nghiệp và môi trường",
    "vhttdl": "văn hóa thể thao và du lịch",
    "vhtt và dl": "văn hóa thể thao và du lịch",
    "vh tt và dl": "văn hóa thể thao và du lịch",
    "tphcm": "thành phố hồ chí minh",
    "hcm": "hồ chí minh",
    "hvctqg": "học viện chính trị quốc gia",
}
_LONGEST_ABBREVIATION: Final = 4  # words
_JOINED: Final = re.compile(r"\b([PpQq])(?=\d)")
_BREAKS: Final = re.compile(r"\s*[,;()\n]\s*|\s+[-–—]\s+")
_NOT_WORDS: Final = re.compile(r"[^\w\s']|_")

# "phường An Biên thành phố Hải Phòng", without a comma.
_INSIDE: Final = re.compile(
    r"(?<=\w) (?=(?:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tỉnh) (?!hội\b)\w)"
)

# Bodies that sit in a unit: "Đảng ủy phường X" means Phường X.
_BODY: Final = re.compile(
    r"(?:(?:van phong|dang uy|dang bo|uy ban nhan dan|hoi dong nhan dan|"
    r"uy ban mat tran to quoc(?: viet nam)?|mat tran to quoc(?: viet nam)?|va)(?: |$))+"
)


@dataclass(frozen=True)
class UnitText:
    """A unit as somebody wrote it: its name may be read in these ways, best first.

    `around` are the units it is said to lie in, nearest first; `hints` are their bare names.
    """

    readings: tuple[str, ...]
    hints: tuple[str, ...]
    around: tuple[str, ...] = ()
    only_a_body: bool = False


@lru_cache(maxsize=50_000)
def written_out(text: str) -> str:
    """Lower case, no punctuation, no abbreviations: `P. Thuỷ Nguyên` → `phường thuỷ nguyên`."""
    spaced = _JOINED.sub(lambda match: f"{match[1]} ", nfc(text))
    words = _NOT_WORDS.sub(" ", spaced.replace("&", " và ")).lower().split()
    keys = [fold(word) for word in words]
    written: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_ABBREVIATION, len(words) - at), 0, -1):
            known = _WRITTEN_OUT.get(_abbreviation(keys[at : at + length]))
            if known and (length > 1 or words[at].isascii() or keys[at] not in "pxthq"):
                written.append(known)
                at += length
                break
        else:
            written.append(words[at])
            at += 1
    return " ".join(written)


def _abbreviation(keys: list[str]) -> str:
    return " ".join("và" if key == "va" else key for key in keys)


@lru_cache(maxsize=50_000)
def exact_key(text: str) -> str:
    """Equal for texts that differ only in case, punctuation and the place of the tone mark."""
    return text_sort_key(written_out(text))


@lru_cache(maxsize=50_000)
def loose_key(text: str) -> str:
    """Equal for texts that differ in any mark."""
    return fold(written_out(text))


@lru_cache(maxsize=50_000)
def kind_and_bare_name(text: str) -> tuple[str, str]:
    """`Phường Thủy Nguyên` → `ward`, `thủy nguyên`; without a kind word nothing is cut off."""
    words = written_out(text).split()
    keys = [fold(word) for word in words]
    for length in (2, 1):
        kind = _KINDS_FOLDED.get(" ".join(keys[:length]))
        if kind and len(words) > length:
            return kind, " ".join(words[length:])
    return "", " ".join(words)


def names_a_district(text: str) -> bool:
    return kind_and_bare_name(text)[0] in _DISTRICT_KINDS


@lru_cache(maxsize=50_000)
def read_unit_text(text: str) -> UnitText:
    """What a cell says: `UBND xã An Lão, huyện An Lão` → xã An Lão, with the hint An Lão."""
    parts = [written_out(part) for part in _BREAKS.split(nfc(text)) if written_out(part)]
    if not parts:
        return UnitText((), ())
    without_body, *around = _INSIDE.split(_without_body(parts[0]))
    parts[1:1] = around
    readings = [written_out(text)]
    readings += [
        reading for reading in (parts[0], _without_body(parts[0]), without_body) if reading
    ]
    whole = _without_body(written_out(text))
    readings += [whole] if whole else []
    hints = tuple(kind_and_bare_name(part)[1] for part in parts[1:])
    return UnitText(
        tuple(dict.fromkeys(readings)), hints, tuple(parts[1:]), only_a_body=not without_body
    )


def _without_body(written: str) -> str:
    words = written.split()
    found = _BODY.match(" ".join(fold(word) for word in words))
    return " ".join(words[len(found[0].split()) :]) if found else written


_ENGLISH_KINDS: Final = {"ward": "Ward", "commune": "Commune", "special_zone": "Special Zone"}
_KIND_IN_FRONT: Final = re.compile(r"^(?:Phường|Xã|Đặc khu)\s+")


def english_name(name: str, kind: str) -> str:
    """`Phường Thủy Nguyên` → `Thuy Nguyen Ward`; names of other kinds are given, not made."""
    if kind not in _ENGLISH_KINDS:
        return ""
    bare = _KIND_IN_FRONT.sub("", nfc(name)).replace("đ", "d").replace("Đ", "D")
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", bare) if not unicodedata.combining(letter)
    )
    return f"{plain} {_ENGLISH_KINDS[kind]}"


@dataclass(frozen=True)
class UnitCode:
    """The form of a code: capital letters, digits and hyphens; a dot would break the path."""

    text: str

    @property
    def is_well_formed(self) -> bool:
        return re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,34}", self.text) is not None
