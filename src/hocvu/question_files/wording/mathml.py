"""MathML as LaTeX: the texts of questions hold formulas the way teachers type them."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from hocvu.items.formulas import to_mathml
from hocvu.question_files.opening.xml_tree import Element, local
from hocvu.question_files.wording import latex

_FENCES: Final = {"prefix": r"\left", "postfix": r"\right"}
_LATEX_NOTES: Final = frozenset({"latex", "tex", "application/x-tex", "application/x-latex"})


def latex_of(math: Element) -> tuple[str, bool]:
    """LaTeX of a `<math>` element, and whether all of it could be said."""
    reader = _Reader()
    written = reader.row(math).strip()
    if written.count(r"\left") != written.count(r"\right"):
        written = re.sub(r"\\(?:left|right)(?![a-z])\.?", "", written)
    if reader.complete and (not written or to_mathml(written) is not None):
        return written, True
    for note in math.iter("annotation", "{*}annotation"):
        noted = (note.text or "").strip().strip("$")
        if (note.get("encoding") or "").lower() in _LATEX_NOTES and to_mathml(noted):
            return noted, True
    return written, False


class _Reader:
    def __init__(self) -> None:
        self.complete = True

    def row(self, element: Element) -> str:
        return "".join(self.one(child) for child in element)

    def one(self, element: Element) -> str:  # noqa: PLR0911 — one answer per element
        name = local(element)
        if name == "mo" and element.get("fence") == "true" and element.get("form") in _FENCES:
            return f"{_FENCES[str(element.get('form'))]}{latex.symbols(element.text or '') or '.'}"
        if name in _LEAVES:
            return _LEAVES[name]("".join(str(text) for text in element.itertext()))
        if name in _ROWS:
            return self.row(element)
        if name in _BUILT:
            inside = [self.one(child) for child in element]
            built = _BUILT[name](inside)
            if built is not None:
                return built
        elif name == "mfenced":
            return self._fenced(element)
        elif name == "mtable":
            return latex.matrix([[self.row(cell) for cell in row] for row in element])
        elif name in _SILENT:
            return ""
        self.complete = False
        return self.row(element)

    def _fenced(self, element: Element) -> str:
        inside = [self.one(child) for child in element]
        separator = (element.get("separators") or ",").strip()[:1] or ","
        left, right = element.get("open", "("), element.get("close", ")")
        return latex.fenced(latex.symbols(separator).join(inside), left, right)


def _operator(text: str) -> str:
    return latex.identifier(text) if text.strip().isalpha() else latex.symbols(text)


def _over(inside: list[str]) -> str | None:
    match inside:
        case [base, above]:
            plain = above.replace("\\sim ", "~").replace("\\hat{}", "^").replace("\\_", "_")
            return latex.accent(base, plain) or rf"\overset{{{above.strip()}}}{{{base.strip()}}}"
    return None


def _under(inside: list[str]) -> str | None:
    match inside:
        case [base, below] if base.strip() in _WITH_LIMITS:
            return latex.scripts(base, below)
        case [base, below]:
            return rf"\underset{{{below.strip()}}}{{{base.strip()}}}"
    return None


def _sub(inside: list[str]) -> str | None:
    match inside:
        case [base, below]:
            return latex.scripts(base, below)
    return None


def _sup(inside: list[str]) -> str | None:
    match inside:
        case [base, above]:
            return latex.scripts(base, above=above)
    return None


def _sub_sup(inside: list[str]) -> str | None:
    match inside:
        case [base, below, above]:
            return latex.scripts(base, below, above)
    return None


def _fraction(inside: list[str]) -> str | None:
    match inside:
        case [above, below]:
            return latex.fraction(above, below)
    return None


def _root(inside: list[str]) -> str | None:
    match inside:
        case [of, degree]:
            return latex.root(of, degree)
    return None


_LEAVES: Final[Mapping[str, Callable[[str], str]]] = {
    "mi": latex.identifier,
    "mn": latex.symbols,
    "mo": _operator,
    "mtext": latex.words,
    "ms": latex.words,
}
_ROWS: Final = frozenset({"math", "mrow", "mstyle", "mpadded", "semantics", "maction"})
_SILENT: Final = frozenset(
    {"annotation", "annotation-xml", "mspace", "mphantom", "none", "maligngroup", "malignmark"}
)
_WITH_LIMITS: Final = frozenset({"\\lim", "\\max", "\\min", "\\sup", "\\inf", "\u2211", "\u220f"})
_BUILT: Final[Mapping[str, Callable[[list[str]], str | None]]] = {
    "msub": _sub,
    "msup": _sup,
    "msubsup": _sub_sup,
    "munderover": _sub_sup,
    "munder": _under,
    "mover": _over,
    "mfrac": _fraction,
    "mroot": _root,
    "msqrt": lambda inside: latex.root("".join(inside)),
}
