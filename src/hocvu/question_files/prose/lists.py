"""Lists of Markdown as the lettered options they stand for."""

import re
from typing import Final

from hocvu.question_files.gathering.answer_words import LETTERS
from hocvu.question_files.typed.signs import EXPLANATION, KEY_LINE, PART, QUESTION

_BULLET: Final = r"\s*(?:[-*+•]|\d{1,2}[.)])\s+"
_LETTERED: Final = re.compile(
    rf"(?:{_BULLET})?(?P<tick>\[[ xX✓✔]?\]\s*)?(?P<sign>[✅✔☑]\ufe0f?\s*)?"
    r"(?P<option>(?:\*\*|__|\*|_)?\(?[A-Ja-j]\s*[.):/].*)",
    re.DOTALL,
)
_BOX: Final = re.compile(r"\s*[-*+]\s+\[(?P<tick>[ xX✓✔]?)\]\s+(?P<option>.*)", re.DOTALL)
_OPTION: Final = re.compile(r"(?:\*\*|__|\*|_)?\(?[A-Ja-j]\s*[.):/]\s")
_SIGN_BEFORE: Final = re.compile(
    r"(\s*(?:[-+•]\s+)?[*_]{0,2})[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]+\ufe0f?\s*"
)
_SIGN_AFTER: Final = re.compile(
    r"\s*(?:[✅✔✓☑]\ufe0f?|\((?:đúng|correct|đáp án đúng)\)|←\s*(?:đúng|correct|đáp án)[^←]*)\s*$",
    re.IGNORECASE,
)


def as_choice(text: str, unlettered: int) -> tuple[str, int]:
    """A line of a list as `A. …`, with a star before what is ticked; other lines as they are.

    `unlettered` counts the boxes so far whose options have no letter of their own; its new value
    comes with the line.
    """
    box = _BOX.fullmatch(text)
    if box and not _OPTION.match(box["option"]):
        if unlettered >= len(LETTERS):
            return text, unlettered
        star = "*" if box["tick"].strip() else ""
        return f"{star}{LETTERS[unlettered]}. {box['option']}", unlettered + 1
    lettered = _LETTERED.fullmatch(text)
    if lettered and (text.lstrip()[:1] in "-*+•[✅✔☑" or _SIGN_AFTER.search(text)):
        ticked = (lettered["tick"] or "").strip("[] ") or lettered["sign"]
        option, ends = lettered["option"], _SIGN_AFTER.search(text)
        star = "*" if ticked or ends else ""
        return star + _SIGN_AFTER.sub("", option), 0
    bare = _SIGN_BEFORE.sub(r"\1", text, count=1)
    tells = any(sign.match(bare.lstrip("*_ ")) for sign in (KEY_LINE, EXPLANATION, QUESTION, PART))
    return bare if tells else text, 0 if text.strip() else unlettered
