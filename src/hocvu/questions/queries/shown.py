"""A question as it stands on a page: safe texts in the reader's language, its key beside them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from hashlib import sha256
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hocvu.items.content import Accepted, Item, Kind, Option, Part, PartKind, usual_scoring
from hocvu.items.text import to_html
from hocvu.questions.models import QuestionKind
from hocvu.questions.queries.items import media_address
from hocvu.questions.queries.words import SCORING_WORDS, letter
from hocvu.ui.languages import in_language

_TAG_OR_GAP = re.compile(r"<[^>]*>|\[\[([A-Za-z0-9][\w-]*)\]\]", re.ASCII)
_HUNDRED = 100


@dataclass(frozen=True)
class OptionShown:
    letter: str
    text: SafeString
    right: bool
    share: str  # "50 %" where it is neither all nor nothing
    why: SafeString


@dataclass(frozen=True)
class PartShown:
    """A statement, a left side, a row or a gap, and what belongs there."""

    name: str
    text: SafeString
    key: tuple[str, ...]  # in words: a letter, "true", accepted answers
    choices: tuple[str, ...]  # of a gap with a list of its own
    why: SafeString


@dataclass(frozen=True)
class QuestionShown:
    """Everything `questions/parts/question.html` needs."""

    kind: Kind
    kind_words: str
    situation: SafeString
    stem: SafeString
    options: tuple[OptionShown, ...]
    parts: tuple[PartShown, ...]
    rubric: tuple[tuple[str, Decimal], ...]
    limits: str
    points: Decimal
    scoring: str
    feedback: SafeString


class Texts(Protocol):
    def __call__(self, vietnamese: str, english: str) -> SafeString: ...


def shown(item: Item, media: Mapping[str, str]) -> QuestionShown:
    """The question for a page; `media` are SHA-256 by name. No query."""
    addresses = {name: media_address(sha256) for name, sha256 in media.items()}
    text = partial(_text, item, addresses)
    scoring = item.scoring or usual_scoring(item.kind)
    return QuestionShown(
        kind=item.kind,
        kind_words=str(QuestionKind(item.kind.value).label),
        situation=text(item.situation, item.situation_en),
        stem=_with_gaps(text(item.stem, item.stem_en)),
        options=tuple(_option(at, each, text) for at, each in enumerate(item.options)),
        parts=tuple(_part(item, at, each, text) for at, each in enumerate(item.parts, 1)),
        rubric=tuple((in_language(each.text, each.text_en), each.points) for each in item.rubric),
        limits=_limits(item),
        points=item.points,
        scoring=str(SCORING_WORDS[scoring]) if item.options or item.parts else "",
        feedback=text(item.feedback, item.feedback_en),
    )


def without_key(shown: QuestionShown) -> QuestionShown:
    """What learners are asked: nothing of the key is in it, nor does an order tell it."""
    options = list(shown.options)
    if shown.kind in {Kind.ORDERING, Kind.MATCHING}:
        options.sort(key=lambda each: sha256(each.text.encode()).digest())
        if options == list(shown.options):
            options = options[1:] + options[:1]
    nothing = SafeString("")
    return replace(
        shown,
        options=tuple(
            OptionShown(letter(at), each.text, right=False, share="", why=nothing)
            for at, each in enumerate(options)
        ),
        parts=tuple(replace(each, key=(), why=nothing) for each in shown.parts),
        rubric=(),
        feedback=nothing,
    )


def _text(item: Item, addresses: Mapping[str, str], vietnamese: str, english: str) -> SafeString:
    said = in_language(vietnamese, english)
    # `to_html` lets through nothing but its own list of harmless elements.
    return mark_safe(to_html(said, item.markup, media=addresses)) if said else SafeString("")  # noqa: S308


def _with_gaps(stem: SafeString) -> SafeString:
    """Each gap as a numbered place to write in, as a learner sees it."""
    marked = _TAG_OR_GAP.sub(_gap_or_tag, stem)
    return mark_safe(marked)  # noqa: S308 — only the names of gaps were put in, escaped


def _gap_or_tag(found: re.Match[str]) -> str:
    return format_html('<span class="gap">{}</span>', found[1]) if found[1] else found[0]


def _option(at: int, option: Option, text: Texts) -> OptionShown:
    plain = option.credit in {0, 1}
    return OptionShown(
        letter=letter(at),
        text=text(option.text, option.text_en),
        right=option.right,
        share="" if plain else _percent(option.credit),
        why=text(option.why, option.why_en),
    )


def _part(item: Item, at: int, part: Part, text: Texts) -> PartShown:
    return PartShown(
        name=part.id if item.kind is Kind.CLOZE else str(at),
        text=text(part.text, part.text_en),
        key=tuple(_key(item, part)),
        choices=tuple(option.text for option in part.options),
        why=text(part.why, part.why_en),
    )


def _key(item: Item, part: Part) -> list[str]:
    if item.kind is Kind.TRUE_FALSE:
        return [{"true": _("true"), "false": _("false")}.get(part.right, "")]
    if part.kind is not PartKind.CHOICE:
        return [_accepted(each) for each in part.accepted]
    if part.options:
        right = [each for each in part.options if each.id == part.right or each.right]
        return [each.text for each in right]
    return [letter(at) for at, each in enumerate(item.options) if each.id == part.right]


def _accepted(accepted: Accepted) -> str:
    said = accepted.value
    if accepted.tolerance:
        said += f" ± {accepted.tolerance}"
    return said if accepted.credit == 1 else f"{said} ({_percent(accepted.credit)})"


def _percent(share: Fraction) -> str:
    return f"{float(share * _HUNDRED):.4g} %".replace(".", ",")


def _limits(item: Item) -> str:
    if item.kind is Kind.FILE:
        kinds = ", ".join(item.file_kinds)
        return _("Files that can be handed in: %(kinds)s") % {"kinds": kinds} if kinds else ""
    if item.least_words and item.most_words:
        return _("From %(least)s to %(most)s words") % {
            "least": item.least_words,
            "most": item.most_words,
        }
    if item.least_words:
        return _("At least %(least)s words") % {"least": item.least_words}
    return _("At most %(most)s words") % {"most": item.most_words} if item.most_words else ""
