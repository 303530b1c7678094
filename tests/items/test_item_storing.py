"""A question survives being stored, whatever it holds."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.items.content import Accepted, Criterion, Item, Kind, Option, Part
from hocvu.items.storing import from_json, to_json

shares = st.fractions(min_value=-1, max_value=1, max_denominator=1000)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**6)
st.register_type_strategy(Fraction, shares)
st.register_type_strategy(Decimal, decimals)
options = st.lists(st.builds(Option), max_size=3).map(tuple)
accepted = st.lists(st.builds(Accepted), max_size=3).map(tuple)
parts = st.lists(st.builds(Part, options=options, accepted=accepted), max_size=3).map(tuple)
items = st.builds(
    Item,
    options=options,
    parts=parts,
    rubric=st.lists(st.builds(Criterion), max_size=2).map(tuple),
)


@given(items)
def test_a_stored_question_is_the_same_question(item):
    assert from_json(json.loads(json.dumps(to_json(item)))) == item


def test_shares_and_points_are_stored_exactly():
    item = Item(
        Kind.MULTIPLE,
        "Which?",
        options=(Option("a", "One", credit=Fraction(1, 3)),),
        points=Decimal("0.25"),
    )

    assert to_json(item) == {
        "kind": "multiple",
        "stem": "Which?",
        "options": [{"id": "a", "text": "One", "credit": "1/3"}],
        "points": "0.25",
    }


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"kind": "single"},
        {"kind": "dance", "stem": "?"},
        {"kind": "single", "stem": 3},
        {"kind": "single", "stem": "?", "unheard": 1},
        {"kind": "single", "stem": "?", "options": [{"id": "a", "text": "A", "credit": "1/0"}]},
        {"kind": "single", "stem": "?", "points": "many"},
        {"kind": "single", "stem": "?", "shuffle": "no"},
    ],
)
def test_what_is_no_stored_question_is_refused(stored):
    with pytest.raises(ValueError, match=r"not a stored question|is not a valid"):
        from_json(stored)
