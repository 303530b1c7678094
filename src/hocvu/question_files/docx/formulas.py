"""Formulas of Word (Office Math, ECMA-376 part 1, §22.1) as LaTeX."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from hocvu.items.formulas import to_mathml
from hocvu.question_files.opening.xml_tree import Element, local
from hocvu.question_files.wording import latex

_SILENT: Final = frozenset(
    {"ctrlPr", "rPr", "fPr", "radPr", "sSupPr", "sSubPr", "sSubSupPr", "dPr"}
)


def latex_of_word(math: Element) -> tuple[str, bool]:
    """LaTeX of an `m:oMath` element, and whether all of it could be said."""
    reader = _Reader()
    written = " ".join(reader.row(math).split())
    return written, reader.complete and (not written or to_mathml(written) is not None)


def _child(element: Element | None, name: str) -> Element | None:
    inside = () if element is None else element
    return next((each for each in inside if local(each) == name), None)


def _value(element: Element | None, *path: str) -> str | None:
    """The `m:val` of a property; none when it is not stated."""
    for name in path:
        element = None if element is None else _child(element, name)
    if element is None:
        return None
    return next((str(value) for name, value in element.attrib.items() if local_is_val(name)), None)


def local_is_val(name: object) -> bool:
    return str(name).rpartition("}")[2] == "val"


class _Reader:
    def __init__(self) -> None:
        self.complete = True

    def row(self, element: Element | None) -> str:
        return "".join(self._inside(element))

    def _inside(self, element: Element | None) -> Iterator[str]:
        for each in () if element is None else element:
            if isinstance(each.tag, str):
                yield self._one(each)

    def _one(self, element: Element) -> str:
        name = local(element)
        if name.endswith("Pr") or name in _SILENT:
            return ""
        if name in _READ:
            return _READ[name](self, element)
        if name not in {"oMath", "e", "ins", "smartTag", "box", "borderBox", "phant"}:
            self.complete = False
        return self.row(element)

    def part(self, element: Element, name: str) -> str:
        return self.row(_child(element, name))

    def run(self, element: Element) -> str:
        text = "".join(
            each.text or "" for each in element if local(each) == "t" and isinstance(each.tag, str)
        )
        normal = _child(_child(element, "rPr"), "nor") is not None
        upright = normal or _value(element, "rPr", "sty") == "p"
        if upright and text.strip().isalpha() and len(text.strip()) > 1:
            return latex.identifier(text)
        return latex.words(text) if " " in text.strip() and upright else latex.symbols(text)

    def fraction(self, element: Element) -> str:
        return latex.fraction(self.part(element, "num"), self.part(element, "den"))

    def root(self, element: Element) -> str:
        return latex.root(self.part(element, "e"), self.part(element, "deg"))

    def scripts(self, element: Element) -> str:
        base = self.part(element, "e")
        return latex.scripts(base, self.part(element, "sub"), self.part(element, "sup"))

    def fences(self, element: Element) -> str:
        left = _value(element, "dPr", "begChr")
        right = _value(element, "dPr", "endChr")
        parts = [self.row(each) for each in element if local(each) == "e"]
        between = latex.symbols(_value(element, "dPr", "sepChr") or "|")
        return latex.fenced(
            between.join(parts), "(" if left is None else left, ")" if right is None else right
        )

    def sum_or_integral(self, element: Element) -> str:
        sign = _value(element, "naryPr", "chr") or "\u222b"
        limits = latex.scripts(sign, self.part(element, "sub"), self.part(element, "sup"))
        return f"{limits} {self.part(element, 'e')}"

    def function(self, element: Element) -> str:
        name = self.part(element, "fName").strip()
        return (
            f"{latex.identifier(name) if name.isalpha() else name + ' '}{self.part(element, 'e')}"
        )

    def accent(self, element: Element) -> str:
        sign = _value(element, "accPr", "chr") or "\u0302"
        base = self.part(element, "e")
        accented = latex.accent(base, sign)
        self.complete = self.complete and accented is not None
        return accented or base

    def bar(self, element: Element) -> str:
        below = _value(element, "barPr", "pos") != "top"
        return rf"\{'underline' if below else 'overline'}{{{self.part(element, 'e').strip()}}}"

    def limit(self, element: Element) -> str:
        base = self.part(element, "e")
        base = latex.identifier(base) if base.strip().isalpha() else base
        return latex.scripts(base, self.part(element, "lim"))

    def matrix(self, element: Element) -> str:
        rows = [each for each in element if local(each) == "mr"]
        return latex.matrix(
            [[self.row(cell) for cell in row if local(cell) == "e"] for row in rows]
        )

    def lines(self, element: Element) -> str:
        return latex.matrix([[self.row(each)] for each in element if local(each) == "e"])


_READ: Final[Mapping[str, Callable[[_Reader, Element], str]]] = {
    "r": _Reader.run,
    "f": _Reader.fraction,
    "rad": _Reader.root,
    "sSub": _Reader.scripts,
    "sSup": _Reader.scripts,
    "sSubSup": _Reader.scripts,
    "d": _Reader.fences,
    "nary": _Reader.sum_or_integral,
    "func": _Reader.function,
    "acc": _Reader.accent,
    "bar": _Reader.bar,
    "limLow": _Reader.limit,
    "m": _Reader.matrix,
    "eqArr": _Reader.lines,
}
