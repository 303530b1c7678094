"""Oracle: mirt's linking of the same two calibrations."""

import mirt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import answers, items, people

from hocvu.psychometrics.calibration import calibrate
from hocvu.psychometrics.curves import ItemCurves
from hocvu.psychometrics.errors import ParametersAreImpossible
from hocvu.psychometrics.linking import (
    CalibrationsDoNotLink,
    Link,
    mean_sigma,
    stocking_lord,
)

OLD = items(20, seed=71)


def as_mirt(curves):
    model = mirt.TwoParameterLogistic(len(curves))
    model.set_parameters(discrimination=curves.a, difficulty=curves.b)
    return model


def seen_by(people_mean, people_sd, old):
    """The same items on the scale of other people."""
    return ItemCurves(old.a * people_sd, (old.b - people_mean) / people_sd, old.c)


@given(st.floats(-1.5, 1.5), st.floats(0.5, 2))
def test_a_line_that_is_exact_is_found_exactly(mean, sd):
    new = seen_by(mean, sd, OLD)

    for link in (mean_sigma(OLD, new), stocking_lord(OLD, new)):
        assert link.slope == pytest.approx(sd, rel=1e-6)
        assert link.shift == pytest.approx(mean, abs=1e-6)
        assert link.curves(new).b == pytest.approx(OLD.b, abs=1e-5)
        assert link.theta(np.array([0.0]))[0] == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(
    ("method", "own"), [("mean_sigma", mean_sigma), ("stocking_lord", stocking_lord)]
)
def test_with_errors_the_line_is_that_of_mirt(method, own):
    rng = np.random.default_rng(72)
    moved = seen_by(0.6, 1.2, OLD)
    new = ItemCurves(
        moved.a * np.exp(rng.normal(0, 0.1, 20)), moved.b + rng.normal(0, 0.1, 20), OLD.c
    )
    common = list(range(20))

    oracle = mirt.link(as_mirt(OLD), as_mirt(new), common, common, method=method).constants

    link = own(OLD, new)
    assert link.slope == pytest.approx(oracle.A, abs=0.02)
    assert link.shift == pytest.approx(oracle.B, abs=0.02)


def test_two_calibrations_of_different_people_come_together():
    first = calibrate(answers(people(3_000, seed=73), OLD, seed=74)).curves
    later = calibrate(answers(people(3_000, seed=75, mean=0.7, sd=0.8), OLD, seed=76)).curves

    link = stocking_lord(first, later)

    assert link.slope == pytest.approx(0.8, abs=0.06)
    assert link.shift == pytest.approx(0.7, abs=0.06)


def test_items_that_do_not_spread_do_not_link():
    alike = ItemCurves(np.ones(3), np.zeros(3), np.zeros(3))

    with pytest.raises(CalibrationsDoNotLink):
        mean_sigma(OLD.take([0, 1, 2]), alike)


def test_one_common_item_is_too_few():
    with pytest.raises(CalibrationsDoNotLink):
        stocking_lord(OLD.take([0]), OLD.take([0]))


def test_lists_of_different_items_are_refused():
    with pytest.raises(ParametersAreImpossible):
        stocking_lord(OLD, OLD.take([0, 1, 2]))


def test_the_same_scale_is_linked_by_the_identity():
    link = stocking_lord(OLD, OLD)

    assert link == Link(pytest.approx(1.0), pytest.approx(0.0))
