"""Oracles: a published table (admissions to Berkeley, 1973) and numpy's correlation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from simulated import answers, items, people

from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible, TooFewPeople
from hocvu.psychometrics.linking import Link
from hocvu.psychometrics.quality import (
    Concern,
    DifferenceIsUndefined,
    Difficulty,
    Drift,
    EtsClass,
    ItemStatistics,
    Limits,
    concerns_about,
    drift,
    item_statistics,
    logistic_difference,
    mantel_haenszel,
    option_statistics,
    strata,
)

# Admitted and rejected men, admitted and rejected women, in six departments
# (Bickel, Hammel & O'Connell 1975). Known: common odds ratio 0.9047, its 95 % interval 0.7719 to
# 1.0603, chi-square with continuity correction 1.4269.
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def spelled_out(tables):
    """Answers, strata and focal group, one row for each person counted."""
    right, level, focal = [], [], []
    for stratum, counts in enumerate(tables):
        for (is_right, is_focal), count in zip(
            [(1, False), (0, False), (1, True), (0, True)], counts, strict=True
        ):
            right += [is_right] * count
            level += [stratum] * count
            focal += [is_focal] * count
    return np.array(right), np.array(level), np.array(focal)


# --- classical --------------------------------------------------------------------------------


def test_difficulty_and_discrimination_are_what_the_words_say():
    table = answers(people(500, seed=81), items(10, seed=82), seed=83)

    third = item_statistics(table)[3]

    rest = table.sum(axis=1) - table[:, 3]
    assert third.answers == 500
    assert third.share_right == pytest.approx(table[:, 3].mean())
    assert third.discrimination == pytest.approx(np.corrcoef(table[:, 3], rest)[0, 1])


def test_only_those_who_were_asked_count():
    table = answers(people(600, seed=84), items(10, seed=85), seed=86, each_asked=6)
    asked = table[:, 2] >= 0

    third = item_statistics(table)[2]

    others = np.delete(table, 2, axis=1)
    rest = (others == 1).sum(axis=1) / (others >= 0).sum(axis=1)
    assert third.answers == asked.sum()
    assert third.discrimination == pytest.approx(np.corrcoef(table[asked, 2], rest[asked])[0, 1])


def test_an_ability_from_elsewhere_may_stand_in_for_the_score():
    theta = people(500, seed=87)
    table = answers(theta, items(5, seed=88), seed=89)

    first = item_statistics(table, score=theta)[0]

    assert first.discrimination == pytest.approx(np.corrcoef(table[:, 0], theta)[0, 1])


@given(
    arrays(np.int8, st.tuples(st.integers(0, 12), st.integers(1, 6)), elements=st.integers(-1, 1))
)
def test_statistics_of_any_table_are_shares_and_correlations_or_nothing(table):
    for each in item_statistics(table):
        assert np.isnan(each.share_right) == (each.answers == 0)
        assert np.isnan(each.share_right) or 0 <= each.share_right <= 1
        assert np.isnan(each.discrimination) or -1 - 1e-9 <= each.discrimination <= 1 + 1e-9


def test_options_tell_who_took_them():
    chosen = np.array([0, 0, 1, 2, -1, 0])
    score = np.array([0.9, 0.7, 0.2, 0.4, 0.1, 0.8])

    right, wrong, other, unused = option_statistics(chosen, score, options=4, right=0)

    assert (right.people, right.share, right.mean_score) == (3, 0.5, pytest.approx(0.8))
    assert right.is_right
    assert right.discrimination > 0 > wrong.discrimination
    assert other.mean_score == pytest.approx(0.4)
    assert (unused.people, unused.share) == (0, 0)
    assert np.isnan(unused.mean_score)


@pytest.mark.parametrize(
    ("chosen", "score", "right"),
    [
        ([0, 4], [1, 1], 0),
        ([0, -2], [1, 1], 0),
        ([0, 1], [1], 0),
        ([0, 1], [1, 1], 4),
        ([0.5], [1], 0),
    ],
)
def test_options_a_question_does_not_have_are_refused(chosen, score, right):
    with pytest.raises(AnswersAreMalformed):
        option_statistics(chosen, score, options=4, right=right)


@pytest.mark.parametrize(
    ("share", "discrimination", "concern"),
    [
        (0.97, 0.4, Concern.TOO_EASY),
        (0.05, 0.4, Concern.TOO_HARD),
        (0.5, 0.1, Concern.HARDLY_DISCRIMINATES),
        (0.5, -0.2, Concern.WORKS_BACKWARDS),
    ],
)
def test_a_figure_beyond_its_limit_is_a_concern(share, discrimination, concern):
    assert concerns_about(ItemStatistics(0, 200, share, discrimination)) == (concern,)


def test_a_sound_item_raises_no_concern_and_nor_does_one_hardly_answered():
    assert concerns_about(ItemStatistics(0, 200, 0.6, 0.4)) == ()
    assert concerns_about(ItemStatistics(0, 29, 1.0, -0.5)) == ()


def test_a_wrong_option_that_draws_the_strong_is_a_concern():
    rng = np.random.default_rng(90)
    score = rng.random(300)
    chosen = np.where(score > 0.6, 1, np.where(rng.random(300) < 0.5, 0, 2))

    options = option_statistics(chosen, score, options=4, right=0)

    found = concerns_about(ItemStatistics(0, 300, 0.3, 0.2), options)
    assert set(found) == {Concern.OPTION_DRAWS_THE_STRONG, Concern.OPTION_UNUSED}


def test_limits_the_wrong_way_round_are_refused():
    with pytest.raises(ParametersAreImpossible):
        Limits(easiest=0.1, hardest=0.9)


# --- drift ------------------------------------------------------------------------------------


def test_an_item_that_leaked_is_easier_than_it_was():
    old = [
        Difficulty(0.5, 0.05),
        Difficulty(-0.2, 0.05),
        Difficulty(1.0, 0.4),
        Difficulty(0, 0.001),
    ]
    new = [
        Difficulty(-0.4, 0.05),
        Difficulty(0.4, 0.05),
        Difficulty(0.2, 0.4),
        Difficulty(0.05, 0.001),
    ]

    found = drift(old, new)

    assert [each.drift for each in found] == [Drift.EASIER, Drift.HARDER, Drift.NONE, Drift.NONE]
    assert found[0].z == pytest.approx(-0.9 / np.hypot(0.05, 0.05))


def test_drift_is_measured_on_the_old_scale():
    old, new = [Difficulty(1.3, 0.1)], [Difficulty(0.5, 0.1)]

    found = drift(old, new, link=Link(2.0, 0.3))

    assert found[0].difference == pytest.approx(0.0)


def test_difficulties_of_different_items_are_refused():
    with pytest.raises(ParametersAreImpossible):
        drift([Difficulty(0, 0.1)], [])
    with pytest.raises(ParametersAreImpossible):
        Difficulty(np.nan, 0.1)


# --- differential functioning -------------------------------------------------------------------


def test_the_published_table_gives_the_published_figures():
    found = mantel_haenszel(*spelled_out(BERKELEY))

    log_error = (np.log(1.0603298) - np.log(0.7719074)) / (2 * 1.959964)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=1e-6)
    assert found.error == pytest.approx(2.35 * log_error, abs=1e-4)
    assert found.chi_square == pytest.approx(1.4269, abs=1e-3)
    assert found.p_value == pytest.approx(0.2323, abs=1e-3)
    assert found.ets_class is EtsClass.A
    assert (found.reference, found.focal) == (2691, 1835)


def by_group(extra, *, seed, people_each=2_000, slope=1.2):
    """Ten fair items and one that is `extra` harder for the focal group, who are less able."""
    focal = np.repeat([False, True], people_each)
    theta = people(2 * people_each, seed=seed) - 0.5 * focal
    fair = answers(theta, items(20, seed=91), seed=seed + 1)
    rng = np.random.default_rng(seed + 2)
    chance = 1 / (1 + np.exp(-slope * (theta - extra * focal)))
    studied = (rng.random(2 * people_each) < chance).astype(np.int8)
    return studied, fair.sum(axis=1) + studied, focal


@pytest.mark.parametrize(
    ("extra", "ets_class"), [(0.0, EtsClass.A), (0.5, EtsClass.B), (1.2, EtsClass.C)]
)
def test_an_item_harder_for_a_group_gets_its_class(extra, ets_class):
    studied, score, focal = by_group(extra, seed=92)

    found = mantel_haenszel(studied, strata(score), focal)
    also = logistic_difference(studied, score, focal)

    assert found.ets_class is ets_class
    assert (found.delta < -0.8) == (extra > 0)
    assert (found.standardised < -0.05) == (extra > 0)
    assert (also.uniform_p < 0.001) == (extra > 0)


def test_a_group_that_is_merely_less_able_is_no_differential_functioning():
    studied, score, focal = by_group(0.0, seed=93)

    assert studied[~focal].mean() - studied[focal].mean() > 0.08
    assert mantel_haenszel(studied, strata(score), focal).ets_class is EtsClass.A


def test_a_difference_that_changes_sign_is_seen_by_the_logistic_form_only():
    focal = np.repeat([False, True], 3_000)
    theta = people(6_000, seed=94)
    rng = np.random.default_rng(95)
    chance = 1 / (1 + np.exp(-np.where(focal, 0.4, 2.0) * theta))
    studied = (rng.random(6_000) < chance).astype(np.int8)

    found = logistic_difference(studied, theta, focal)

    assert found.crossing_p < 1e-6
    assert found.ets_class is not EtsClass.A
    assert mantel_haenszel(studied, strata(theta), focal).ets_class is EtsClass.A


def test_swapping_the_groups_turns_the_difference_round():
    studied, score, focal = by_group(0.8, seed=96)

    one = mantel_haenszel(studied, strata(score), focal)
    other = mantel_haenszel(studied, strata(score), ~focal)

    assert other.delta == pytest.approx(-one.delta)
    assert other.error == pytest.approx(one.error)
    assert other.ets_class is one.ets_class


def test_who_was_not_asked_is_left_out():
    studied, score, focal = by_group(0.8, seed=97)
    more = np.concatenate([studied, np.full(50, -1, dtype=np.int8)])

    found = mantel_haenszel(
        more,
        strata(np.concatenate([score, np.zeros(50)])),
        np.concatenate([focal, np.ones(50, dtype=bool)]),
    )

    assert found.focal == 2_000


def test_a_small_group_is_not_judged():
    studied, score, focal = by_group(0.8, seed=98, people_each=99)

    for judge in (mantel_haenszel, logistic_difference):
        with pytest.raises(TooFewPeople) as refusal:
            judge(studied, score, focal)
        assert (refusal.value.found, refusal.value.needed) == (99, 100)


def test_groups_that_share_no_score_cannot_be_compared():
    focal = np.repeat([False, True], 200)
    right = np.tile([0, 1], 200)

    with pytest.raises(DifferenceIsUndefined):
        mantel_haenszel(right, focal.astype(int), focal)


def test_an_item_everybody_solved_cannot_be_compared():
    focal = np.repeat([False, True], 200)

    with pytest.raises(DifferenceIsUndefined):
        mantel_haenszel(np.ones(400, dtype=int), np.zeros(400), focal)
    with pytest.raises(DifferenceIsUndefined):
        logistic_difference(np.ones(400, dtype=int), people(400, seed=1), focal)


def test_scores_and_groups_of_other_people_are_refused():
    with pytest.raises(AnswersAreMalformed):
        mantel_haenszel([1, 0], [1], [True, False])
    with pytest.raises(AnswersAreMalformed):
        mantel_haenszel([1, 0], [1, 2], [1, 0])
    with pytest.raises(AnswersAreMalformed):
        strata([1.0, np.nan])


def test_strata_keep_few_scores_apart_and_put_many_into_classes():
    assert len(np.unique(strata([3, 1, 2, 3, 1]))) == 3
    assert strata([3, 1, 2])[0] > strata([3, 1, 2])[2]
    classes = np.bincount(strata(people(1_000, seed=99), most=10))
    assert len(classes[classes > 0]) == 10
    assert classes[classes > 0].min() >= 90
