"""Oracle: catsim's selection by maximum information."""

import numpy as np
import pytest
from catsim import ItemBank
from catsim.selection import MaxInfoSelector
from hypothesis import given
from hypothesis import strategies as st
from simulated import items, people, root_mean_square

from hocvu.psychometrics.ability import eap
from hocvu.psychometrics.adaptive import (
    AdaptiveRules,
    Because,
    ItemPool,
    NothingLeftToAsk,
    Quota,
    QuotasDoNotFit,
    StopReason,
    next_item,
    reasons_quotas_fail,
    should_stop,
)
from hocvu.psychometrics.calibration import calibrate
from hocvu.psychometrics.errors import ParametersAreImpossible

CURVES = items(200, seed=61, c=0.15)
POOL = ItemPool.of(CURVES, content=np.arange(200) % 5)
THIRTY = AdaptiveRules(max_items=30)


def rng(seed=0):
    return np.random.default_rng(seed)


def sheet(pool, rules, ability, generator):
    """One person through a whole test: items asked, what was right, θ at the end, why it ended."""
    asked, right, theta, error = [], [], 0.0, 1.0
    while (stop := should_stop(pool, asked, error, rules)) is None:
        item = next_item(pool, asked, theta, rules, generator).item
        asked.append(item)
        right.append(int(generator.random() < pool.curves.take([item]).probability(ability)[0]))
        found = eap([right], pool.curves.take(asked))
        theta, error = float(found.theta[0]), float(found.error[0])
    return asked, right, theta, stop


def whole_test(pool, rules, ability, generator):
    asked, _, theta, stop = sheet(pool, rules, ability, generator)
    return asked, theta, stop


@given(st.floats(-3, 3), st.sets(st.integers(0, 199), max_size=20))
def test_without_constraints_the_choice_is_that_of_the_oracle(theta, asked):
    bank = ItemBank(np.column_stack([CURVES.a, CURVES.b, CURVES.c, np.ones(200)]))
    oracle = MaxInfoSelector().select(
        item_bank=bank, administered_items=sorted(asked), est_theta=theta
    )

    choice = next_item(POOL, asked, theta, THIRTY, rng())

    assert choice.item == oracle
    assert choice.reasons == (Because.MOST_INFORMATIVE,)
    assert choice.open_items == 200 - len(asked)


def test_items_asked_adaptively_are_calibrated_on_the_scale_they_were_asked_on():
    """New items ride along in adaptive tests; who saw which depends on earlier answers."""
    generator, new = rng(69), items(10, seed=70)
    table = np.full((250, 210), -1, dtype=np.int8)
    for person, ability in enumerate(people(250, seed=71, mean=0.5)):
        asked, right, _, _ = sheet(POOL, THIRTY, ability, generator)
        table[person, asked] = right
        table[person, 200:] = generator.random(10) < new.probability(ability)

    found = calibrate(table, anchors={item: CURVES[item] for item in range(200)})

    unknown = [each for each in found.items if not each.anchored]
    apart = [each.parameters.b - new.b[each.item - 200] for each in unknown]
    assert found.population.mean == pytest.approx(0.5, abs=0.15)
    assert [each.item for each in unknown] == list(range(200, 210))
    assert root_mean_square(apart) < 0.3


def test_the_choice_tells_everything_it_rests_on():
    rules = AdaptiveRules(max_items=30, randomesque=4)

    choice = next_item(POOL, [3, 8], 0.5, rules, rng(7))

    information = CURVES.information(0.5)
    assert choice.item in {each.item for each in choice.candidates}
    assert len(choice.candidates) == 4
    assert choice.theta == 0.5
    assert choice.content == choice.item % 5
    assert choice.information == pytest.approx(information[choice.item])
    assert [each.information for each in choice.candidates] == sorted(
        (each.information for each in choice.candidates), reverse=True
    )
    assert Because.DRAWN_AMONG_BEST in choice.reasons


def test_the_same_seed_gives_the_same_test_and_another_seed_another():
    rules = AdaptiveRules(max_items=20, randomesque=5)

    first = whole_test(POOL, rules, 0.3, rng(1))

    assert whole_test(POOL, rules, 0.3, rng(1)) == first
    assert whole_test(POOL, rules, 0.3, rng(2))[0] != first[0]


def test_ability_is_found_again_in_thirty_items():
    abilities = people(60, seed=62)
    generator = rng(63)

    found = [whole_test(POOL, THIRTY, ability, generator)[1] for ability in abilities]

    assert root_mean_square(found - abilities) < 0.4


def test_every_test_meets_its_quotas():
    quotas = {0: Quota(6), 1: Quota(2, 3), 2: Quota(2, 2), 4: Quota(0, 0)}
    rules = AdaptiveRules(max_items=14, quotas=quotas, randomesque=3)
    generator = rng(64)

    for ability in (-2.0, 0.0, 2.0):
        asked, _, stop = whole_test(POOL, rules, ability, generator)

        counts = np.bincount(POOL.content[asked], minlength=5)
        assert stop is StopReason.LENGTH
        assert counts[0] >= 6
        assert 2 <= counts[1] <= 3
        assert counts[2] == 2
        assert counts[4] == 0


def test_the_area_furthest_behind_comes_first_and_the_choice_says_so():
    rules = AdaptiveRules(max_items=10, quotas={1: Quota(2), 3: Quota(4)})

    choice = next_item(POOL, [1], 0.0, rules, rng())  # 1 has one of two, 3 none of four

    assert choice.content == 3
    assert Because.CONTENT_DUE in choice.reasons


def test_a_precise_test_goes_on_until_its_quotas_are_met():
    rules = AdaptiveRules(max_items=30, min_items=2, target_se=0.5, quotas={1: Quota(2)})

    assert should_stop(POOL, [1, 2, 3], 0.3, rules) is None
    assert should_stop(POOL, [1, 6, 3], 0.3, rules) is StopReason.PRECISION


def test_a_precise_test_goes_on_until_its_least_length():
    rules = AdaptiveRules(max_items=30, min_items=5, target_se=0.5)

    assert should_stop(POOL, [1, 2, 3, 4], 0.1, rules) is None
    assert should_stop(POOL, [1, 2, 3, 4, 5], 0.5, rules) is StopReason.PRECISION
    assert should_stop(POOL, [1, 2, 3, 4, 5], 0.51, rules) is None


def test_items_shown_too_often_are_left_out():
    exposure = np.zeros(200)
    best = next_item(POOL, [], 0.0, THIRTY, rng()).item
    exposure[best] = 0.3
    pool = ItemPool.of(CURVES, exposure=exposure)

    choice = next_item(pool, [], 0.0, AdaptiveRules(max_items=30, max_exposure=0.2), rng())

    assert choice.item != best
    assert Because.EXPOSURE_CLOSED in choice.reasons


def test_exposure_gives_way_when_nothing_else_is_left_and_says_so():
    pool = ItemPool.of(CURVES, exposure=np.full(200, 0.9))

    choice = next_item(pool, [], 0.0, AdaptiveRules(max_items=30, max_exposure=0.2), rng())

    assert Because.EXPOSURE_RELAXED in choice.reasons


def test_no_item_is_shown_in_more_tests_than_allowed():
    rules = AdaptiveRules(max_items=10, max_exposure=0.25, randomesque=3)
    shown, generator, tests = np.zeros(200), rng(67), 80

    for taken, ability in enumerate(people(tests, seed=68)):
        pool = ItemPool.of(CURVES, exposure=shown / max(taken, 1))
        shown[whole_test(pool, rules, ability, generator)[0]] += 1

    assert shown.max() <= 0.25 * tests + 1
    assert (shown > 0).sum() > 60


def test_drawing_among_the_best_spreads_the_first_item():
    rules = AdaptiveRules(max_items=30, randomesque=5)
    generator = rng(65)

    first = [next_item(POOL, [], 0.0, rules, generator).item for _ in range(500)]

    shares = np.bincount(first) / 500
    assert (shares > 0).sum() == 5
    assert shares.max() < 0.3


def test_enemies_never_meet_whichever_comes_first():
    pool = ItemPool.of(items(3, seed=66), enemies={0: frozenset({1})})

    for first, other in ((0, 1), (1, 0)):
        choice = next_item(pool, [first], 0.0, THIRTY, rng())
        assert choice.item == 2
        assert Because.ENEMIES_CLOSED in choice.reasons
        assert should_stop(pool, [first, 2], 1.0, THIRTY) is StopReason.POOL_EXHAUSTED
        with pytest.raises(NothingLeftToAsk):
            next_item(pool, [first, 2], 0.0, THIRTY, rng())
        assert other not in (first, choice.item)


def test_a_pool_that_cannot_meet_a_quota_is_named_beforehand():
    rules = AdaptiveRules(max_items=60, quotas={0: Quota(41), 1: Quota(5), 9: Quota(1)})

    assert reasons_quotas_fail(POOL, rules) == (0, 9)


def test_quotas_that_exceed_the_length_are_refused():
    with pytest.raises(QuotasDoNotFit):
        AdaptiveRules(max_items=5, quotas={1: Quota(3), 2: Quota(3)})
    with pytest.raises(QuotasDoNotFit):
        Quota(3, 2)


@pytest.mark.parametrize(
    "rules",
    [
        {"max_items": 0},
        {"max_items": 3, "min_items": 4},
        {"max_items": 3, "randomesque": 0},
        {"max_items": 3, "max_exposure": 0},
        {"max_items": 3, "target_se": 0},
    ],
)
def test_rules_that_cannot_be_kept_are_refused(rules):
    with pytest.raises(ParametersAreImpossible):
        AdaptiveRules(**rules)


@pytest.mark.parametrize("asked", [[1, 1], [200], [-1]])
def test_items_asked_twice_or_unknown_are_refused(asked):
    with pytest.raises(ParametersAreImpossible):
        next_item(POOL, asked, 0.0, THIRTY, rng())


def test_an_ability_that_is_no_number_is_refused():
    with pytest.raises(ParametersAreImpossible):
        next_item(POOL, [], np.nan, THIRTY, rng())


@pytest.mark.parametrize(
    "pool",
    [
        {"content": np.zeros(3, dtype=np.int64)},
        {"exposure": np.full(200, 1.5)},
        {"enemies": {0: frozenset({200})}},
        {"enemies": {4: frozenset({4})}},
    ],
    ids=["content", "exposure", "unknown enemy", "its own enemy"],
)
def test_a_pool_that_contradicts_itself_is_refused(pool):
    with pytest.raises(ParametersAreImpossible):
        ItemPool.of(CURVES, **pool)
