"""The small words LaTeX formulas are made of, for formulas that come as trees."""

import re
from typing import Final

_FUNCTIONS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp
        lim max min sup inf det gcd deg dim
        """,
    )
)
_SPECIAL: Final = str.maketrans(
    {
        "\\": r"\backslash ",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\hat{}",
        "~": r"\sim ",
        "\u2061": "",  # invisible: a function is applied, times, a separator
        "\u2062": "",
        "\u2063": "",
        "\u00a0": " ",
        "\u2212": "-",
    }
)
_SMALL: Final = re.compile(r"[0-9A-Za-z]")
_ACCENTS: Final = {
    "\u2192": "vec",
    "\u20d7": "vec",
    "\u00af": "overline",
    "\u0305": "overline",
    "\u2015": "overline",
    "\u203e": "overline",
    "_": "overline",
    "^": "hat",
    "\u0302": "hat",
    "\u02c6": "hat",
    "\u00b7": "dot",
    "\u02d9": "dot",
    "\u0307": "dot",
    "\u0308": "ddot",
    "~": "tilde",
    "\u02dc": "tilde",
    "\u0303": "tilde",
}


def symbols(text: str) -> str:
    """Signs of a formula; those that mean something to LaTeX are escaped."""
    return " ".join(text.split()).translate(_SPECIAL)


def identifier(text: str) -> str:
    """A variable, or the name of a function when it has several letters."""
    word = text.strip()
    if word in _FUNCTIONS:
        return f"\\{word} "
    return rf"\mathrm{{{symbols(word)}}}" if len(word) > 1 and word.isalpha() else symbols(word)


def words(text: str) -> str:
    return rf"\text{{{text.translate(_SPECIAL)}}}" if text.strip() else r"\ "


def braced(latex: str) -> str:
    inside = latex.strip()
    return inside if _SMALL.fullmatch(inside) else f"{{{inside}}}"


def scripts(base: str, below: str = "", above: str = "") -> str:
    stem = base.strip()
    single = len(stem) == 1 or (stem.startswith("\\") and stem[1:].isalpha()) or stem == ""
    written = stem or "{}"
    if not single:
        written = f"{{{stem}}}"
    written += f"_{braced(below)}" if below.strip() else ""
    return written + (f"^{braced(above)}" if above.strip() else "")


def accent(base: str, sign: str) -> str | None:
    """The base under an accent; none for a sign that is no accent."""
    name = _ACCENTS.get(sign.strip())
    return rf"\{name}{{{base.strip()}}}" if name else None


def fraction(above: str, below: str) -> str:
    return rf"\frac{{{above.strip()}}}{{{below.strip()}}}"


def root(of: str, degree: str = "") -> str:
    wanted = f"[{degree.strip()}]" if degree.strip() else ""
    return rf"\sqrt{wanted}{{{of.strip()}}}"


def matrix(rows: list[list[str]]) -> str:
    inside = r" \\ ".join(" & ".join(cell.strip() for cell in row) for row in rows)
    return rf"\begin{{matrix}}{inside}\end{{matrix}}"


def fenced(inside: str, left: str = "(", right: str = ")") -> str:
    return rf"\left{symbols(left) or '.'}{inside.strip()}\right{symbols(right) or '.'}"


def in_text(latex: str, *, on_its_own: bool = False) -> str:
    """The formula as texts of questions hold it."""
    inside = " ".join(latex.split())
    if not inside:
        return ""
    return f"$${inside}$$" if on_its_own else f"${inside}$"
