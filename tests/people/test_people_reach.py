"""Who sees whom: nothing outside the granted subtrees is reachable, by any question or page."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_scene import NOON, somebody, with_role

from hocvu.kernel.errors import NotAllowed
from hocvu.people.actions import IdentityNumberIsTaken, NewPerson, add_people, grant_role
from hocvu.people.models import Person, RoleGrant
from hocvu.people.policies import can_see_identity_number
from hocvu.people.queries.people import people_open_to, units_open_to
from hocvu.people.queries.scope import Scope, scope_of
from hocvu.people.rules.access import PERMISSIONS_OF, Permission
from hocvu.units.models import Unit

ROLES = sorted(PERMISSIONS_OF)


@st.composite
def trees(draw):
    """Parents by position: unit 0 is the root, every other hangs below an earlier one."""
    size = draw(st.integers(2, 12))
    return [None, *(draw(st.integers(0, at - 1)) for at in range(1, size))]


def paths_of(parents):
    paths = []
    for at, parent in enumerate(parents):
        # 1 and 11 are siblings whose codes begin alike: the dot must keep them apart
        paths.append(f"{paths[parent] if parent is not None else ''}{'1' * (at + 1)}.")
    return paths


grants = st.lists(st.tuples(st.sampled_from(ROLES), st.integers(0, 11)), max_size=4)


@given(parents=trees(), held=grants, may=st.sampled_from(list(Permission)))
def test_a_scope_covers_exactly_the_granted_subtrees(parents, held, may):
    paths = paths_of(parents)
    granted = [(role, paths[at % len(paths)]) for role, at in held]
    scope = Scope(tuple(granted))

    for path in paths:
        expected = any(
            may in PERMISSIONS_OF[role] and path.startswith(top) for role, top in granted
        )
        assert scope.covers(may, Unit(path=path)) is expected
    assert scope.may_anywhere(may) is any(may in PERMISSIONS_OF[role] for role, _ in granted)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parents=trees(), held=grants)
def test_questions_reach_nobody_outside_the_granted_subtrees(db, parents, held):
    with transaction.atomic():
        units = planted(parents)
        rows = [NewPerson(f"Người {unit.pk}", unit.pk, "other") for unit in units]
        people = [Person.objects.get(pk=pk) for pk in add_people(rows, by=None, at=NOON)]
        actor, tops = people[0], [(role, units[at % len(units)]) for role, at in held]
        for role, top in tops:
            grant_role(actor, role, top, by=None, at=NOON)

        seen = [top.path for role, top in tops if Permission.SEE_PEOPLE in PERMISSIONS_OF[role]]
        inside = {unit for unit in units if any(unit.path.startswith(path) for path in seen)}
        beside = {person for person, unit in zip(people, units, strict=True) if unit in inside}

        assert set(units_open_to(actor)) == inside | {units[0]}
        assert set(people_open_to(actor)) == beside | {actor}
        transaction.set_rollback(True)


def planted(parents):
    units = []
    for at, path in enumerate(paths_of(parents)):
        units.append(
            Unit.objects.create(
                code="1" * (at + 1),
                kind="department",
                path=path,
                parent=units[parents[at]] if parents[at] is not None else None,
                name=path,
                search_key=path,
                sort_key=path,
            )
        )
    return units


def test_siblings_whose_codes_begin_alike_are_kept_apart(hai_phong, le_chan):
    scope = Scope((("leader", "VN.3."),))

    assert not scope.covers(Permission.SEE_PEOPLE, hai_phong)
    assert not Unit.objects.filter(scope.reach(Permission.SEE_PEOPLE, "")).exists()


@pytest.fixture
def stranger(ba_dinh):
    return somebody(ba_dinh, "Trần Thị Xa", identity_number="001185000001")


PAGES = (
    "/people/{person}/",
    "/people/{person}/roles/",
    "/people/{person}/account/",
    "/units/{unit}/",
)


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_another_province_do_not_exist(signed_in, officer, stranger, ba_dinh, address):
    client = signed_in(officer)

    answer = client.get(address.format(person=stranger.pk, unit=ba_dinh.pk))

    assert answer.status_code == 404


def test_lists_name_nobody_of_another_province(signed_in, officer, stranger, le_chan):
    somebody(le_chan, "Phạm Văn Gần")
    client = signed_in(officer)

    people, units = client.get("/people/").content.decode(), client.get("/units/").content.decode()
    file = client.get("/people/?format=xlsx")

    assert "Phạm Văn Gần" in people
    assert "Trần Thị Xa" not in people
    assert "Ba Đình" not in units
    assert file["Content-Type"].endswith("sheet")


def test_somebody_without_a_role_sees_only_themselves(signed_in, nobody, officer):
    client = signed_in(nobody)

    assert list(people_open_to(nobody)) == [nobody]
    assert client.get(f"/people/{officer.pk}/").status_code == 404
    assert client.get(f"/people/{nobody.pk}/").status_code == 200
    assert client.get("/rosters/upload/").status_code == 403


def test_a_role_that_ended_reaches_nobody(le_chan, nobody, leader):
    RoleGrant.objects.filter(person=leader).update(until_on=NOON.date())

    assert not scope_of(leader, on=NOON.date()).grants


def test_names_are_found_without_marks_and_sorted_by_given_name(signed_in, officer, le_chan):
    for name in ("Dương Dũng", "Đặng Thu Đào", "Lê Đức Anh", "Hoàng Ăn"):
        somebody(le_chan, name)
    client = signed_in(officer)

    page = client.get("/people/", {"unit": "11383"}).content.decode()
    places = [page.index(name) for name in ("Lê Đức Anh", "Hoàng Ăn", "Dương Dũng", "Đặng Thu Đào")]

    assert places == sorted(places)
    assert "Đặng Thu Đào" in client.get("/people/", {"name": "thu dang"}).content.decode()
    assert "Dương Dũng" not in client.get("/people/", {"name": "thu dang"}).content.decode()


def test_people_are_filtered_by_unit_name_and_category(signed_in, officer, le_chan, an_bien):
    somebody(le_chan, "Phạm Ở Lê Chân")
    somebody(an_bien, "Phạm Ở An Biên")
    client = signed_in(officer)

    page = client.get("/people/", {"unit": "le chan", "category": "civil_servant"}).content.decode()

    assert "Phạm Ở Lê Chân" in page
    assert "Phạm Ở An Biên" not in page
    assert "Phạm Ở" not in client.get("/people/", {"category": "cadre"}).content.decode()


def test_identity_numbers_are_shown_to_the_training_officer_and_oneself_only(
    signed_in, officer, leader, le_chan
):
    person = somebody(le_chan, "Phạm Văn Số", identity_number="031085000777")

    masked = signed_in(leader).get(f"/people/{person.pk}/").content.decode()
    whole = signed_in(officer).get(f"/people/{person.pk}/").content.decode()
    listed = signed_in(officer).get("/people/").content.decode()

    assert "031085000777" not in masked
    assert "••••••••0777" in masked
    assert "031085000777" in whole
    assert "031085000777" not in listed
    assert can_see_identity_number(person, person)


def test_a_unit_page_tells_names_and_children(signed_in, officer, hai_phong, le_chan):
    page = signed_in(officer).get(f"/units/{hai_phong.pk}/").content.decode()

    assert "Phường Lê Chân" in page
    assert "từ 21/11/2026 đến nay" in page


def test_an_administrator_grants_a_role_by_page(signed_in, administrator, nobody, an_bien):
    client = signed_in(administrator)
    address = f"/people/{nobody.pk}/roles/"

    wrong = client.post(address, {"role": "leader", "unit": "00004"})
    right = client.post(address, {"role": "leader", "unit": "11407"})
    grant = RoleGrant.objects.get(person=nobody)
    ended = client.post(f"/roles/{grant.pk}/end/")

    assert (wrong.status_code, right.status_code, ended.status_code) == (422, 303, 303)
    assert (grant.unit, grant.role) == (an_bien, "leader")


def test_an_officer_may_not_grant_roles_by_page(signed_in, officer, nobody):
    answer = signed_in(officer).post(
        f"/people/{nobody.pk}/roles/", {"role": "leader", "unit": "11407"}
    )

    assert answer.status_code == 403


def test_an_administrator_makes_an_account_by_page(signed_in, administrator, nobody):
    client = signed_in(administrator)
    address = f"/people/{nobody.pk}/account/"

    empty = client.post(address, {"username": ""})
    slip = client.post(address, {"username": "moi"})
    again = client.post(address, {"username": "moi"})

    assert (empty.status_code, slip.status_code) == (422, 200)
    assert slip.content.count(b"moi") >= 1
    assert slip.context["password"] == again.context["password"]
    assert "no-store" in slip["Cache-Control"]


# --- Joining -----------------------------------------------------------------------------------


def test_people_are_added_in_the_order_given(le_chan):
    rows = [NewPerson(f"Người Thứ {at}", le_chan.pk, "cadre") for at in range(3)]

    ids = add_people(rows, by=None, at=NOON)

    assert [Person.objects.get(pk=pk).full_name for pk in ids] == [row.full_name for row in rows]
    assert add_people([], by=None, at=NOON) == []


def test_one_number_never_belongs_to_two_people(le_chan):
    row = NewPerson("Người Một", le_chan.pk, "cadre", identity_number="031085000001")
    twin = NewPerson("Người Hai", le_chan.pk, "cadre", identity_number="031085000001")

    with pytest.raises(IdentityNumberIsTaken):
        add_people([row, twin], by=None, at=NOON)
    add_people([row], by=None, at=NOON)
    with pytest.raises(IdentityNumberIsTaken):
        add_people([twin], by=None, at=NOON)
    assert Person.objects.filter(identity_number="031085000001").count() == 1


def test_people_are_added_only_within_ones_own_reach(ward_officer, an_bien, leader):
    row = NewPerson("Người Mới", an_bien.pk, "cadre")

    for by in (ward_officer, leader):
        with pytest.raises(NotAllowed):
            add_people([row], by=by, at=NOON)
    assert with_role("training_officer", an_bien)
