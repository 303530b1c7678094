from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from campaigns.coverage_scene import NOON, assess, make_person, make_unit, sign_in
from hocvu.campaigns.actions import fold_coverage
from hocvu.campaigns.queries.coverage import (
    children_with_coverage,
    distance_of,
    lit_units,
    people_missing_in,
    why_they_are_missing,
    yardstick_of,
)
from hocvu.people.models import RoleGrant


def page_of(unit, name="unit"):
    return reverse(f"campaigns:{name}", args=[unit.pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def movement(campaign, ward, island, far_ward):
    """Five in the ward of whom four are proficient; two on the island, none; one far away."""
    for passed in (True, True, True, True, False):
        assess(campaign, make_person(ward), passed=passed)
    make_person(island, "Đặng Thu Đào")
    make_person(island, "Dương Dũng")
    assess(campaign, make_person(far_ward, "Trịnh Thị Xa"), passed=False)
    fold_coverage(at=NOON)
    return campaign


# --- figures ----------------------------------------------------------------------------------


def test_the_yardstick_is_the_first_target_the_nation_has_not_reached(movement):
    assert yardstick_of(movement).share == Fraction(4, 5)

    movement.targets.filter(share="4/5").update(share="1/2")

    assert yardstick_of(movement).share == Fraction(1)


def test_once_every_target_is_reached_the_last_one_stays_the_yardstick(campaign, ward):
    assess(campaign, make_person(ward), passed=True)
    fold_coverage(at=NOON)

    assert yardstick_of(campaign).share == Fraction(1)


def test_a_unit_is_lit_exactly_at_its_target(movement):
    assert lit_units(movement, Fraction(4, 5)) == 1
    assert lit_units(movement, Fraction(80_001, 100_000)) == 0


@pytest.mark.parametrize("target", [Fraction(4, 5), Fraction(1), Fraction(1, 3)])
def test_the_database_and_the_rule_agree_on_how_many_are_missing(movement, city, target):
    for child in children_with_coverage(movement, city, target):
        assert child.missing == distance_of(child, target).missing


# --- who sees which ---------------------------------------------------------------------------


def test_a_leader_of_one_city_sees_no_other_city(client, movement, leader, city, other_city):
    sign_in(client, leader)

    assert client.get(page_of(city)).status_code == 200
    assert client.get(page_of(other_city)).status_code == 404
    assert client.get(page_of(other_city, "missing")).status_code == 404


def test_the_nation_is_open_only_to_a_role_held_on_the_nation(
    client, movement, leader, national_leader, nation
):
    assert sign_in(client, leader).get(page_of(nation)).status_code == 404
    assert sign_in(client, national_leader).get(page_of(nation)).status_code == 200


def test_a_role_that_has_ended_opens_nothing(client, movement, leader, city):
    RoleGrant.objects.filter(person=leader).update(until_on=date(2026, 1, 2))

    assert sign_in(client, leader).get(page_of(city)).status_code == 404


def test_an_official_without_a_role_sees_no_coverage(client, movement, ward, city):
    official = make_person(ward)

    assert sign_in(client, official).get(page_of(city)).status_code == 404
    assert sign_in(client, official).get(reverse("campaigns:start")).status_code == 200


@pytest.mark.parametrize("page", ["unit", "missing"])
def test_an_administrator_sees_no_results(client, movement, city, page):
    administrator = make_person(city, category="other", role="administrator")

    assert sign_in(client, administrator).get(page_of(city, page)).status_code == 404


def test_nobody_looks_without_signing_in(client, movement, city):
    assert client.get(page_of(city)).status_code == 302


def test_the_way_begins_at_the_one_unit_a_leader_answers_for(client, movement, leader, city):
    response = sign_in(client, leader).get(reverse("campaigns:start"))

    assert response["Location"] == page_of(city)


def test_who_answers_for_two_units_chooses(client, movement, leader, other_city, city):
    RoleGrant.objects.create(
        person=leader, role="leader", unit=other_city, from_on=date(2026, 1, 1)
    )

    page = text_of(sign_in(client, leader).get(reverse("campaigns:start")))

    assert page_of(city) in page
    assert page_of(other_city) in page


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["VN", "31", "11473"])
def test_a_page_asks_the_same_few_questions_whatever_its_unit(
    client, movement, national_leader, code, django_assert_max_num_queries
):
    from hocvu.units.queries import unit_with_code

    address = page_of(unit_with_code(code))
    sign_in(client, national_leader)

    with django_assert_max_num_queries(16):  # three of them keep the session alive
        assert client.get(address).status_code == 200


def test_a_page_says_the_figures_and_how_far_it_is(client, movement, leader, city):
    page = text_of(sign_in(client, leader).get(page_of(city)))

    assert "57,1" in page  # 4 of 7, cut
    assert "Phường Thủy Nguyên" in page
    assert "<svg" in page


def test_the_path_shows_only_what_may_be_opened(client, movement, leader, ward):
    page = text_of(sign_in(client, leader).get(page_of(ward)))

    assert page_of(ward.parent) in page
    assert page_of(ward.parent.parent) not in page


def test_units_are_sorted_by_how_many_people_are_really_missing(
    client, campaign, ward, island, leader
):
    """At 4/5, six of ten miss two; none of one misses one: though four and one are not yet."""
    for at in range(10):
        assess(campaign, make_person(ward), passed=at < 6)
    city = ward.parent
    for unit in (island, make_unit(city, "11950", "Phường Ba Người")):
        for _ in range(3 if unit is not island else 1):
            make_person(unit)
    fold_coverage(at=NOON)

    response = sign_in(client, leader).get(page_of(city), {"sort": "-missing"})

    names = ["Phường Ba Người", "Phường Thủy Nguyên", "Đặc khu Bạch Long Vĩ"]
    table = text_of(response).split("<tbody")[1]
    assert sorted(names, key=table.index) == names


def test_the_figures_leave_as_a_workbook(client, movement, leader, city):
    sign_in(client, leader)

    for name in ("unit", "missing"):
        workbook = client.get(page_of(city, name), {"format": "xlsx"})
        assert workbook.content.startswith(b"PK"), name


@pytest.mark.parametrize(
    ("why", "is_listed"),
    [("untrained", True), ("unassessed", False), ("failed", False), ("", True)],
)
def test_who_is_missing_is_listed_by_the_reason(client, leader, movement, why, is_listed):
    city = RoleGrant.objects.get(person=leader).unit

    page = text_of(sign_in(client, leader).get(page_of(city, "missing"), {"why": why}))

    assert ("Đặng Thu Đào" in page) == is_listed


def test_a_leader_reads_how_many_are_missing_for_each_reason(client, leader, movement, city):
    page = text_of(sign_in(client, leader).get(page_of(city, "missing"), {"why": "failed"}))

    standings = people_missing_in(movement, leader, city)
    reasons = why_they_are_missing(standings)
    assert sum(count for _why, count in reasons) == standings.count() == 3
    for why, count in reasons:
        assert f'<a href="?why={why}">{count} {why.label}</a>' in page


@pytest.mark.usefixtures("movement")
@pytest.mark.parametrize(("unit", "is_listed"), [("bach long", True), ("thuy nguyen", False)])
def test_who_is_missing_is_found_by_the_unit(client, leader, city, unit, is_listed):
    page = text_of(sign_in(client, leader).get(page_of(city, "missing"), {"unit": unit}))

    assert ("Đặng Thu Đào" in page) == is_listed


def test_who_is_missing_is_found_without_marks(client, movement, leader, island):
    page = text_of(sign_in(client, leader).get(page_of(island, "missing"), {"q": "dao"}))

    assert "Đặng Thu Đào" in page
    assert "Dương Dũng" not in page


def test_the_missing_of_other_cities_are_not_in_anybody_s_list(movement, leader, nation, city):
    names = {each.person.full_name for each in people_missing_in(movement, leader, nation)}

    assert "Trịnh Thị Xa" not in names
    assert len(names) == 3


def test_a_unit_without_anybody_says_so(client, campaign, city, leader):
    fold_coverage(at=NOON)

    response = sign_in(client, leader).get(page_of(city))

    assert response.status_code == 200


def test_before_a_campaign_is_loaded_there_is_no_coverage_page(client, leader, city):
    assert sign_in(client, leader).get(page_of(city)).status_code == 404


def test_new_figures_are_on_the_map_at_once(client, movement, national_leader, nation, island):
    sign_in(client, national_leader)
    before = text_of(client.get(page_of(nation)))

    for standing in people_missing_in(movement, national_leader, island):
        assess(movement, standing.person, passed=True)
    fold_coverage(at=NOON.replace(hour=13))

    assert text_of(client.get(page_of(nation))) != before
