"""Oracle of agreement: the table of Shrout & Fleiss (1979), ICC(2, 4) = 0.62."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from simulated import items

from hocvu.psychometrics.angoff import (
    CutIsOutOfReach,
    RatingsAreMalformed,
    panel_round,
    set_cut,
    theta_of_score,
)

SHROUT_FLEISS = np.array(  # six targets by four judges, there on a scale of 1 to 10
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
CURVES = items(30, seed=111)


def judged(theta, *, judges, noise, seed):
    """Judges who see the curves through a haze."""
    rng = np.random.default_rng(seed)
    seen = CURVES.probability(theta) + rng.normal(0, noise, (judges, len(CURVES)))
    return np.clip(seen, 0, 1)


def test_the_cut_is_the_mean_of_the_judges_sums():
    found = panel_round([[0.5, 0.7, 0.9], [0.6, 0.8, 1.0]])

    assert found.cut == pytest.approx(2.25)
    assert found.share == pytest.approx(0.75)
    assert found.error == pytest.approx(np.std([2.1, 2.4], ddof=1) / np.sqrt(2))
    assert found.items == pytest.approx((0.55, 0.75, 0.95))
    assert [judge.cut for judge in found.judges] == pytest.approx([2.1, 2.4])


def test_agreement_is_that_of_the_published_table():
    assert panel_round(SHROUT_FLEISS.T / 10).agreement == pytest.approx(0.62, abs=0.005)


def test_the_ability_of_the_panel_is_found_again():
    found = set_cut([judged(0.4, judges=9, noise=0.1, seed=112)], CURVES)

    assert found.theta == pytest.approx(0.4, abs=0.1)
    assert 0 < found.theta_error < 0.1
    assert CURVES.expected_score(found.theta) == pytest.approx(found.raw)


@given(st.floats(-3, 3))
def test_score_and_ability_lead_to_each_other(theta):
    assert theta_of_score(float(CURVES.expected_score(theta)), CURVES) == pytest.approx(theta)


def test_every_round_is_kept_and_the_last_decides():
    first = judged(0.0, judges=7, noise=0.25, seed=113)
    second = judged(0.5, judges=7, noise=0.05, seed=114)

    found = set_cut([first, second], CURVES)

    assert len(found.rounds) == 2
    assert found.raw == found.rounds[1].cut
    assert found.rounds[1].error < found.rounds[0].error
    assert found.rounds[1].spread < found.rounds[0].spread
    assert found.rounds[1].agreement > found.rounds[0].agreement


def test_a_judge_far_from_the_others_stands_out():
    ratings = judged(0.3, judges=8, noise=0.05, seed=115)
    ratings[5] = 0.99

    outlying = [each.judge for each in panel_round(ratings).judges if each.is_outlying]

    assert outlying == [5]


def test_a_judge_who_ranks_the_items_backwards_is_seen():
    ratings = judged(0.0, judges=6, noise=0.05, seed=116)
    ratings[2] = 1 - ratings[2]

    judges = panel_round(ratings, CURVES).judges

    assert judges[2].consistency < -0.5
    assert min(each.consistency for each in judges if each.judge != 2) > 0.8


def test_judges_who_say_the_same_agree_and_nobody_is_outlying():
    found = panel_round(np.tile(np.linspace(0.2, 0.9, 10), (5, 1)))

    assert found.error == pytest.approx(0)
    assert found.agreement == pytest.approx(1)
    assert not any(judge.is_outlying for judge in found.judges)


def test_an_item_left_out_counts_as_the_panels_mean():
    found = panel_round([[0.5, np.nan], [0.7, 0.9]])

    assert found.judges[0].cut == pytest.approx(0.5 + 0.9)
    assert found.judges[0].rated == 1
    assert np.isnan(found.agreement)


def test_without_curves_the_cut_stays_on_the_raw_scale():
    found = set_cut([[[0.5, 0.5], [0.5, 0.7]]])

    assert found.raw == pytest.approx(1.1)
    assert np.isnan(found.theta)
    assert np.isnan(found.rounds[0].judges[0].consistency)


@given(arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 8)), elements=st.floats(0, 1)))
def test_the_cut_lies_between_the_strictest_and_the_mildest_judge(ratings):
    found = panel_round(ratings)

    cuts = [judge.cut for judge in found.judges]
    assert min(cuts) - 1e-9 <= found.cut <= max(cuts) + 1e-9
    assert np.isnan(found.agreement) or found.agreement <= 1 + 1e-6


@pytest.mark.parametrize(
    "ratings",
    [
        [[0.5, 0.5]],
        [0.5, 0.5],
        [[0.5, 1.5], [0.5, 0.5]],
        [[0.5, np.inf], [0.5, 0.5]],
        [[np.nan, np.nan], [0.5, 0.5]],
        [[0.5, np.nan], [0.5, np.nan]],
        [[], []],
    ],
    ids=["one judge", "no table", "above 1", "infinite", "silent judge", "unrated item", "empty"],
)
def test_what_is_no_rating_is_refused(ratings):
    with pytest.raises(RatingsAreMalformed):
        panel_round(ratings)


def test_no_round_and_other_items_are_refused():
    with pytest.raises(RatingsAreMalformed):
        set_cut([])
    with pytest.raises(RatingsAreMalformed):
        panel_round([[0.5, 0.5], [0.5, 0.5]], CURVES)


def test_a_score_below_guessing_has_no_ability():
    guessed = items(10, seed=117, c=0.25)

    with pytest.raises(CutIsOutOfReach):
        theta_of_score(2.0, guessed)
    with pytest.raises(CutIsOutOfReach):
        set_cut([np.ones((3, 10))], guessed)
