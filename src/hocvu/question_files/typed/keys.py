"""Which option a teacher marked: by its look, a star, a line below, a table at the end.

A look counts only if it tells options apart: when all of a question is bold, bold says nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import fold
from hocvu.question_files.gathering.answer_words import LETTERS, judgement, judgements, key_letters
from hocvu.question_files.typed.drafts import Choice, Draft
from hocvu.question_files.typed.lines import Look, Piece
from hocvu.question_files.wording.rich_text import plain

Places = frozenset[int]
_MOST_OF_IT: Final = (3, 5)  # a look counts for a text when three fifths of it have it


class KeysDisagree(Exception):
    """The key is marked in two ways that do not agree; `about` says how."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


@dataclass(frozen=True)
class Found:
    """The right places, and whether only a look says that there are several."""

    places: Places
    guessed: bool = False


def key_of(draft: Draft) -> Found | None:
    """The key of a question with options; none if nothing marks it. Raises KeysDisagree."""
    stated = dict(_stated(draft))
    looks = dict(_looks(draft.choices))
    ways = {**stated, **looks}
    if not ways:
        return None
    if len(set(ways.values())) > 1:
        raise KeysDisagree("; ".join(f"{way}: {_letters(places)}" for way, places in ways.items()))
    places = next(iter(ways.values()))
    return Found(places, guessed=len(places) > 1 and not stated)


def _letters(places: Places) -> str:
    return ", ".join(LETTERS[place] for place in sorted(places))


def _stated(draft: Draft) -> Iterator[tuple[str, Places]]:
    starred = frozenset(at for at, choice in enumerate(draft.choices) if choice.starred)
    if starred:
        yield "*", starred
    for at, key in enumerate(draft.keys, start=1):
        places = key_letters(key)
        if places is None or max(places, default=0) >= len(draft.choices):
            places = _by_text(key, draft.choices)
        if places:
            yield f"={at}", places


def _by_text(key: str, choices: Sequence[Choice]) -> Places:
    """A key that repeats the text of an option."""
    wanted = fold(key).strip(" .")
    alike = [at for at, choice in enumerate(choices) if fold(choice.text).strip(" .") == wanted]
    return frozenset(alike) if len(alike) == 1 else frozenset()


# --- Looks -------------------------------------------------------------------------------------

_LOOKS: Final[Mapping[str, Callable[[Look], str]]] = {
    "bold": lambda look: "yes" if look.bold else "",
    "underline": lambda look: "yes" if look.underline else "",
    "colour": lambda look: look.color,
    "highlight": lambda look: look.highlight,
}


def _looks(choices: Sequence[Choice]) -> Iterator[tuple[str, Places]]:
    """What tells some options apart from the rest, by letter and by text."""
    for name, of in _LOOKS.items():
        places: Places = frozenset()
        for values in (
            [_shared(choice.mark, of) for choice in choices],
            [_shared([p for line in choice.lines for p in line.pieces], of) for choice in choices],
        ):
            places |= _apart(values)
        if places and len(places) < len(choices):
            yield name, places


def _apart(values: Sequence[str]) -> Places:
    """The places whose value differs from what most have; none if that is not clear."""
    usual = max(set(values), key=lambda value: (values.count(value), value == ""))
    if values.count(usual) * 2 < len(values):
        return frozenset()
    if usual:  # most have a look: those without it are not marked by that
        return frozenset(at for at, value in enumerate(values) if value not in {"", usual})
    return frozenset(at for at, value in enumerate(values) if value)


def _shared(pieces: Sequence[Piece], of: Callable[[Look], str]) -> str:
    """The value that most of the characters have; empty if no value does."""
    weights: dict[str, int] = {}
    for piece in pieces:
        if length := len(piece.text.replace(" ", "").replace("\t", "")):
            weights[of(piece.look)] = weights.get(of(piece.look), 0) + length
    if not weights:
        return ""
    value, weight = max(weights.items(), key=lambda each: each[1])
    share, of_all = _MOST_OF_IT
    return value if weight * of_all >= sum(weights.values()) * share else ""


# --- Statements --------------------------------------------------------------------------------


def truths_of(draft: Draft) -> tuple[bool, ...] | None:
    """For each statement whether it is true; none if nothing says so. Raises KeysDisagree."""
    ways: dict[str, tuple[bool, ...]] = {}
    own = [trailing_judgement(choice) for choice in draft.choices]
    if all(each is not None for each in own) and own:
        ways["()"] = tuple(bool(each) for each in own)
    for at, key in enumerate(draft.keys, start=1):
        said = judgements(key, len(draft.choices))
        if said is None and (places := key_letters(key)) is not None:
            said = _true_at(places, len(draft.choices))
        if said is not None:
            ways[f"={at}"] = said
    starred = frozenset(at for at, choice in enumerate(draft.choices) if choice.starred)
    looks = list(_looks(draft.choices)) + ([("*", starred)] if starred else [])
    if not ways:
        ways |= {name: _true_at(places, len(draft.choices)) for name, places in looks}
    if len(set(ways.values())) > 1:
        raise KeysDisagree("; ".join(ways))
    return next(iter(ways.values()), None)


def _true_at(places: Places, count: int) -> tuple[bool, ...]:
    return tuple(at in places for at in range(count))


def trailing_judgement(choice: Choice) -> bool | None:
    """`… (Đ)`, `… [S]`, or `Đúng` after a tab at the end of a statement."""
    start = judgement_start(choice.text)
    return None if start is None else judgement(choice.text[start:])


def judgement_start(text: str) -> int | None:
    """Where the judgement at the end of a statement begins."""
    stripped = plain(text) and text.rstrip(" .\t")
    for opening, closing in (("(", ")"), ("[", "]")):
        if stripped.endswith(closing) and (start := stripped.rfind(opening)) >= 0:
            return start if judgement(stripped[start:]) is not None else None
    start = max(
        stripped.rfind("\t"), stripped.rfind("- "), stripped.rfind("– "), stripped.rfind("→")
    )
    if start >= 0 and judgement(stripped[start + 1 :].strip(" :-–")) is not None:
        return start
    return None
