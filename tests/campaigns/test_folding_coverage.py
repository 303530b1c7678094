"""Folding adds differences, rebuilding adds up everything: both must say the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from campaigns.coverage_scene import (
    NOON,
    TODAY,
    YESTERDAY,
    assess,
    counted_by_hand,
    leave,
    make_campaign,
    make_person,
    make_unit,
    move,
    standings,
    summaries,
)
from credentials.recognition_scene import hold_class, make_programme
from credentials.recognition_scene import make_person as make_officer
from hocvu.campaigns.actions import fold_coverage, load_campaigns, rebuild_coverage
from hocvu.campaigns.models import Campaign, CoverageSummary, StandingToReview, Target
from hocvu.competency.actions import load_frameworks, withdraw_results
from hocvu.competency.models import Result
from hocvu.people.models import Person, Post
from hocvu.units.models import Unit

IN_SCOPE, OUT_OF_SCOPE = ("cadre", "civil_servant"), ("armed_forces", "other")


def fold():
    return fold_coverage(at=NOON)


# --- who counts, and where --------------------------------------------------------------------


def test_a_person_counts_in_their_unit_and_in_everything_above_it(campaign, ward, island):
    assess(campaign, make_person(ward), passed=True)
    make_person(island)

    fold()

    assert summaries() == {
        "VN": (2, 1, 1, 1),
        "31": (2, 1, 1, 1),
        "11473": (1, 1, 1, 1),
        "11948": (1, 0, 0, 0),
    }


def test_a_test_that_was_failed_counts_as_assessed_and_a_passed_one_is_not_lost_again(
    campaign, ward
):
    once, twice = make_person(ward), make_person(ward)
    assess(campaign, once, passed=False)
    assess(campaign, twice, passed=True)
    assess(campaign, twice, passed=False)

    fold()

    assert summaries()["11473"] == (2, 2, 2, 1)


@pytest.mark.parametrize("category", ["armed_forces", "other", "non_specialised_worker"])
def test_other_categories_are_out_of_scope(campaign, ward, category):
    assess(campaign, make_person(ward, category=category), passed=True)

    fold()

    assert summaries() == {}


def test_a_person_with_two_posts_counts_once_where_the_main_one_is(campaign, ward, island):
    person = make_person(ward)
    Post.objects.create(person=person, unit=island, category="cadre", is_main=False)

    fold()

    assert {code for code, *_ in (("11473",),)} <= summaries().keys()
    assert summaries()["VN"] == (1, 0, 0, 0)
    assert "11948" not in summaries()


def test_main_posts_that_overlap_for_a_while_count_once_in_the_later_one(campaign, ward, island):
    """The old post ends tomorrow, the new one began yesterday: a handover."""
    person = make_person(ward, from_on=YESTERDAY - timedelta(days=90))
    Post.objects.filter(person=person).update(until_on=TODAY + timedelta(days=1))
    Post.objects.create(person=person, unit=island, category="cadre", from_on=YESTERDAY)

    fold()

    assert (summaries()["VN"], summaries()["11948"]) == ((1, 0, 0, 0), (1, 0, 0, 0))
    rebuild_coverage(at=NOON)
    assert summaries()["VN"] == (1, 0, 0, 0)


def test_whoever_moved_counts_in_the_new_unit_with_what_was_shown_before(campaign, ward, far_ward):
    person = make_person(ward)
    assess(campaign, person, passed=True)
    fold()

    move(person, far_ward)
    fold()

    assert summaries() == {"VN": (1, 1, 1, 1), "01": (1, 1, 1, 1), "00070": (1, 1, 1, 1)}


def test_whoever_left_counts_nowhere(campaign, ward):
    person = make_person(ward)
    fold()

    leave(person)
    fold()

    assert (summaries(), standings()) == ({}, set())


def test_a_post_that_begins_tomorrow_counts_tomorrow(campaign, ward):
    make_person(ward, from_on=TODAY + timedelta(days=1))

    rebuild_coverage(at=NOON)
    before = summaries()
    rebuild_coverage(at=NOON + timedelta(days=1))

    assert (before, summaries()["VN"]) == ({}, (1, 0, 0, 0))


def test_whoever_is_left_with_no_result_is_counted_as_if_never_assessed(campaign, ward):
    fallen, retaken = make_person(ward), make_person(ward)
    assess(campaign, fallen, passed=True)
    assess(campaign, retaken, passed=True)
    fold()
    evidence = list(Result.objects.values_list("evidence", flat=True))

    withdraw_results(evidence, reason="Đáp án sai", by=None, at=NOON)
    assess(campaign, retaken, passed=False)
    fold()

    assert summaries()["11473"] == (2, 1, 1, 0)
    rebuild_coverage(at=NOON)
    assert summaries()["11473"] == (2, 1, 1, 0)


def test_a_result_that_ran_out_no_longer_shows_proficiency(campaign, ward):
    assess(campaign, make_person(ward), passed=True, valid_until=TODAY)

    rebuild_coverage(at=NOON)
    today = summaries()["VN"]
    rebuild_coverage(at=NOON + timedelta(days=1))

    assert (today, summaries()["VN"]) == ((1, 1, 1, 1), (1, 1, 1, 0))


def test_a_closed_class_makes_those_who_came_trained(campaign, city, ward):
    officer = make_officer("Trần Văn Quản", city, role="training_officer")
    came, stayed_away = make_person(ward), make_person(ward)
    still_open = hold_class(make_programme(), ward, officer, [came], [stayed_away], close=False)
    fold()
    assert summaries()["11473"] == (2, 0, 0, 0)

    from hocvu.classes.actions import close_class

    close_class(still_open, by=officer, at=NOON)
    fold()

    assert summaries()["11473"] == (2, 1, 0, 0)
    trained = {person for person, _unit, is_trained, *_ in standings() if is_trained}
    assert trained == {came.pk}


# --- folding and rebuilding -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_folding_any_sequence_of_changes_equals_counting_everybody_anew(
    campaign, ward, island, far_ward, seed
):
    chance = Random(seed)
    units = [ward, island, far_ward]
    everybody = [make_person(chance.choice(units)) for _ in range(8)]
    for _ in range(40):
        person, unit = chance.choice(everybody), chance.choice(units)
        match chance.randrange(7):
            case 0:
                everybody.append(make_person(unit, category=chance.choice(IN_SCOPE + OUT_OF_SCOPE)))
            case 1 | 2:
                assess(campaign, person, passed=chance.random() < 0.6)
            case 3:
                if not Post.objects.filter(person=person, from_on=TODAY).exists():
                    move(person, unit)
            case 4:
                leave_if_possible(person)
            case _:
                fold()
    fold()
    folded = (summaries(), standings())

    assert folded[0] == counted_by_hand()
    rebuild_coverage(at=NOON)

    assert (summaries(), standings()) == folded
    assert len({person for person, *_ in standings()}) == len(standings())


def leave_if_possible(person):
    if Post.objects.filter(person=person, until_on=None).exclude(from_on=TODAY).exists():
        leave(person)


def test_folding_twice_changes_nothing(campaign, ward):
    assess(campaign, make_person(ward), passed=True)
    fold()
    before = summaries()

    assert fold() == 0
    assert summaries() == before


def test_rebuilding_repairs_whatever_stood_there(campaign, ward):
    make_person(ward)
    fold()
    CoverageSummary.objects.filter(unit=ward).update(in_scope=77, assessed=12)

    rebuild_coverage(at=NOON)

    assert summaries() == counted_by_hand()


def test_rebuilding_follows_a_unit_that_was_moved_in_the_tree(campaign, ward, other_city):
    assess(campaign, make_person(ward), passed=True)
    fold()
    path = f"{other_city.path}{ward.code}."
    Unit.objects.filter(pk=ward.pk).update(parent=other_city, path=path)

    rebuild_coverage(at=NOON)

    assert summaries() == {"VN": (1, 1, 1, 1), "01": (1, 1, 1, 1), "11473": (1, 1, 1, 1)}


def test_a_new_unit_with_new_people_is_summed_up_from_the_first_fold(campaign, city, ward):
    make_person(ward)
    fold()

    make_person(make_unit(city, "99999", "Phường Mới"))
    fold()

    assert summaries() == counted_by_hand()


@pytest.mark.django_db(transaction=True)
def test_two_folders_at_once_count_everybody_once():
    nation = make_unit(None, "VN", "Việt Nam", "nation")
    ward = make_unit(nation, "11473", "Phường Thủy Nguyên")
    campaign = make_campaign()
    for _ in range(30):
        assess(campaign, make_person(ward), passed=True)

    def fold_in_a_thread(number):
        try:
            return rebuild_coverage(at=NOON) if number == 2 else fold()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(fold_in_a_thread, range(4)))

    assert summaries() == {"VN": (30, 30, 30, 30), "11473": (30, 30, 30, 30)}
    assert not StandingToReview.objects.exists()


# --- what the package brings ------------------------------------------------------------------


def test_the_packaged_campaign_brings_its_dated_targets_and_loads_twice_the_same(db):
    load_frameworks(at=NOON)
    load_campaigns(at=NOON)
    load_campaigns(at=NOON)

    campaign = Campaign.objects.get()
    shares = [target.exact_share for target in campaign.targets.order_by("from_on")]
    assert [float(share) for share in shares] == [0.8, 1.0]
    assert Target.objects.count() == 2
    assert not Person.objects.exists()
