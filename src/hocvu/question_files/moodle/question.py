"""One `<question>` of Moodle XML: its texts with their pictures, its flags and numbers."""

import base64
import binascii
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from urllib.parse import unquote

from lxml import etree

from hocvu.items.content import Markup
from hocvu.items.text import to_plain
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.gathering.picture_links import with_pictures
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.gathering.texts import Auto, Texts, Way
from hocvu.question_files.opening.decoding import clean
from hocvu.question_files.opening.xml_tree import Element

_WAYS: Final[dict[str, Way]] = {
    "html": Markup.HTML,
    "markdown": Markup.MARKDOWN,
    "plain_text": Markup.PLAIN,
    "plain": Markup.PLAIN,
    "moodle_auto_format": Auto.AUTO,
}
_BESIDE: Final = "@@PLUGINFILE@@/"
_FILE_LEFT: Final = re.compile(r"@@PLUGINFILE@@/([^\"'\s<>)]+)")
_YES: Final = frozenset({"1", "true", "yes"})
_LARGEST_POWER: Final = 30


class MoodleQuestion:
    """Reads the elements of a question; every text goes through `texts`."""

    def __init__(self, element: Element, pictures: Pictures, notes: Notes) -> None:
        self.element = element
        self.notes = notes
        self.texts = Texts(notes)
        self._pictures = pictures

    def children(self, name: str) -> Iterator[Element]:
        return self.element.iterchildren(name)

    def words(self, name: str, within: Element | None = None) -> str:
        """The words of an element, which may stand in a `<text>` of their own."""
        parent = self.element if within is None else within
        found = parent.find(name)
        return "" if found is None else clean(_inside(found)).strip()

    def flag(self, name: str, *, usual: bool = False) -> bool:
        said = self.words(name).lower()
        return said in _YES if said else usual

    def text(self, name: str, within: Element | None = None) -> str:
        parent = self.element if within is None else within
        found = parent.find(name)
        return "" if found is None else self.text_of(found)

    def text_of(self, holder: Element) -> str:
        """The mark that stands for the text of an element with its pictures."""
        return self.texts.put(self.written(holder), way_of(holder))

    def written(self, holder: Element) -> str:
        """The text of an element as it is written there, pointing at pictures that were kept."""
        if way_of(holder) is Markup.PLAIN:
            return _inside(holder)
        files = {_path(each): each for each in holder.iterchildren("file")}

        def find(address: str) -> bytes | None:
            if not address.startswith(_BESIDE):
                return None
            path = unquote(address.removeprefix(_BESIDE).partition("?")[0])
            return _content(files[path]) if path in files else None

        text = with_pictures(_inside(holder), find, self._pictures, self.notes)
        for left in _FILE_LEFT.findall(text):
            known = unquote(left) in files
            problem = Problem.MEDIA_UNFIT if known else Problem.MEDIA_MISSING
            self.notes.warn(problem, unquote(left).rpartition("/")[2])
        return text

    def plain_of(self, holder: Element) -> str:
        """An answer to compare with: words without markup."""
        way = way_of(holder)
        text = _inside(holder)
        return to_plain(clean(text), way if isinstance(way, Markup) else Markup.PLAIN)

    def picture_of_old(self) -> str:
        """The picture beside the text, as Moodle kept it before version 2."""
        name, content = self.words("image"), self.words("image_base64")
        if not name or not content:
            return ""
        kept = self._pictures.add(name, _decoded(content) or b"")
        if kept is None:
            self.notes.warn(Problem.MEDIA_UNFIT, name)
            return ""
        return f'<br><img src="media:{kept}" alt="">'

    def number(self, name: str, usual: str) -> Decimal:
        return decimal_of(self.words(name) or usual)


def way_of(holder: Element) -> Way:
    return _WAYS.get(holder.get("format", ""), Auto.AUTO)


def _inside(holder: Element) -> str:
    found = holder.find("text")
    source = holder if found is None else found
    if not len(source):
        return source.text or ""
    inside = (etree.tostring(each, encoding="unicode") for each in source)  # tags left unescaped
    return (source.text or "") + "".join(inside)


def _path(file: Element) -> str:
    return f"{file.get('path', '/').strip('/')}/{file.get('name', '')}".lstrip("/")


def _content(file: Element) -> bytes | None:
    return _decoded(file.text or "") if file.get("encoding", "base64") == "base64" else None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None


def decimal_of(written: str) -> Decimal:
    """A number with a point or a comma. Raises LeftOut for what is none."""
    try:
        number = Decimal(written.strip().replace(",", ".").replace("−", "-"))
    except ArithmeticError as error:
        raise LeftOut(Problem.SYNTAX, written) from error
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
        raise LeftOut(Problem.SYNTAX, written)
    return number.normalize() + 0
