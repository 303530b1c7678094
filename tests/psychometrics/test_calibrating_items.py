"""Recovery of known parameters, and oracles: girth and mirt on the same answers."""

import girth
import mirt
import numpy as np
import pytest
from simulated import answers, items, people, root_mean_square

from hocvu.psychometrics.calibration import (
    NothingToCalibrate,
    Priors,
    RefusalReason,
    Settings,
    calibrate,
)
from hocvu.psychometrics.curves import ItemParameters
from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible

NO_BELIEF = Priors(log_a_sd=np.inf, b_sd=np.inf, c_alpha=1, c_beta=1)
EXACT = Settings(tolerance=1e-6)


@pytest.fixture(scope="module")
def a_dozen():
    """1,000 people and twelve items."""
    return answers(people(1_000, seed=3), items(12, seed=4), seed=5)


@pytest.fixture(scope="module")
def a_dozen_calibrated(a_dozen):
    return calibrate(a_dozen, priors=NO_BELIEF, settings=EXACT)


def errors_of(calibration, name):
    return np.array([getattr(each.errors, name) for each in calibration.items])


# --- oracles ----------------------------------------------------------------------------------


def test_without_priors_parameters_and_errors_are_those_of_mirt(a_dozen, a_dozen_calibrated):
    oracle = mirt.fit_mirt(a_dozen.astype(int), model="2PL", n_quadpts=61, tol=1e-8, max_iter=2_000)

    own = a_dozen_calibrated
    assert own.log_likelihood == pytest.approx(oracle.log_likelihood, abs=0.01)
    assert own.curves.a == pytest.approx(oracle.model.parameters["discrimination"], abs=1e-3)
    assert own.curves.b == pytest.approx(oracle.model.parameters["difficulty"], abs=1e-3)
    assert errors_of(own, "a") == pytest.approx(oracle.standard_errors["discrimination"], rel=5e-3)
    assert errors_of(own, "b") == pytest.approx(oracle.standard_errors["difficulty"], rel=5e-3)


def test_without_priors_parameters_are_those_of_girth(a_dozen, a_dozen_calibrated):
    oracle = girth.twopl_mml(a_dozen.T.astype(int))

    assert a_dozen_calibrated.curves.a == pytest.approx(oracle["Discrimination"], abs=5e-3)
    assert a_dozen_calibrated.curves.b == pytest.approx(oracle["Difficulty"], abs=5e-3)


def test_anchored_items_link_as_they_do_in_mirt():
    true = items(12, seed=6)
    table = answers(people(1_500, seed=7, mean=0.8, sd=1.2), true, seed=8)
    anchors = range(4)
    held = {"discrimination": true.a[:4], "difficulty": true.b[:4]}

    oracle = mirt.fixed_item_calibration(
        table.astype(int),
        mirt.TwoParameterLogistic(12),
        list(anchors),
        held,
        n_quadpts=61,
        tol=1e-7,
    )
    own = calibrate(
        table,
        anchors={item: true[item] for item in anchors},
        priors=NO_BELIEF,
        settings=EXACT,
    )

    new = oracle.new_item_parameters
    assert own.population.mean == pytest.approx(oracle.latent_mean[0], abs=0.01)
    assert own.population.sd == pytest.approx(np.sqrt(oracle.latent_cov[0, 0]), abs=0.01)
    assert own.curves.a[4:] == pytest.approx(new["discrimination"], abs=0.01)
    assert own.curves.b[4:] == pytest.approx(new["difficulty"], abs=0.01)


# --- recovery ---------------------------------------------------------------------------------


def test_two_parameters_are_found_again():
    true = items(40, seed=11)

    found = calibrate(answers(people(5_000, seed=12), true, seed=13))

    assert found.converged
    assert root_mean_square(found.curves.a - true.a) < 0.06
    assert root_mean_square(found.curves.b - true.b) < 0.06
    assert np.corrcoef(found.curves.a, true.a)[0, 1] > 0.98
    assert np.corrcoef(found.curves.b, true.b)[0, 1] > 0.998


def test_three_parameters_are_found_again_as_curves():
    true = items(30, seed=14, c=0.2)

    found = calibrate(answers(people(10_000, seed=15), true, seed=16), model="3pl")

    grid = np.linspace(-2, 2, 21)
    gap = found.curves.probability(grid) - true.probability(grid)
    assert found.converged
    assert root_mean_square(gap) < 0.015
    assert np.corrcoef(found.curves.b, true.b)[0, 1] > 0.98
    assert root_mean_square(found.curves.c - true.c) < 0.06


def test_people_may_answer_a_few_items_each():
    true = items(60, seed=17)

    found = calibrate(answers(people(6_000, seed=18), true, seed=19, each_asked=15))

    assert root_mean_square(found.curves.b - true.b) < 0.1
    assert sum(each.answers for each in found.items) == 6_000 * 15


def test_standard_errors_cover_the_truth_as_often_as_they_say():
    true = items(60, seed=20)

    found = calibrate(
        answers(people(4_000, seed=21), true, seed=22, each_asked=25), priors=NO_BELIEF
    )

    apart_a = (found.curves.a - true.a) / errors_of(found, "a")
    apart_b = (found.curves.b - true.b) / errors_of(found, "b")
    within = np.abs(np.concatenate([apart_a, apart_b])) < 1.96
    assert 0.90 <= within.mean() <= 0.99


def test_new_items_come_on_the_scale_of_the_anchors():
    true = items(40, seed=23)
    table = answers(people(5_000, seed=24, mean=1.0, sd=0.7), true, seed=25)

    found = calibrate(table, anchors={item: true[item] for item in range(0, 40, 4)})

    new = [each for each in found.items if not each.anchored]
    apart = [(each.parameters.b - true.b[each.item]) / each.errors.b for each in new]
    assert found.population.mean == pytest.approx(1.0, abs=4 * found.population.mean_error)
    assert found.population.sd == pytest.approx(0.7, abs=4 * found.population.sd_error)
    assert 0.005 < found.population.mean_error < 0.05
    assert root_mean_square(apart) < 1.4
    assert len(new) == 30


def test_anchors_keep_their_parameters_and_have_no_error():
    true = items(8, seed=26)
    held = ItemParameters(1.234, -0.567, 0.21)

    found = calibrate(answers(people(800, seed=27), true, seed=28), anchors={3: held})

    anchored = found.items[3]
    assert anchored.anchored
    assert anchored.parameters == held
    assert (anchored.errors.a, anchored.errors.b, anchored.errors.c) == (0, 0, 0)


def test_an_anchored_item_counts_even_with_few_answers():
    true = items(8, seed=29)
    table = answers(people(800, seed=30), true, seed=31)
    table[10:, 0] = -1

    found = calibrate(table, anchors={0: true[0], 1: true[1]})

    assert found.items[0].answers == 10
    assert found.refused == ()


def test_identical_answers_are_counted_once_and_change_nothing(a_dozen, a_dozen_calibrated):
    doubled = calibrate(np.concatenate([a_dozen, a_dozen]), priors=NO_BELIEF, settings=EXACT)

    once = a_dozen_calibrated
    assert doubled.people == 2 * once.people
    assert doubled.patterns == once.patterns < once.people
    assert doubled.curves.b == pytest.approx(once.curves.b, abs=1e-5)
    assert errors_of(doubled, "b") * np.sqrt(2) == pytest.approx(errors_of(once, "b"), rel=1e-3)


def test_a_search_that_starts_from_a_sample_ends_at_the_same_place():
    table = answers(people(3_000, seed=32), items(25, seed=33), seed=34)

    whole = calibrate(table, settings=Settings(tolerance=1e-6))
    sampled = calibrate(table, settings=Settings(tolerance=1e-6, sample=500))

    assert sampled.curves.a == pytest.approx(whole.curves.a, abs=1e-4)
    assert sampled.curves.b == pytest.approx(whole.curves.b, abs=1e-4)
    assert sampled.people == whole.people == 3_000


def test_blocks_of_people_and_groups_of_items_change_nothing_but_the_last_digits(a_dozen):
    whole = calibrate(a_dozen)
    pieces = calibrate(a_dozen, settings=Settings(rows=37))
    groups = calibrate(a_dozen, settings=Settings(items_at_once=4))

    assert pieces.curves.b == pytest.approx(whole.curves.b, abs=1e-6)
    assert errors_of(pieces, "b") == pytest.approx(errors_of(whole, "b"), rel=1e-4)
    assert errors_of(groups, "b") == pytest.approx(errors_of(whole, "b"), rel=0.15)


def test_the_same_answers_give_the_same_parameters(a_dozen):
    assert calibrate(a_dozen).items == calibrate(a_dozen).items


def test_a_search_cut_short_says_so(a_dozen):
    hurried = calibrate(a_dozen, settings=Settings(most_iterations=1))

    assert not hurried.converged
    assert hurried.iterations == 1


# --- fit and reliability ------------------------------------------------------------------------


def test_a_random_item_stands_out_and_a_good_one_fits():
    true = items(20, seed=35)
    table = answers(people(4_000, seed=36), true, seed=37)
    rng = np.random.default_rng(38)
    held = {item: true[item] for item in range(20)}
    table[:, 7] = rng.random(4_000) < 0.5

    found = calibrate(table, anchors=held)

    others = [each.fit for each in found.items if each.item != 7]
    assert found.items[7].fit.rmsd > 0.15
    assert found.items[7].fit.infit > 1.15
    assert max(fit.rmsd for fit in others) < 0.06
    assert all(0.9 < fit.infit < 1.1 for fit in others)
    assert all(0.8 < fit.outfit < 1.2 for fit in others)


def test_a_longer_test_is_more_reliable():
    true, theta = items(40, seed=39), people(2_000, seed=40)
    table = answers(theta, true, seed=41)

    long, short = calibrate(table), calibrate(table[:, :10])

    assert 0.4 < short.reliability < 0.75
    assert 0.85 < long.reliability < 1


# --- refusals -----------------------------------------------------------------------------------


def test_items_that_say_too_little_are_refused_one_by_one(a_dozen):
    table = a_dozen.copy()
    table[:, 1], table[:, 2], table[:, 3] = 1, 0, -1
    table[50:, 4] = -1

    found = calibrate(table)

    assert {each.item: each.reason for each in found.refused} == {
        1: RefusalReason.EVERYBODY_RIGHT,
        2: RefusalReason.EVERYBODY_WRONG,
        3: RefusalReason.NEVER_PRESENTED,
        4: RefusalReason.TOO_FEW_ANSWERS,
    }
    assert [each.item for each in found.items] == [0, 5, 6, 7, 8, 9, 10, 11]


def test_nothing_is_calibrated_when_fewer_than_three_items_are_left(a_dozen):
    with pytest.raises(NothingToCalibrate) as refusal:
        calibrate(a_dozen[:60])

    assert len(refusal.value.refused) == 12
    with pytest.raises(NothingToCalibrate):
        calibrate(a_dozen[:, :2])


def test_an_item_hardly_anybody_misses_still_ends_at_its_maximum():
    """Its slope and difficulty pull together: a search by coordinates gets stuck halfway."""
    true = items(40, seed=23)
    table = answers(people(5_000, seed=24, mean=1.0, sd=0.7), true, seed=25)

    found = calibrate(table, anchors={item: true[item] for item in range(0, 40, 4)})

    easiest = found.items[34]
    assert easiest.share_right > 0.997
    assert easiest.parameters.b == pytest.approx(true.b[34], abs=2 * easiest.errors.b)


def test_nobody_and_nothing_are_refused():
    with pytest.raises(NothingToCalibrate):
        calibrate(np.empty((0, 5), dtype=np.int8))
    with pytest.raises(NothingToCalibrate):
        calibrate(np.full((500, 5), -1, dtype=np.int8))


def test_people_without_answers_are_left_out(a_dozen):
    table = np.concatenate([a_dozen, np.full((300, 12), -1, dtype=np.int8)])

    assert calibrate(table).people == 1_000


def test_an_item_that_works_backwards_is_calibrated_as_a_weak_one(a_dozen):
    table = a_dozen.copy()
    table[:, 0] = 1 - table[:, 0]

    found = calibrate(table)

    assert found.converged
    assert found.items[0].parameters.a < 0.2


@pytest.mark.parametrize("table", [[[0, 1, 5]], [[0.5, 1.0]], [1, 0, 1]])
def test_what_is_not_a_table_of_answers_is_refused(table):
    with pytest.raises(AnswersAreMalformed):
        calibrate(table)


def test_an_anchor_without_a_column_is_refused(a_dozen):
    with pytest.raises(ParametersAreImpossible):
        calibrate(a_dozen, anchors={12: ItemParameters(1, 0)})


def test_a_model_nobody_knows_is_refused(a_dozen):
    with pytest.raises(ParametersAreImpossible):
        calibrate(a_dozen, model="4pl")


@pytest.mark.parametrize("belief", [{"log_a_sd": 0}, {"b_sd": -1}, {"c_alpha": 0.5}])
def test_a_prior_without_spread_is_refused(belief):
    with pytest.raises(ParametersAreImpossible):
        Priors(**belief)


@pytest.mark.parametrize("setting", [{"points": 5}, {"tolerance": 0}, {"rows": 0}])
def test_a_setting_that_cannot_work_is_refused(setting):
    with pytest.raises(ParametersAreImpossible):
        Settings(**setting)
