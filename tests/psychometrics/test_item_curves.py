"""Oracle: catsim's own four-parameter curves."""

import numpy as np
import pytest
from catsim import irt
from hypothesis import given
from hypothesis import strategies as st
from simulated import items

from hocvu.psychometrics.curves import ItemCurves, ItemParameters, checked_answers
from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible

slopes = st.floats(0.05, 5)
difficulties = st.floats(-6, 6)
asymptotes = st.floats(0, 0.6)
abilities = st.floats(-10, 10)


@given(st.floats(0.2, 3), st.floats(-4, 4), asymptotes, st.floats(-4, 4))  # catsim's own reach
def test_chance_and_information_are_those_of_the_oracle(a, b, c, theta):
    curve = ItemCurves.of([ItemParameters(a, b, c)])

    assert curve.probability(theta)[0] == pytest.approx(irt.icc(theta, a, b, c), abs=1e-9)
    assert curve.information(theta)[0] == pytest.approx(irt.inf(theta, a, b, c), abs=1e-7)


@given(slopes, difficulties, asymptotes, st.floats(-1e6, 1e6))
def test_information_is_never_negative_however_far_away_somebody_is(a, b, c, theta):
    information = ItemCurves.of([ItemParameters(a, b, c)]).information(theta)

    assert information[0] >= 0
    assert np.isfinite(information[0])


@given(slopes, difficulties, asymptotes, st.tuples(abilities, abilities))
def test_who_is_abler_is_never_less_likely_to_be_right(a, b, c, two):
    lower, higher = sorted(two)

    curve = ItemCurves.of([ItemParameters(a, b, c)])

    assert curve.probability(lower)[0] <= curve.probability(higher)[0]


def test_the_expected_score_is_the_sum_of_the_chances():
    curves, theta = items(7, seed=1), np.array([-1.0, 0.0, 2.0])

    assert curves.expected_score(theta) == pytest.approx(curves.probability(theta).sum(axis=1))
    assert curves.probability(theta).shape == (3, 7)


@pytest.mark.parametrize(
    ("a", "b", "c"),
    [(0, 0, 0), (-1, 0, 0), (np.nan, 0, 0), (1, np.inf, 0), (1, 0, 1), (1, 0, -0.1)],
)
def test_parameters_outside_the_model_are_refused(a, b, c):
    with pytest.raises(ParametersAreImpossible):
        ItemParameters(a, b, c)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ParametersAreImpossible):
        ItemCurves(np.ones(3), np.zeros(2), np.zeros(3))


@pytest.mark.parametrize(
    "table",
    [
        np.zeros(4, dtype=np.int8),
        np.array([[0, 2]], dtype=np.int8),
        np.array([[0, -2]], dtype=np.int8),
        np.array([[0.0, np.nan]]),
        np.array([["1", "0"]]),
    ],
    ids=["one dimension", "a two", "a minus two", "not whole numbers", "text"],
)
def test_a_table_that_holds_no_answers_is_refused(table):
    with pytest.raises(AnswersAreMalformed):
        checked_answers(table)


def test_a_table_of_other_items_is_refused():
    with pytest.raises(AnswersAreMalformed):
        checked_answers(np.zeros((3, 4), dtype=np.int8), items=5)
