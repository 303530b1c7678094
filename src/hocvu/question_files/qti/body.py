"""The body of a QTI item as a text with gaps, and what stands beside it: feedback and rubrics."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final, Protocol
from urllib.parse import unquote

from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import Notes
from hocvu.question_files.gathering.pictures import Pictures, embedded_picture
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.tree import children, words_of
from hocvu.question_files.wording.rich_text import Html, tidy

_FEEDBACK: Final = frozenset({"feedbackinline", "feedbackblock", "modalfeedback"})
_LOST: Final = frozenset(
    {"templateinline", "templateblock", "printedvariable", "mathvariable", "mediainteraction"}
)
_SILENT: Final = frozenset(
    {"stylesheet", "cataloginfo", "endattemptinteraction", "positionobjectstage"}
)
_SOUND: Final = frozenset({"audio", "video", "object", "picture"})
_STARTS_A_BLOCK: Final = ("<p>", "<div", "<ul", "<ol", "<table", "<blockquote", "<h", "<pre")
_LARGE_BLOCKS: Final = ("p>", "div", "ul", "ol", "table", "blockquote", "pre")
_LIST_ITEMS: Final = frozenset({"li", "tr"})


class Surroundings(Protocol):
    """What an item can refer to: the files beside it."""

    def file(self, base: str, address: str) -> bytes | None: ...


@dataclass
class Body:
    """Renders the parts of an item. `gaps` names the elements that become `[[p1]]`."""

    base: str
    beside: Surroundings
    pictures: Pictures
    notes: Notes
    gaps: Mapping[Element, str] = field(default_factory=dict)
    feedback: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    rubric: list[Element] = field(default_factory=list)
    whys_of: frozenset[str] = frozenset()  # identifiers that feedback may be about

    def html(self, element: Element | None) -> str:
        """What stands inside an element, in canonical HTML."""
        if element is None:
            return ""
        reader = Html(self._special)
        text = reader.of(element)
        if reader.had_script:
            self.notes.warn(Problem.SCRIPT_REMOVED)
        for name in sorted(reader.lost):
            self.notes.warn(Problem.FEATURE_LOST, name)
        return text

    def take_feedback(self, element: Element) -> None:
        """Feedback about one choice belongs to it; all other feedback belongs to the item."""
        text, about = self.html(element), element.get("identifier", "")
        if not text:
            return
        if about in self.whys_of and about not in self.why:
            self.why[about] = text
        elif text not in self.feedback:
            self.feedback.append(text)

    def _special(self, element: Element) -> str | None:  # noqa: C901, PLR0911 — one answer per element
        name = str(element.tag)
        if element in self.gaps:
            return self._gap(element)
        if name.endswith("interaction") and name not in _LOST and name not in _SILENT:
            return self._prompt(element)
        if name in _FEEDBACK:
            self.take_feedback(element)
            return ""
        if name in _LOST:
            self.notes.warn(Problem.FEATURE_LOST, name)
            return ""
        if name in _SILENT or name in {"gaptext", "gapimg", "simplematchset"}:
            return ""
        if name == "rubricblock":
            return self._rubric(element)
        if name == "prompt":
            return as_block(Html(self._special).inside(element))
        if name == "hottext":
            return f"<u>{tidy(Html(self._special).inside(element))}</u>"
        if name == "span" and "qtiunderline" in element.get("class", "").replace("-", ""):
            return f"<u>{Html(self._special).inside(element)}</u>"
        if name == "img":
            return self._picture(element.get("src", ""), element)
        return self._object(name, element) if name in _SOUND else None

    def _gap(self, element: Element) -> str:
        marker = f"[[{self.gaps[element]}]]"
        if element.tag != "choiceinteraction":
            return marker
        return f"{self._prompt(element)}<p>{marker}</p>"

    def _prompt(self, interaction: Element) -> str:
        if interaction.tag in {"gapmatchinteraction", "hottextinteraction"}:
            return Html(self._special).inside(interaction)
        prompts = (Html(self._special).inside(each) for each in children(interaction, "prompt"))
        return "".join(map(as_block, prompts))

    def _rubric(self, element: Element) -> str:
        views = element.get("view", "candidate").split()
        if "candidate" in views:
            return as_block(Html(self._special).inside(element))
        if "scorer" in views or "tutor" in views:
            self.rubric.append(element)
        return ""

    def _object(self, name: str, element: Element) -> str:
        """A picture as an object; sounds and films cannot be shown, what stands for them can."""
        address = element.get("data", "")
        if name == "object" and element.get("type", "").lower().startswith("image/"):
            return self._picture(address, element)
        inside = Html(self._special).inside(element)
        if name != "picture":
            self.notes.warn(Problem.MEDIA_UNFIT, posixpath.basename(address) or name)
        return inside

    def _picture(self, address: str, element: Element) -> str:
        alt = " ".join((element.get("alt") or "").split())
        if not alt and element.tag == "object":
            alt = " ".join("".join(str(text) for text in element.itertext()).split())
        name = self._media(address)
        if name is None:
            return escape(alt, quote=False)
        size = "".join(
            f' {each}="{element.get(each)}"'
            for each in ("width", "height")
            if (element.get(each) or "").isdecimal()
        )
        return f'<img src="media:{name}" alt="{escape(alt)}"{size}>'

    def _media(self, address: str) -> str | None:
        content = embedded_picture(address)
        if content is None and "://" not in address and not address.startswith("data:"):
            content = self.beside.file(self.base, unquote(address.partition("#")[0]))
        about = posixpath.basename(address.partition("?")[0])[:60] if len(address) < 500 else ""  # noqa: PLR2004
        if content is None:
            self.notes.warn(Problem.MEDIA_MISSING, about)
            return None
        name = self.pictures.add("" if address.startswith("data:") else unquote(address), content)
        if name is None:
            self.notes.warn(Problem.MEDIA_UNFIT, about)
        return name


def as_block(html: str) -> str:
    """An own paragraph, unless it is one already."""
    text = tidy(html)
    if not text or text.startswith(_STARTS_A_BLOCK):
        return text
    wrapper = "div" if any(f"<{name}" in text for name in _LARGE_BLOCKS) else "p"
    return f"<{wrapper}>{text}</{wrapper}>"


def joined(texts: list[str]) -> str:
    """Several texts one under another."""
    return tidy(texts[0]) if len(texts) == 1 else tidy("".join(map(as_block, texts)))


def rubric_lines(blocks: list[Element]) -> Iterator[Element]:
    """The lines of a rubric: the items of its lists, the rows of its tables, or its whole text."""
    for block in blocks:
        listed = [each for each in block.iter(*_LIST_ITEMS) if words_of(each)]
        stated = [each for each in listed if each.get("datahocvupoints")]
        yield from stated or listed or [block]
