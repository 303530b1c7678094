"""When two questions are the same question, and where a text is found.

Formats lose what others keep: identifiers of options, English texts, markup, points. What is left
is what a learner would call the same question: its kind, words, pictures and key.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import count

from hocvu.items.content import Item, Kind, Markup, Option, Part
from hocvu.kernel.vietnamese import fold

_TAG = re.compile(r"<[^<>]*>")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_GAP = re.compile(r"\[\[[\w.-]+\]\]", re.ASCII)
_MEDIA_NAME = re.compile(r"media:([\w.-]+)", re.ASCII)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNORDERED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SITUATION, Kind.IMAGE_CHOICE})


def fingerprint(item: Item, media: Mapping[str, str]) -> str:
    """SHA-256 over kind, words, key and the SHA-256 of the pictures used (`media` by name)."""
    options = [_option(item, option) for option in item.options]
    if item.kind in _UNORDERED:
        options.sort()
    said = [
        item.kind.value,
        _words(item, item.situation),
        _with_gaps_counted(_words(item, item.stem)),
        options,
        [_part(item, part) for part in item.parts],
        sorted(used_media(item, media).values()),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def search_key(code: str, item: Item) -> str:
    """Everything a question can be found by, without tones and case."""
    texts = [code, item.name, *(_words(item, text) for text in _texts(item)), *item.tags]
    return fold(" ".join(filter(None, texts)))


def _texts(item: Item) -> Iterator[str]:
    yield from (item.situation, item.stem, item.situation_en, item.stem_en)
    for option in item.options:
        yield from (option.text, option.text_en)
    for part in item.parts:
        yield from (part.text, part.text_en)


def used_media(item: Item, names: Mapping[str, str]) -> dict[str, str]:
    """Those of the pictures that the texts of this question refer to."""
    named = {name for text in _every_text(item) for name in _MEDIA_NAME.findall(text)}
    return {name: names[name] for name in sorted(named & names.keys())}


def _every_text(item: Item) -> Iterator[str]:
    yield from _texts(item)
    yield from (item.feedback, item.feedback_en)
    for option in (*item.options, *(each for part in item.parts for each in part.options)):
        yield from (option.text, option.why, option.why_en)
    for part in item.parts:
        yield from (part.why, part.why_en)
    yield from (line.text for line in item.rubric)


def _with_gaps_counted(stem: str) -> str:
    """Files name gaps as they like; what counts is which comes first."""
    numbers = count(1)
    return _GAP.sub(lambda _gap: f"[[{next(numbers)}]]", stem)


def _option(item: Item, option: Option) -> list[str]:
    return [_words(item, option.text), str(option.credit)]


def _part(item: Item, part: Part) -> list[object]:
    named = {option.id: option.text for option in part.options or item.options}
    return [
        part.kind.value,
        _words(item, part.text),
        _words(item, named.get(part.right, part.right)),
        [[each.value, str(each.credit), str(each.tolerance)] for each in part.accepted],
        [_option(item, option) for option in part.options],
    ]


def _words(item: Item, text: str) -> str:
    """The words of a text without its markup; spaces and case do not count."""
    if item.markup is Markup.HTML:
        text = html.unescape(_TAG.sub(" ", text))
    elif item.markup is Markup.MARKDOWN:
        text = _ESCAPED.sub(r"\1", _PICTURE.sub(r" \1 ", text))
    return " ".join(text.split()).casefold()
