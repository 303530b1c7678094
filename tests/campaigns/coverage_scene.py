"""What the scenes of these tests are made of."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from hocvu.campaigns.models import Campaign, CoverageSummary, Standing, Target
from hocvu.competency.actions import NewResult, record_results
from hocvu.competency.models import Framework
from hocvu.kernel.events import publish
from hocvu.kernel.time import VIETNAM
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.events import PeopleChangedPosts
from hocvu.people.models import Account, Person, Post, RoleGrant
from hocvu.units.models import Unit, path_below

NOON = datetime(2026, 11, 20, 12, tzinfo=VIETNAM)
TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
_serial = count(1)


def make_unit(parent, code, name, kind="ward", place=None):
    longitude, latitude = place or (None, None)
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
        longitude=longitude,
        latitude=latitude,
    )


def make_person(unit, name="", *, category="civil_servant", role=None, **post):
    name = name or f"Lê Văn Số {next(_serial)}"
    person = Person.objects.create(
        full_name=name, search_key=fold(name), sort_key=given_name_sort_key(name), birth_year=1980
    )
    Post.objects.create(person=person, unit=unit, category=category, **post)
    if role:
        RoleGrant.objects.create(person=person, role=role, unit=unit, from_on=date(2026, 1, 1))
    publish(PeopleChangedPosts((person.pk,), NOON))
    return person


def sign_in(client, person):
    account = Account.objects.filter(person=person).first() or Account.objects.create(
        person=person, username=f"covered{next(_serial)}"
    )
    client.force_login(account)
    return client


def make_campaign(shares=("4/5", "1/1")):
    framework = Framework.objects.create(
        code="khung",
        version="1",
        name="Khung năng lực",
        name_en="Framework",
        issued_by="Thông tư",
        effective_from=date(2025, 3, 11),
        levels=[{"code": "CB1", "name_vi": "Cơ bản, bậc 1", "name_en": "Basic, level 1"}],
    )
    campaign = Campaign.objects.create(
        code="movement",
        name="Bình dân học vụ số",
        name_en="Digital popular education",
        framework=framework,
        categories=["cadre", "civil_servant", "public_employee", "contract_worker"],
        programme_codes=["leadership-2"],
    )
    for year, share in enumerate(shares, start=2025):
        Target.objects.create(
            campaign=campaign, share=share, from_on=date(year, 1, 1), until_on=date(year, 12, 31)
        )
    return campaign


def assess(campaign, person, *, passed, valid_until=None):
    result = NewResult(
        person_id=person.pk,
        framework_id=campaign.framework_id,
        level="CB1",
        passed=passed,
        points=Decimal(8 if passed else 3),
        out_of=Decimal(10),
        assessed_at=NOON,
        evidence=f"exams.attempt:{next(_serial)}",
        components={},
        valid_until=valid_until,
    )
    record_results([result], at=NOON)


def move(person, unit):
    """The main post ends; another one begins."""
    Post.objects.filter(person=person, until_on=None).update(until_on=TODAY)
    Post.objects.create(person=person, unit=unit, category="civil_servant", from_on=TODAY)
    publish(PeopleChangedPosts((person.pk,), NOON))


def leave(person):
    Post.objects.filter(person=person, until_on=None).update(until_on=TODAY)
    publish(PeopleChangedPosts((person.pk,), NOON))


def summaries():
    """Every row of the summaries: unit → in scope, trained, assessed, proficient."""
    rows = CoverageSummary.objects.values_list(
        "unit__code", "in_scope", "trained", "assessed", "proficient"
    )
    return {code: tuple(figures) for code, *figures in rows}


def standings():
    return set(
        Standing.objects.values_list("person", "unit__code", "trained", "assessed", "proficient")
    )


def counted_by_hand():
    """The same figures, added up person by person along the path of their unit."""
    figures = {name: Counter() for name in ("in_scope", "trained", "assessed", "proficient")}
    codes = dict(Unit.objects.values_list("path", "code"))
    for standing in Standing.objects.select_related("unit"):
        for path in standing.unit.ancestor_paths:
            figures["in_scope"][codes[path]] += 1
            for name in ("trained", "assessed", "proficient"):
                figures[name][codes[path]] += getattr(standing, name)
    return {code: tuple(figures[name][code] for name in figures) for code in figures["in_scope"]}
