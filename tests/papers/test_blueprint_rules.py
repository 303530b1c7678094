"""Drawing a form, whatever the bank and the blueprint are."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.papers import rules
from hocvu.papers.rules import Candidate, Cell, Place, Pool

ANY = Place("", "", "")

places = st.builds(
    Place, st.sampled_from(["1.1", "1.2"]), st.sampled_from(["CB1", "CB2"]), st.sampled_from("XY")
)
asked_places = st.builds(
    Place,
    st.sampled_from(["", "1.1", "1.2"]),
    st.sampled_from(["", "CB1", "CB2"]),
    st.sampled_from(["", "X", "Y"]),
)
blueprints = st.lists(st.builds(Cell, asked_places, st.integers(1, 4)), min_size=1, max_size=5)


@st.composite
def banks(draw):
    held = draw(st.lists(st.tuples(places, st.integers(0, 50)), max_size=20))
    return [
        Candidate(number, f"Q{number}", place, shown)
        for number, (place, shown) in enumerate(held, start=1)
    ]


def bank(*places_, shown=0):
    return [Candidate(n, f"Q{n}", place, shown) for n, place in enumerate(places_, start=1)]


def most_that_can_sit(cells, candidates):
    """By König and Hall: of every set of cells, its questions and the seats outside it bound it."""
    numbers = range(len(cells))
    return min(
        sum(any(cells[n].takes(each.place) for n in inside) for each in candidates)
        + sum(cells[n].questions for n in numbers if n not in inside)
        for size in range(len(cells) + 1)
        for inside in combinations(numbers, size)
    )


@given(blueprints, banks(), st.integers(0, 2**63 - 1))
def test_a_form_is_as_full_as_any_form_could_be(cells, candidates, seed):
    form = rules.draw(Pool(cells, candidates), seed=seed)

    assert len(form) == most_that_can_sit(cells, candidates)
    assert len(set(form)) == len(form)


@given(blueprints, banks(), st.integers(0, 2**63 - 1))
def test_every_cell_of_a_full_form_gets_its_own(cells, candidates, seed):
    form = rules.draw(Pool(cells, candidates), seed=seed)

    if len(form) == sum(cell.questions for cell in cells):
        asked = iter(form)
        placed = {each.question_id: each.place for each in candidates}
        for cell in cells:
            assert all(cell.takes(placed[next(asked)]) for _ in range(cell.questions))


@given(blueprints, banks(), st.integers(0, 2**63 - 1))
def test_the_same_seed_draws_the_same_form(cells, candidates, seed):
    once, again = (rules.draw(Pool(cells, candidates), seed=seed) for _ in range(2))

    assert once == again


@given(blueprints, banks())
def test_a_paper_is_short_by_exactly_what_no_form_can_fill(cells, candidates):
    lacking = sum(each.lacks for each in rules.shortages(Pool(cells, candidates)))

    asked = sum(cell.questions for cell in cells)
    assert lacking == asked - most_that_can_sit(cells, candidates)


@given(blueprints, banks(), st.integers(0, 2**63 - 1), st.sets(st.integers(1, 20)))
def test_nobody_meets_a_question_again_while_the_bank_has_others(cells, candidates, seed, met):
    seen = {f"Q{number}": 1 for number in met}
    fresh = [each for each in candidates if each.code not in seen]

    form = rules.draw(Pool(cells, candidates), seed=seed, seen=seen)

    assert sum(n not in met for n in form) == most_that_can_sit(cells, fresh)


def test_a_greedy_hand_would_fail_here():
    """The only question of 1.2 must not be spent on the cell that takes anything."""
    cells = [Cell(ANY, 1), Cell(Place("1.2", "", ""), 1)]
    held = bank(Place("1.2", "CB1", "X"), Place("1.1", "CB1", "X"))

    drawn = {tuple(rules.draw(Pool(cells, held), seed=seed)) for seed in range(50)}

    assert drawn == {(2, 1)}


def test_a_shortage_names_the_cell_what_it_lacks_and_what_there_is():
    cells = [Cell(Place("1.1", "", ""), 1), Cell(Place("1.2", "", ""), 3)]
    held = bank(Place("1.1", "CB1", "X"), Place("1.2", "CB1", "X"))

    assert rules.shortages(Pool(cells, held)) == [rules.Shortage(cell=1, lacks=2, available=1)]


def test_what_was_shown_least_comes_more_often_but_never_surely():
    place = Place("1.1", "CB1", "X")
    held = [Candidate(1, "Q1", place, shown=100), Candidate(2, "Q2", place, shown=10)]
    drawn = Counter(rules.draw(Pool([Cell(ANY, 1)], held), seed=seed)[0] for seed in range(2_000))

    assert drawn[2] > 1_700
    assert drawn[1] > 20


def test_many_draws_show_every_question_about_as_often():
    """Exposure is written down now and then, as the job does."""
    place = Place("1.1", "CB1", "X")
    shown = Counter({n: 40 if n <= 20 else 0 for n in range(1, 61)})  # a third is worn already
    for seed in range(600):
        if seed % 50 == 0:
            held = [Candidate(n, f"Q{n}", place, shown[n]) for n in range(1, 61)]
        shown.update(rules.draw(Pool([Cell(ANY, 10)], held), seed=seed))

    assert max(shown.values()) < 1.5 * min(shown.values())


@pytest.mark.parametrize("others", [50, 5_000])
def test_two_neighbours_rarely_get_the_same_form(others):
    held = bank(*[Place("1.1", "CB1", "X")] * others)
    forms = {
        tuple(sorted(rules.draw(Pool([Cell(ANY, 10)], held), seed=seed))) for seed in range(100)
    }

    assert len(forms) == 100
