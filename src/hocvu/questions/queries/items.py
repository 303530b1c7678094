"""A stored question as a plain item, and back, exactly."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.urls import reverse

from hocvu.items.content import Item, Option
from hocvu.items.storing import from_json, to_json
from hocvu.questions.models import Question
from hocvu.questions.rules.sameness import fingerprint, search_key, used_media

_COLUMNS = ("kind", "stem", "stem_en", "situation", "situation_en", "parts")
_OPTION_TEXTS = ("text", "text_en", "why", "why_en")


def item_of(question: Question) -> Item:
    """The question as `hocvu.items` marks and shows it. No query."""
    columns = {name: getattr(question, name) for name in _COLUMNS}
    return item_from({**question.settings, **columns, "options": question.options})


def item_from(written: Mapping[str, Any]) -> Item:
    """An item as `hocvu.items.storing` keeps it, but with options that say whether they are right.

    Raises ValueError for what is none.
    """
    options = [_option_stored(option) for option in written.get("options", [])]
    return from_json({**written, "options": options})


def items_of(questions: Iterable[Question]) -> dict[int, Item]:
    """Items by the question's primary key."""
    return {question.pk: item_of(question) for question in questions}


def content_of(item: Item, media: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a question that hold this item; `media` are SHA-256 by name.

    Without `code`: a caller that has one adds it to the search key with `searchable`.
    """
    stored = to_json(item)
    used = used_media(item, media)
    columns = {name: stored.pop(name, "") for name in _COLUMNS if name != "parts"}
    parts, _ = stored.pop("parts", []), stored.pop("options", None)
    return {
        **columns,
        "parts": parts,
        "options": [_option_shown(option) for option in item.options],
        "settings": stored,
        "media": used,
        "fingerprint": fingerprint(item, used),
    }


def question_from_item(
    item: Item, *, code: str, version: int = 1, media: Mapping[str, str], **columns: Any
) -> Question:
    """An unsaved question that holds this item."""
    content = content_of(item, media)
    key = search_key(code, item)
    return Question(code=code, version=version, search_key=key, **content, **columns)


def media_addresses(question: Question) -> dict[str, str]:
    """Where the pictures of a question are served, by the name its texts use."""
    return {name: media_address(sha256) for name, sha256 in question.media.items()}


def media_address(sha256: str) -> str:
    return reverse("questions:media", args=[sha256])


def _option_stored(option: Mapping[str, Any]) -> dict[str, Any]:
    """As `hocvu.items.storing` reads an option."""
    credit = option.get("credit") or ("1" if option["right"] else "0")
    texts = {name: option[name] for name in _OPTION_TEXTS if option.get(name)}
    return {"text": "", **texts, "id": option["id"], "credit": credit}


def _option_shown(option: Option) -> dict[str, Any]:
    """As `Question.options` keeps an option: with `right`, and a credit where it is not plain."""
    shown: dict[str, Any] = {
        "id": option.id,
        "text": option.text,
        "text_en": option.text_en,
        "right": option.right,
        "why": option.why,
        "why_en": option.why_en,
    }
    if option.credit != Fraction(int(option.right)):
        shown["credit"] = str(option.credit)
    return shown
