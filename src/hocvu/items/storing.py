"""A question as JSON and back, exactly: shares as `1/3`, points as `0.25`."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hocvu.items.content import Accepted, Criterion, Item, Option, Part

Json = dict[str, Any]
Thing = TypeVar("Thing", Item, Option, Part, Accepted, Criterion)

_PARTS_OF_AN_ITEM = (Item, Option, Part, Accepted, Criterion)


def to_json(item: Item) -> Json:
    """Only what differs from what a question says anyway is written, so old JSON stays readable."""
    written: Json = _written(item)
    return written


def from_json(stored: Mapping[str, Any]) -> Item:
    """Raises ValueError for what is no stored question."""
    try:
        return _read(Item, stored)
    except (TypeError, KeyError, AttributeError, ArithmeticError) as flaw:
        raise ValueError("This is not a stored question.") from flaw


def _written(thing: object) -> Any:
    if isinstance(thing, _PARTS_OF_AN_ITEM):
        return {
            each.name: _written(getattr(thing, each.name))
            for each in fields(thing)
            if each.default is MISSING or getattr(thing, each.name) != each.default
        }
    if isinstance(thing, tuple):
        return [_written(each) for each in thing]
    if isinstance(thing, Enum):
        return thing.value
    return str(thing) if isinstance(thing, Decimal | Fraction) else thing


def _read(kind: type[Thing], stored: Mapping[str, Any]) -> Thing:
    readers = _READERS[kind]
    return kind(**{name: readers[name](value) for name, value in stored.items()})


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What turns the JSON of a field into its value, by the field's annotation."""
    if get_origin(hint) is tuple:
        inner = _reader(get_args(hint)[0])
        return lambda stored: tuple(inner(each) for each in stored)
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    kind = kinds[0]
    if kind in _PARTS_OF_AN_ITEM:
        return lambda stored: _read(kind, stored)
    return kind if kind in {Decimal, Fraction} or issubclass(kind, Enum) else _exactly(kind)


def _exactly(kind: type) -> Callable[[Any], Any]:
    def read(stored: Any) -> Any:
        if type(stored) is not kind:
            raise TypeError(f"{kind.__name__} expected")
        return stored

    return read


_READERS = {
    kind: {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    for kind in _PARTS_OF_AN_ITEM
}
