"""One line of Markdown as characters with their look. Formulas and code stay as they are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any, Final

from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.pictures import Pictures, embedded_picture
from hocvu.question_files.typed.lines import OBJECT, PLAIN, Look, Piece
from hocvu.question_files.typed.questions import Lost
from hocvu.question_files.wording.rich_text import preformatted

# Underlined names such as __init__ are words, so only stars make words bold inside a line.
_TOKEN: Final = re.compile(
    r"""
    (?P<ticks>`+)(?P<code>.+?)(?P=ticks)
    | (?P<formula>\$\$.+?\$\$ | \$(?!\s)[^$]+?(?<!\s)\$(?!\d) | \\\(.+?\\\) | \\\[.+?\\\])
    | \\(?P<escaped>[*_`\#+\-.!<>|~{}])
    | !\[(?P<alt>[^\]\n]*)\]\(\s*<?(?P<source>[^\s<>)]+)>?[^)]*\)
    | <(?P<tag>b|strong|u|i|em|sub|sup|mark)>(?P<tagged>.*?)</(?P=tag)>
    | (?P<stars>\*{2,3})(?=[^\s*])(?P<bold>.+?)(?<=[^\s*])(?P=stars)(?!\*)
    | (?<![\w*])\*(?=[^\s*])(?P<italic>[^*]+?)(?<=[^\s*])\*(?![\w*])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"(_{1,2})(?=[^\s_])(.+?)(?<=[^\s_])\1(\s*\\?)")
_BREAK: Final = re.compile(r"\s*(?:<br\s*/?>|\\)\s*$", re.IGNORECASE)
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "b": {"bold": True},
    "strong": {"bold": True},
    "u": {"underline": True},
    "i": {"italic": True},
    "em": {"italic": True},
    "mark": {"highlight": "yellow"},
    "sub": {"place": "sub"},
    "sup": {"place": "sup"},
}


class Inline:
    """Takes lines apart; keeps their pictures, and what of them is lost."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.lost: list[Lost] = []

    def pieces(self, number: int, text: str) -> Iterator[Piece]:
        said = _BREAK.sub("", text).strip()
        if underlined := _WHOLE.fullmatch(said):
            said = underlined[2]
        yield from self._pieces(number, said, PLAIN)

    def _pieces(self, number: int, text: str, look: Look) -> Iterator[Piece]:
        at = 0
        for token in _TOKEN.finditer(text):
            if token.start() > at:
                yield Piece(text[at : token.start()], look)
            at = token.end()
            if token["code"]:
                yield code(token["code"])
            elif token["formula"]:
                yield Piece(OBJECT, html=escape(token["formula"], quote=False))
            elif token["escaped"]:
                yield Piece(token["escaped"], look)
            elif token["source"]:
                yield from self._picture(number, token["source"], token["alt"])
            elif token["tag"]:
                shown = replace(look, **_LOOKS[token["tag"].lower()])
                yield from self._pieces(number, token["tagged"], shown)
            elif token["bold"]:
                yield from self._pieces(number, token["bold"], replace(look, bold=True))
            else:
                yield from self._pieces(number, token["italic"], replace(look, italic=True))
        if at < len(text):
            yield Piece(text[at:], look)

    def _picture(self, number: int, source: str, alt: str) -> Iterator[Piece]:
        embedded = embedded_picture(source)
        if embedded is None:
            self.lost.append(Lost(number, Problem.MEDIA_MISSING, alt or source))
            return
        name = self.pictures.add("picture", embedded)
        if name is None:
            self.lost.append(Lost(number, Problem.MEDIA_UNFIT, alt))
            return
        yield Piece(OBJECT, html=f'<img src="media:{name}" alt="{escape(alt)}">')


def code(text: str, *, on_its_own: bool = False) -> Piece:
    """Code as it was written; nothing in it is a sign of ours."""
    if on_its_own:
        return Piece(OBJECT, html=f"<pre>{preformatted(text)}</pre>")
    return Piece(OBJECT, html=f"<code>{escape(text, quote=False)}</code>")
