from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from hocvu.stationery.actions import packaged as packaging
from hocvu.stationery.actions.packaged import load_templates
from hocvu.stationery.models import CertificateTemplate, Kind, TemplateVersion
from hocvu.stationery.queries.templates import NoTemplateInForce, template_in_force
from hocvu.stationery.rules.look import default_look
from stationery.stationery_scene import DAY, NOON, PLAIN, TODAY


def put_in_use(issuer, maker, approver, *, kind=Kind.COMPLETION, since=TODAY, name="Mẫu", at=NOON):
    template, _ = CertificateTemplate.objects.get_or_create(
        issuer=issuer, kind=kind, name=name, defaults={"made_at": at, "made_by": maker}
    )
    return TemplateVersion.objects.create(
        template=template,
        number=template.versions.count() + 1,
        source=PLAIN,
        look=default_look(),
        written_at=at,
        written_by=maker,
        approved_at=at,
        approved_by=approver,
        effective_from=since,
    )


@pytest.mark.parametrize("kind", Kind.values)
def test_where_nothing_was_chosen_the_packaged_template_is_in_force(school, packaged, kind):
    version = template_in_force(school, kind, TODAY)

    assert version.template.issuer is None
    assert version.template.kind == kind


def test_without_any_template_nothing_can_be_printed(school):
    with pytest.raises(NoTemplateInForce, match=school.name):
        template_in_force(school, Kind.COMPLETION, TODAY)


def test_the_issuers_own_template_comes_before_the_packaged_one(
    school, packaged, registrar, colleague
):
    own = put_in_use(school, registrar, colleague)

    assert template_in_force(school, Kind.COMPLETION, TODAY) == own
    assert template_in_force(school, Kind.CERTIFICATE, TODAY).template.issuer is None


def test_the_nearest_unit_above_gives_its_template(school, city, packaged, registrar, colleague):
    put_in_use(city.parent, registrar, colleague)
    nearest = put_in_use(city, registrar, colleague, since=date(2026, 1, 1))

    assert template_in_force(school, Kind.COMPLETION, TODAY) == nearest


def test_another_schools_template_is_nobody_elses(
    school, other_school, packaged, registrar, colleague
):
    put_in_use(other_school, registrar, colleague)

    assert template_in_force(school, Kind.COMPLETION, TODAY).template.issuer is None


def test_a_version_counts_from_its_day_on(school, packaged, registrar, colleague):
    first = put_in_use(school, registrar, colleague, since=TODAY)
    second = put_in_use(school, registrar, colleague, since=TODAY + 2 * DAY)

    in_force = [template_in_force(school, Kind.COMPLETION, TODAY + n * DAY) for n in range(4)]

    assert in_force == [first, first, second, second]


def test_a_retired_version_gives_way_to_the_one_before(school, packaged, registrar, colleague):
    first = put_in_use(school, registrar, colleague, since=TODAY - DAY)
    second = put_in_use(school, registrar, colleague, since=TODAY)
    second.retired_on, second.retired_by = TODAY + DAY, colleague
    second.save()

    assert template_in_force(school, Kind.COMPLETION, TODAY) == second
    assert template_in_force(school, Kind.COMPLETION, TODAY + DAY) == first


def test_a_draft_is_never_in_force(school, packaged, registrar):
    template = CertificateTemplate.objects.create(
        issuer=school, kind="completion", name="Nháp", made_at=NOON, made_by=registrar
    )
    TemplateVersion.objects.create(
        template=template, number=1, source=PLAIN, written_at=NOON, written_by=registrar
    )

    assert template_in_force(school, Kind.COMPLETION, TODAY).template.issuer is None


def test_loading_the_packaged_templates_again_changes_nothing(packaged):
    assert load_templates(at=NOON + DAY) == 0
    assert TemplateVersion.objects.count() == 3


def test_a_changed_design_becomes_the_next_version(packaged, monkeypatch, school):
    unchanged = packaging.design_source
    monkeypatch.setattr(packaging, "design_source", lambda name: unchanged(name) + "\n")

    assert load_templates(at=NOON + DAY) == 3
    assert template_in_force(school, Kind.COMPLETION, TODAY).number == 1
    assert template_in_force(school, Kind.COMPLETION, TODAY + DAY).number == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("source", "'x'"), ("look", "'{}'"), ("effective_from", "'2020-01-01'"), ("number", "9")],
)
def test_a_version_in_use_cannot_be_changed_even_in_the_database(
    school, registrar, colleague, column, value
):
    version = put_in_use(school, registrar, colleague)

    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE stationery_templateversion SET {column} = {value}")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        version.delete()


def test_nobody_puts_their_own_writing_in_use(school, registrar):
    with (
        pytest.raises(IntegrityError, match="who_wrote_a_version_does_not_put_it_in_use"),
        transaction.atomic(),
    ):
        put_in_use(school, registrar, registrar)
