import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import answers, items, people

from hocvu.psychometrics.ability import Abilities, wle
from hocvu.psychometrics.distributions import chi_square_tail, two_sided_t, two_sided_z
from hocvu.psychometrics.errors import ParametersAreImpossible, TooFewPeople
from hocvu.psychometrics.growth import Direction, change, group_growth

measured = st.tuples(st.floats(-3, 3), st.floats(0.1, 1))


def test_a_change_larger_than_both_errors_explain_is_reliable():
    found = change((-0.2, 0.3), (0.9, 0.4))

    assert found.difference == pytest.approx(1.1)
    assert found.error == pytest.approx(0.5)
    assert found.index == pytest.approx(2.2)
    assert found.direction is Direction.BETTER


def test_the_same_change_with_larger_errors_is_not_proven():
    assert change((-0.2, 0.5), (0.9, 0.5)).direction is Direction.NOT_PROVEN


@given(measured, measured)
def test_turning_time_round_turns_the_change_round(before, after):
    forward, backward = change(before, after), change(after, before)

    assert forward.difference == pytest.approx(-backward.difference)
    assert (forward.direction is Direction.BETTER) == (backward.direction is Direction.WORSE)


@pytest.mark.parametrize("before", [(0, 0), (0, -1), (np.nan, 1), (0, np.inf)])
def test_a_measurement_without_error_is_refused(before):
    with pytest.raises(ParametersAreImpossible):
        change(before, (0.0, 0.3))


def test_the_growth_of_a_group_is_its_mean_with_the_interval_of_student():
    before = Abilities(np.array([0.0, 0.5, -0.5, 1.0]), np.full(4, 0.3))
    after = Abilities(np.array([1.0, 0.9, 0.3, 1.0]), np.full(4, 0.3))

    found = group_growth(before, after)

    differences = np.array([1.0, 0.4, 0.8, 0.0])
    reach = 3.182446 * differences.std(ddof=1) / 2
    assert found.mean == pytest.approx(0.55)
    assert (found.low, found.high) == (pytest.approx(0.55 - reach), pytest.approx(0.55 + reach))
    assert (found.better, found.worse, found.not_proven) == (1, 0, 3)
    assert found.effect_size == pytest.approx(8 / 11 * 0.55 / before.theta.std(ddof=1))


def test_growth_that_was_there_is_found_again():
    curves, ability = items(40, seed=101), people(1_500, seed=102)
    grown = ability + np.random.default_rng(103).normal(0.6, 0.3, 1_500)

    found = group_growth(
        wle(answers(ability, curves, seed=104), curves),
        wle(answers(grown, curves, seed=105), curves),
    )

    assert found.low < 0.6 < found.high
    assert found.high - found.low < 0.08
    assert found.better > 10 * found.worse


def test_nobody_grew_in_a_group_measured_twice():
    curves, ability = items(40, seed=106), people(1_000, seed=107)

    found = group_growth(
        wle(answers(ability, curves, seed=108), curves),
        wle(answers(ability, curves, seed=109), curves),
    )

    assert found.low < 0 < found.high
    assert found.better + found.worse < 0.08 * 1_000


def test_who_was_measured_once_is_left_out_and_counted():
    before = Abilities(np.array([0.0, 0.1, 0.2, np.nan]), np.array([0.3, 0.3, 0.3, np.inf]))
    after = Abilities(np.array([1.0, 0.9, 1.3, 1.0]), np.full(4, 0.3))

    found = group_growth(before, after)

    assert (found.people, found.left_out) == (3, 1)


def test_people_who_were_all_equal_before_have_no_effect_size():
    before = Abilities(np.zeros(4), np.full(4, 0.3))
    after = Abilities(np.array([1.0, 0.9, 1.3, 1.0]), np.full(4, 0.3))

    assert np.isnan(group_growth(before, after).effect_size)


def test_two_people_are_no_group():
    two = Abilities(np.zeros(2), np.ones(2))

    with pytest.raises(TooFewPeople):
        group_growth(two, two)


def test_measurements_of_different_people_are_refused():
    with pytest.raises(ParametersAreImpossible):
        group_growth(Abilities(np.zeros(4), np.ones(4)), Abilities(np.zeros(5), np.ones(5)))


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(1, 12.7062), (2, 4.30265), (5, 2.57058), (10, 2.22814), (30, 2.04227), (120, 1.97993)],
)
def test_student_is_that_of_the_printed_tables(degrees, quantile):
    assert two_sided_t(0.95, degrees) == pytest.approx(quantile, abs=1e-4)


def test_student_joins_the_normal_without_a_step():
    assert two_sided_t(0.95, 400) == pytest.approx(two_sided_t(0.95, 401), abs=1e-4)
    assert two_sided_t(0.95, 10**9) == pytest.approx(two_sided_z(0.95))


@pytest.mark.parametrize(("value", "degrees", "tail"), [(3.841459, 1, 0.05), (5.991465, 2, 0.05)])
def test_chi_square_is_that_of_the_printed_tables(value, degrees, tail):
    assert chi_square_tail(value, degrees) == pytest.approx(tail, abs=1e-6)


def test_degrees_of_freedom_nobody_foresaw_are_refused():
    with pytest.raises(ValueError, match="degrees"):
        chi_square_tail(1.0, 3)
    with pytest.raises(ValueError, match="degree"):
        two_sided_t(0.95, 0)
