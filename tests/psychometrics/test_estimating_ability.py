"""Oracles: mirt's EAP and WLE on the same answers and parameters."""

import mirt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import answers, items, people, root_mean_square

from hocvu.psychometrics.ability import eap, level_of, standard_error, wle
from hocvu.psychometrics.curves import ItemCurves
from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible

FIFTEEN = items(15, seed=51)
SHEETS = answers(people(300, seed=52), FIFTEEN, seed=53)
patterns = st.lists(st.integers(-1, 1), min_size=15, max_size=15)


@pytest.fixture(scope="module")
def oracle():
    """A model mirt fitted itself, and its parameters as our curves."""
    fitted = mirt.fit_mirt(SHEETS.astype(int), model="2PL", compute_standard_errors=False)
    found = fitted.model.parameters
    return fitted, ItemCurves(found["discrimination"], found["difficulty"], np.zeros(15))


def test_the_posterior_mean_and_its_error_are_those_of_mirt(oracle):
    fitted, curves = oracle
    theirs = mirt.fscores(fitted, SHEETS.astype(int), method="EAP", n_quadpts=81)

    own = eap(SHEETS, curves)

    assert own.theta == pytest.approx(np.ravel(theirs.theta), abs=1e-4)
    assert own.error == pytest.approx(np.ravel(theirs.standard_error), abs=1e-4)


def test_the_weighted_likelihood_estimate_is_that_of_mirt(oracle):
    fitted, curves = oracle
    theirs = mirt.fscores(fitted, SHEETS.astype(int), method="WLE")

    assert wle(SHEETS, curves).theta == pytest.approx(np.ravel(theirs.theta), abs=1e-4)


def test_ability_is_found_again_as_well_as_the_errors_say():
    true, curves = people(1_000, seed=54), items(40, seed=55)

    found = eap(answers(true, curves, seed=56), curves)

    apart = (found.theta - true) / found.error
    assert root_mean_square(found.theta - true) < 0.35
    assert 0.93 < (np.abs(apart) < 1.96).mean() < 0.97


def test_the_weighted_estimate_does_not_lean_towards_the_middle():
    true, curves = np.full(2_000, 1.5), items(30, seed=57)
    table = answers(true, curves, seed=58)

    assert eap(table, curves).theta.mean() < 1.45
    assert wle(table, curves).theta.mean() == pytest.approx(1.5, abs=0.03)


@given(patterns, st.integers(0, 14))
def test_one_more_right_answer_never_lowers_an_ability(pattern, item):
    wrong, right = list(pattern), list(pattern)
    wrong[item], right[item] = 0, 1

    for estimate in (eap, wle):
        found = estimate(np.array([wrong, right]), FIFTEEN)
        assert found.theta[0] < found.theta[1]


@given(patterns)
def test_answers_never_make_an_ability_less_certain_than_the_prior(pattern):
    found = eap(np.array([pattern]), FIFTEEN, sd=1.0)

    assert 0 < found.error[0] <= 1 + 1e-6


def test_who_answered_nothing_gets_the_prior_or_no_estimate():
    nothing = np.full((1, 15), -1)

    believed, measured = eap(nothing, FIFTEEN, mean=0.4, sd=0.8), wle(nothing, FIFTEEN)

    assert believed.theta[0] == pytest.approx(0.4)
    assert believed.error[0] == pytest.approx(0.8, abs=1e-3)
    assert np.isnan(measured.theta[0])
    assert np.isinf(measured.error[0])


def test_all_right_and_all_wrong_have_finite_weighted_estimates():
    found = wle(np.array([[1] * 15, [0] * 15]), FIFTEEN)

    assert -8 < found.theta[1] < -1 < 1 < found.theta[0] < 8


def test_many_people_are_measured_as_each_alone():
    table = np.tile(SHEETS, (12, 1))  # more than one block

    together, alone = eap(table, FIFTEEN), eap(table[-1:], FIFTEEN)

    assert together.theta[-1] == pytest.approx(alone.theta[0])


def test_more_information_means_a_smaller_error():
    assert standard_error(items(40, seed=1), 0.0) < standard_error(items(10, seed=1), 0.0)


def test_parameters_of_other_items_are_refused():
    with pytest.raises(AnswersAreMalformed):
        eap(SHEETS, items(14, seed=51))


def test_a_prior_without_spread_is_refused_for_people_too():
    with pytest.raises(ParametersAreImpossible):
        eap(SHEETS, FIFTEEN, sd=0)


# --- levels -----------------------------------------------------------------------------------


def test_a_level_comes_with_the_levels_it_could_also_be():
    level = level_of(0.6, 0.3, (-0.5, 0.5, 1.5))

    assert (level.level, level.lowest, level.highest) == (2, 1, 2)
    assert level.low == pytest.approx(0.6 - 1.959964 * 0.3)
    assert not level.is_certain
    assert level.chances[2] == pytest.approx(0.6293, abs=1e-3)  # Φ(3) − Φ(−1/3)


def test_a_cut_reached_is_passed():
    level = level_of(0.5, 0.0, (0.5,))

    assert level.level == 1
    assert level.is_certain
    assert level.chances == (0.0, 1.0)


@given(
    st.floats(-4, 4),
    st.floats(0.01, 2),
    st.lists(st.floats(-3, 3), min_size=0, max_size=5, unique=True).map(sorted),
)
def test_the_chances_of_all_levels_sum_to_one(theta, error, cuts):
    level = level_of(theta, error, cuts)

    assert sum(level.chances) == pytest.approx(1)
    assert level.lowest <= level.level <= level.highest <= len(cuts)


@pytest.mark.parametrize(
    ("theta", "error", "cuts"),
    [(0, 1, (1, 0)), (0, 1, (1, 1)), (np.nan, 1, (0,)), (0, -1, (0,))],
)
def test_a_level_of_nonsense_is_refused(theta, error, cuts):
    with pytest.raises(ParametersAreImpossible):
        level_of(theta, error, cuts)


def test_a_single_item_pool_is_no_trouble():
    one = ItemCurves(np.array([1.0]), np.array([0.0]), np.array([0.25]))

    assert eap([[1]], one).theta[0] > 0 > eap([[0]], one).theta[0]
