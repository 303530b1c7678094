"""The 54 ethnic groups of Viet Nam, and which one a cell of a roster names.

Groups and names: Decision 121-TCTK/PPCĐ of 2/3/1979; codes: Decision 1019/QĐ-TCTK of 12/11/2008,
both of the General Statistics Office. Which group somebody belongs to is sensitive personal data
(Law 91/2025/QH15 and Decree 356/2025/NĐ-CP): `policies.can_see_ethnic_group` says who may know.
"""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc

_FILE: Final = Path(__file__).parents[1] / "ethnic_groups" / "vietnam.toml"
MAJORITY: Final = "01"  # Kinh; every other group is a minority (Decree 05/2011/NĐ-CP, article 4)


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """One group: two digits, the name papers use, and other spellings that mean the same."""

    code: str
    name: str
    other_names: tuple[str, ...] = ()


ETHNIC_GROUPS: Final = {
    code: EthnicGroup(code, each["name"], tuple(each["other_names"]))
    for code, each in tomllib.loads(_FILE.read_text(encoding="utf-8"))["groups"].items()
}


@dataclass(frozen=True, slots=True)
class EthnicReading:
    """`group` is what the text names; `proposed` waits for a person to say yes.

    `is_unclear`: something is written, and it names no group.
    """

    group: EthnicGroup | None = None
    proposed: EthnicGroup | None = None
    is_unclear: bool = False


_NOT_KNOWN: Final = frozenset({"", "khongro", "chuaro", "khongxacdinh", "chuaxacdinh", "kxd"})
_NO_GROUP: Final = frozenset({"có", "không", "khác", "nước ngoài", "người nước ngoài"})
_BEFORE: Final = re.compile(r"^(nguoi )?(dan toc|dt)\b[ :.]*|^nguoi\b[ :.]*")
_BRACKETS: Final = re.compile(r"\(([^)]*)\)?")
_ALIKE: Final = 0.75  # of the letters, as difflib counts


def _key(text: str) -> str:
    """Letters only: `H'Mông`, `Hmông` and `dân tộc H-Mông` are one."""
    return re.sub(r"[^a-z0-9]", "", _BEFORE.sub("", fold(text)))


def _keys() -> dict[str, EthnicGroup]:
    """Names first: `Thổ` is the group of that name, whoever else was called so."""
    keys = {_key(group.name): group for group in ETHNIC_GROUPS.values()}
    for group in ETHNIC_GROUPS.values():
        for name in group.other_names:
            keys.setdefault(_key(name), group)
    return keys


_BY_KEY: Final = _keys()


def name_of(code: str) -> str:
    """The name of a group by its code; nothing where no group is known."""
    return ETHNIC_GROUPS[code].name if code else ""


@lru_cache(maxsize=5_000)
def read_ethnic_group(text: str) -> EthnicReading:
    """Which group a cell names. `không rõ` is an answer, and a number is none: lists differ."""
    if nfc(text).lower() in _NO_GROUP:  # `có` is not Co: the column asked something else
        return EthnicReading(is_unclear=True)
    outside, inside = _key(_BRACKETS.sub(" ", text)), _key(" ".join(_BRACKETS.findall(text)))
    written = [key for key in (outside, inside) if key not in _NOT_KNOWN]
    if not written:
        return EthnicReading()
    for key in written:
        if key in _BY_KEY:
            return EthnicReading(_BY_KEY[key])
    alike = get_close_matches(written[0], _BY_KEY, n=1, cutoff=_ALIKE)
    return EthnicReading(None, _BY_KEY[alike[0]] if alike else None, is_unclear=True)
