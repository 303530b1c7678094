"""Units, people, roles, rosters, coverage."""

from datetime import timedelta

from hocvu.campaigns.models import Campaign, CoverageSummary, Standing, Target
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, Post, RoleGrant, RosterImport
from hocvu.units.models import LegacyUnit, Unit, UnitName, path_below

ROLES = ("training_officer", "registrar", "leader", "inspector", "administrator", "teacher")
_KINDS = {0: "province", 1: "ward", 2: "department"}
_LEAST_UNITS, _MOST_UNITS = 8, 13


def _unit(world, parent, kind, code):
    name = f"Đơn vị {world.mark().upper()}"
    unit = Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
        longitude=100 + world.chance.random() * 9,
        latitude=8 + world.chance.random() * 15,
    )
    UnitName.objects.create(unit=unit, name=name, kind=kind, valid_from=world.today)
    world.units.append(unit)
    return unit


def make_units(world):
    """Codes are often the beginning of their neighbour's code: 3, 31, 311."""
    chance = world.chance
    nation = _unit(world, None, "nation", "VN")
    depth_of = {nation.pk: 0}
    codes = {"VN"}
    for _number in range(chance.randint(_LEAST_UNITS, _MOST_UNITS)):
        parent = chance.choice([unit for unit in world.units if depth_of[unit.pk] <= 2])
        base = chance.choice([*codes - {"VN"}, "3", "4"])
        code = next(code for n in range(100) if (code := f"{base}{n or ''}") not in codes)
        codes.add(code)
        unit = _unit(world, parent, _KINDS[depth_of[parent.pk]], code[:35])
        depth_of[unit.pk] = depth_of[parent.pk] + 1
    for unit in world.units:
        old = f"Xã {world.mark()}"
        LegacyUnit.objects.create(
            ward_code=world.digits(5),
            name=old,
            district="",
            province="",
            name_key=fold(old),
            district_key="",
            province_key="",
            successor=unit,
            share="whole",
        )


def make_people(world):
    chance = world.chance
    for unit in world.units:
        for _number in range(chance.randint(1, 3)):
            _person(world, unit)
    _person(world, None)
    Person.objects.bulk_create(world.people)
    Post.objects.bulk_create(world.posts)
    Account.objects.bulk_create(
        Account(person=person, username=world.mark(), password="!") for person in world.people
    )


def _person(world, unit):
    chance = world.chance
    name = f"Trần Thị {world.mark().capitalize()}"
    person = Person(
        full_name=name,
        search_key=fold(name),
        sort_key=given_name_sort_key(name),
        birth_year=chance.randint(1960, 2000),
        identity_number=world.number("9", 12),
        phone=world.number("09", 10),
        email=f"{world.mark()}@example.vn",
    )
    world.people.append(person)
    if unit is None:
        return
    long_ago = world.today - timedelta(days=400)
    post = {"person": person, "category": "civil_servant", "from_on": long_ago}
    world.posts.append(Post(unit=unit, title=f"Chức {world.mark()}", **post))
    if chance.random() < 0.25:
        left = world.today - timedelta(days=chance.randint(0, 90))
        where = chance.choice(world.units)
        world.posts.append(Post(unit=where, title=f"Chức {world.mark()}", until_on=left, **post))
    if chance.random() < 0.15:
        where = chance.choice(world.units)
        world.posts.append(Post(unit=where, title=f"Chức {world.mark()}", is_main=False, **post))


def make_grants(world):
    chance, day = world.chance, timedelta(days=1)
    seen = set()
    for _number in range(max(6, len(world.people) // 2)):
        person, unit = chance.choice(world.people), chance.choice(world.units)
        role = chance.choice(ROLES)
        if (person.pk, unit.pk, role) in seen:
            continue
        seen.add((person.pk, unit.pk, role))
        begins, ends = chance.choice(
            [(-9, None), (-9, None), (-9, None), (0, 30), (-9, 0), (-9, -1), (1, None)]
        )
        until_on = None if ends is None else world.today + ends * day
        grant = RoleGrant(
            person=person, role=role, unit=unit, from_on=world.today + begins * day,
            until_on=until_on,
        )  # fmt: skip
        world.grants.append(grant)
    for role in ROLES:  # in the first province somebody holds each
        person, unit = chance.choice(world.people), world.units[1]
        if (person.pk, unit.pk, role) not in seen:
            since = world.today - 9 * day
            world.grants.append(RoleGrant(person=person, role=role, unit=unit, from_on=since))
    _somebody_who_writes_for_everybody(world, world.today - 9 * day)
    RoleGrant.objects.bulk_create(world.grants)


def _somebody_who_writes_for_everybody(world, since):
    nation = world.units[0]
    with_a_role = {grant.person for grant in world.grants if grant.unit == nation}
    person = next(each for each in world.people if each not in with_a_role)
    world.grants.append(RoleGrant(person=person, role="teacher", unit=nation, from_on=since))


def is_main_today(post):
    return post.until_on is None and post.is_main


def make_rosters(world):
    chance = world.chance
    for number in range(5):
        unit = chance.choice(world.units)
        line = {
            "row": 2,
            "full_name": f"Lê Văn {world.mark()}",
            "unit_id": unit.pk,
            "unit_name": unit.name,
            "identity_number": world.number("9", 12),
        }
        imported = world.now if number == 0 else None
        world.imports.append(
            RosterImport.objects.create(
                unit=unit,
                file_name=f"{world.mark()}.xlsx",
                file_sha256=f"{chance.getrandbits(256):064x}",
                uploaded_by=chance.choice(world.people),
                uploaded_at=world.now,
                lines=[{**line, "outcome": "added"} if imported else line],
                imported_at=imported,
                imported_by=chance.choice(world.people) if imported else None,
            )
        )


def make_coverage(world):
    campaign = Campaign.objects.create(
        code=f"ct-{world.digits(8)}", name="Phong trào", name_en="Movement",
        framework=world.framework, categories=["civil_servant"], programme_codes=[],
    )  # fmt: skip
    Target.objects.create(campaign=campaign, share="4/5", from_on=world.today, until_on=world.today)
    for post in world.posts:
        if is_main_today(post):
            world.standings.append(Standing(campaign=campaign, person=post.person, unit=post.unit))
    Standing.objects.bulk_create(world.standings)
    CoverageSummary.objects.bulk_create(
        CoverageSummary(campaign=campaign, unit=unit, in_scope=2, as_of=world.now)
        for unit in world.units
    )
