from datetime import timedelta

import pytest

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.stationery.actions.templates import (
    DayIsOver,
    DraftHasChanged,
    DraftStands,
    LookIsFlawed,
    NameIsTaken,
    TemplateDoesNotPrint,
    VersionIsKept,
    give_up_draft,
    put_in_use,
    retire_version,
    start_template,
    start_version,
    write_version,
)
from hocvu.stationery.models import CertificateTemplate, Kind, State, TemplateVersion
from hocvu.stationery.queries.checks import checks_of
from hocvu.stationery.queries.templates import template_in_force, templates_open_to
from hocvu.stationery.rules.look import default_look
from stationery.stationery_scene import DAY, LATER, NEEDED, NOON, PLAIN, TODAY


@pytest.fixture
def base(packaged, school):
    return template_in_force(school, Kind.COMPLETION, TODAY)


@pytest.fixture
def draft(base, school, registrar):
    return start_template(
        school, Kind.COMPLETION, "Mẫu của trường", based_on=base, by=registrar, at=NOON
    )


@pytest.fixture
def small_draft(draft, registrar):
    """A draft of a page that is quickly set."""
    return write(draft, NEEDED, registrar)


def write(draft, source, by, *, seen_at=None, at=LATER, **look):
    return write_version(
        draft,
        source=source,
        look=default_look(**look),
        seen_at=seen_at or draft.written_at,
        by=by,
        at=at,
    )


def test_a_template_begins_as_a_draft_that_looks_like_another(draft, base, school):
    assert draft.is_draft
    assert (draft.source, draft.look) == (base.source, base.look)
    assert draft.template.issuer == school
    assert AuditEntry.objects.filter(act="template_started").exists()


def test_nobody_begins_templates_for_another_unit(base, school, stranger, leader):
    for person in (stranger, leader):
        with pytest.raises(NotAllowed):
            start_template(school, Kind.COPY, "Mẫu", based_on=base, by=person, at=NOON)


def test_a_name_is_taken_once(draft, base, school, colleague):
    with pytest.raises(NameIsTaken):
        start_template(
            school, Kind.COMPLETION, "Mẫu của trường", based_on=base, by=colleague, at=NOON
        )


def test_a_draft_keeps_what_was_written_and_by_whom(draft, colleague):
    kept = write(draft, "#let page-of() = []", colleague, title="CHỨNG CHỈ")

    kept.refresh_from_db()
    assert kept.source == "#let page-of() = []"
    assert kept.look["title"] == "CHỨNG CHỈ"
    assert (kept.written_by, kept.written_at) == (colleague, LATER)


def test_two_people_do_not_overwrite_each_other(draft, registrar, colleague):
    seen_at = draft.written_at
    write(draft, NEEDED, colleague)

    with pytest.raises(DraftHasChanged):
        write(draft, PLAIN, registrar, seen_at=seen_at, at=LATER + timedelta(minutes=1))

    assert TemplateVersion.objects.get(pk=draft.pk).source == NEEDED


def test_a_look_with_a_flaw_is_not_kept(draft, registrar):
    with pytest.raises(LookIsFlawed):
        write(draft, PLAIN, registrar, accent="#FFFF00")


@pytest.mark.parametrize("who", ["stranger", "leader"])
def test_only_registrars_of_the_unit_write_its_drafts(draft, who, request):
    with pytest.raises(NotAllowed):
        write(draft, PLAIN, request.getfixturevalue(who))


def test_nobody_writes_in_what_came_with_the_system(base, registrar):
    with pytest.raises(NotAllowed):
        start_version(base.template, based_on=base, by=registrar, at=NOON)


def test_a_second_person_puts_a_draft_in_use(small_draft, school, colleague):
    put_in_use(small_draft, effective_from=TODAY, by=colleague, at=LATER)

    assert template_in_force(school, Kind.COMPLETION, TODAY) == small_draft
    assert AuditEntry.objects.get(act="template_put_in_use").actor_id == colleague.pk


def test_a_leader_may_put_a_draft_in_use(small_draft, leader):
    used = put_in_use(small_draft, effective_from=TODAY + DAY, by=leader, at=LATER)

    assert used.state_on(TODAY) is State.IN_USE


def test_who_wrote_a_draft_does_not_put_it_in_use(small_draft, registrar):
    with pytest.raises(NotAllowed):
        put_in_use(small_draft, effective_from=TODAY, by=registrar, at=LATER)


def test_who_wrote_last_counts_as_the_writer(small_draft, registrar, colleague):
    rewritten = write(small_draft, NEEDED, colleague, at=LATER + timedelta(minutes=5))

    with pytest.raises(NotAllowed):
        put_in_use(rewritten, effective_from=TODAY, by=colleague, at=LATER)
    used = put_in_use(rewritten, effective_from=TODAY, by=registrar, at=LATER)
    assert used.approved_by == registrar


def test_a_stranger_puts_nothing_in_use(small_draft, stranger):
    with pytest.raises(NotAllowed):
        put_in_use(small_draft, effective_from=TODAY, by=stranger, at=LATER)


def test_nothing_is_put_in_use_backwards(small_draft, colleague):
    with pytest.raises(DayIsOver):
        put_in_use(small_draft, effective_from=TODAY - DAY, by=colleague, at=LATER)


def test_a_draft_that_changed_after_it_was_looked_at_is_not_put_in_use(
    small_draft, registrar, colleague
):
    looked_at = TemplateVersion.objects.select_related("template__issuer").get(pk=small_draft.pk)
    write(small_draft, NEEDED + "\n", registrar, at=LATER + timedelta(minutes=5))

    with pytest.raises(DraftHasChanged):
        put_in_use(looked_at, effective_from=TODAY, by=colleague, at=LATER)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("#let page-of() = [", "Dòng 1 của mã nguồn"),
        (PLAIN, "chưa có chỗ cho: Mã xác thực, Số vào sổ gốc"),
        (NEEDED.replace('place-of("qr"', 'place-of("code"'), "chưa có chỗ cho mã QR"),
        (NEEDED.replace("{serial_number}", "{programme}"), "không đặt trong ô riêng: programme"),
        (NEEDED.replace("width: 210mm", "width: 40mm"), "không vừa một trang"),
        (NEEDED.replace('text-of("programme")', 'text-of("colour")'), "colour"),
        (NEEDED.replace("15mm)", '15mm); "阮"'), "阮"),
    ],
)
def test_what_does_not_print_as_it_should_is_not_put_in_use(
    draft, registrar, colleague, source, why
):
    faulty = write(draft, source, registrar)

    with pytest.raises(TemplateDoesNotPrint, match=why):
        put_in_use(faulty, effective_from=TODAY, by=colleague, at=LATER)


def test_a_seal_that_is_shown_must_have_been_given(small_draft, registrar, colleague):
    showing = write(small_draft, NEEDED, registrar, at=LATER + DAY, shows_seal=True)

    with pytest.raises(TemplateDoesNotPrint, match="con dấu"):
        put_in_use(showing, effective_from=TODAY + DAY, by=colleague, at=LATER + DAY)


@pytest.mark.parametrize("kind", Kind.values)
def test_the_packaged_templates_pass_their_own_checks(packaged, school, kind):
    version = template_in_force(school, kind, TODAY)

    assert [each for each in checks_of(version, at=NOON) if not each.passed] == []


def test_a_version_in_use_is_never_written_in_again(small_draft, registrar, colleague):
    used = put_in_use(small_draft, effective_from=TODAY, by=colleague, at=LATER)

    with pytest.raises(VersionIsKept):
        write(used, PLAIN, registrar)
    with pytest.raises(VersionIsKept):
        give_up_draft(used, by=registrar, at=LATER)


def test_the_next_version_begins_from_one_that_stands(small_draft, registrar, colleague):
    used = put_in_use(small_draft, effective_from=TODAY, by=colleague, at=LATER)

    following = start_version(used.template, based_on=used, by=registrar, at=LATER)

    assert (following.number, following.source, following.is_draft) == (2, NEEDED, True)
    with pytest.raises(DraftStands):
        start_version(used.template, based_on=used, by=registrar, at=LATER)


def test_a_version_is_taken_out_of_use_by_its_unit(small_draft, school, registrar, colleague):
    used = put_in_use(small_draft, effective_from=TODAY, by=colleague, at=LATER)

    retire_version(used, retired_on=TODAY + DAY, reason="Đổi mẫu", by=registrar, at=LATER)

    assert template_in_force(school, Kind.COMPLETION, TODAY) == used
    assert template_in_force(school, Kind.COMPLETION, TODAY + DAY).template.issuer is None
    with pytest.raises(VersionIsKept):
        retire_version(used, retired_on=TODAY + DAY, reason="", by=registrar, at=LATER)


def test_a_draft_that_is_given_up_takes_its_empty_template_along(draft, registrar):
    give_up_draft(draft, by=registrar, at=LATER)

    assert not CertificateTemplate.objects.filter(pk=draft.template_id).exists()
    assert AuditEntry.objects.filter(act="template_draft_given_up").exists()


def test_templates_of_other_units_are_not_even_seen(draft, registrar, stranger, leader):
    assert draft.template in templates_open_to(registrar)
    assert draft.template in templates_open_to(leader)
    assert draft.template not in templates_open_to(stranger)
    assert templates_open_to(stranger).count() == 3  # the packaged ones
