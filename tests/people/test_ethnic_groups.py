"""Ethnic groups: read as rosters write them, kept for fairness, seen by few."""

import pytest
from django.db import IntegrityError, transaction
from people_scene import NOON, somebody

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.people.actions import import_roster, note_details_seen, upload_roster
from hocvu.people.models import Person
from hocvu.people.queries.history import history_of_person
from hocvu.people.queries.rosters import outcome_file_of, preview_of
from hocvu.people.rules.ethnic_groups import ETHNIC_GROUPS, read_ethnic_group
from hocvu.spreadsheets import read_grids

HEADINGS = "STT,Họ và tên,Ngày sinh,Số CCCD,Dân tộc,Chức vụ,Đơn vị,Đối tượng\n"


def roster_of(*groups):
    rows = (
        f"{at},Nguyễn Văn {'ABCDEGH'[at]}n,03/05/1980,03108000000{at},{group},Chuyên viên,"
        "Phường Lê Chân,Công chức\n"
        for at, group in enumerate(groups, start=1)
    )
    return (HEADINGS + "".join(rows)).encode()


# --- Reading -----------------------------------------------------------------------------------


def test_there_are_54_groups_and_no_name_means_two_of_them():
    owners: dict[str, set[str]] = {}
    for group in ETHNIC_GROUPS.values():
        for name in (group.name, *group.other_names):
            reading = read_ethnic_group(name)
            owners.setdefault(name, set()).add(reading.group.code if reading.group else "")
            assert reading.group == group, name

    assert list(ETHNIC_GROUPS) == [f"{number:02d}" for number in range(1, 55)]
    assert all(len(codes) == 1 for codes in owners.values())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("KINH", "Kinh"), ("Kinh (Việt)", "Kinh"), ("H’mông", "Mông"), ("Hmong", "Mông"),
        ("dân tộc Tày", "Tày"), ("Khơ-me", "Khmer"), ("Ê-đê", "Ê Đê"), ("X'Tiêng", "Xtiêng"),
        ("người Hoa", "Hoa"), ("Thổ", "Thổ"), ("Co", "Co"), ("Pa Kô", "Tà Ôi"),
    ],
)  # fmt: skip
def test_spellings_of_papers_are_understood(written, name):
    assert read_ethnic_group(written).group.name == name


@pytest.mark.parametrize("written", ["", "  ", "Không rõ", "chưa rõ", "(không xác định)"])
def test_not_knowing_is_an_answer(written):
    reading = read_ethnic_group(written)

    assert (reading.group, reading.is_unclear) == (None, False)


@pytest.mark.parametrize("written", ["có", "Không", "x", "04", "Khác", "Người nước ngoài"])
def test_what_answers_another_question_names_no_group(written):
    reading = read_ethnic_group(written)

    assert (reading.group, reading.proposed, reading.is_unclear) == (None, None, True)


def test_a_slip_of_the_pen_is_proposed_not_read():
    reading = read_ethnic_group("Kinhh")

    assert (reading.group, reading.proposed.name, reading.is_unclear) == (None, "Kinh", True)


# --- Rosters -----------------------------------------------------------------------------------


def test_a_roster_brings_the_group_and_its_slips_wait_for_a_yes(hai_phong, le_chan, officer):
    content = roster_of("Tày", "Kinhh", "Mườn", "sao Hỏa")
    roster = upload_roster(hai_phong, "a.csv", content, by=officer, at=NOON)
    shown = {p.kind: (p.count, p.example) for p in preview_of(roster).proposals}

    import_roster(roster, accepted_proposals=["3:ethnic_group_unclear"], by=officer, at=NOON)

    kept = dict(
        Person.objects.filter(identity_number__startswith="03108").values_list(
            "identity_number", "ethnic_group"
        )
    )
    assert shown["ethnic_group_unclear"][0] == 2
    assert "Đề xuất: Kinh" in shown["ethnic_group_unclear"][1]
    assert kept == {
        "031080000001": "02", "031080000002": "01", "031080000003": "", "031080000004": "",
    }  # fmt: skip


def test_what_names_no_group_still_stands_in_the_outcome(hai_phong, le_chan, officer):
    content = roster_of("sao Hỏa")
    roster = upload_roster(hai_phong, "a.csv", content, by=officer, at=NOON)

    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    roster.refresh_from_db()
    [grid] = read_grids("a.xlsx", outcome_file_of(roster))
    cells = [cell.text for row in grid.rows for cell in row]
    assert any("“sao Hỏa” không phải tên một dân tộc" in text for text in cells)


def test_a_known_group_stays_and_the_difference_is_told(hai_phong, le_chan, officer):
    person = somebody(le_chan, "Nguyễn Văn Bn", identity_number="031080000001", ethnic_group="02")
    roster = upload_roster(hai_phong, "a.csv", roster_of("Nùng"), by=officer, at=NOON)

    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    person.refresh_from_db()
    roster.refresh_from_db()
    [line] = roster.lines
    assert person.ethnic_group == "02"
    [told] = [p for p in line["problems"] if p["kind"] == "known_ethnic_group_differs"]
    assert (told["found"], told["proposed"]) == ("Nùng", "Tày")


def test_a_roster_fills_in_what_was_not_known(hai_phong, le_chan, officer):
    person = somebody(le_chan, "Nguyễn Văn Bn", identity_number="031080000001")
    roster = upload_roster(hai_phong, "a.csv", roster_of("Nùng"), by=officer, at=NOON)

    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    person.refresh_from_db()
    assert person.ethnic_group == "07"


def test_the_database_keeps_no_other_code(le_chan):
    person = somebody(le_chan)
    person.ethnic_group = "55"

    with pytest.raises(IntegrityError, match="ethnic_group_is_one_of_the_54"), transaction.atomic():
        person.save()


# --- Who sees it -------------------------------------------------------------------------------


def test_who_keeps_the_dossier_sees_the_group_and_is_noted_once_a_day(signed_in, officer, le_chan):
    person = somebody(le_chan, ethnic_group="08")
    client = signed_in(officer)

    first, _second = (client.get(f"/people/{person.pk}/") for _ in range(2))

    seen = AuditEntry.objects.filter(act="details_seen", subject=f"people.person:{person.pk}")
    assert "<dd>Mông</dd>" in first.content.decode()
    assert [entry.actor_id for entry in seen] == [officer.pk]
    assert [entry.sentence for entry in history_of_person(person)] == [
        f"{officer.full_name} đã xem số định danh và dân tộc."
    ]


def test_one_sees_ones_own_without_a_note(signed_in, le_chan):
    person = somebody(le_chan, ethnic_group="08")

    page = signed_in(person).get(f"/people/{person.pk}/").content.decode()

    assert "Mông" in page
    assert not AuditEntry.objects.filter(act="details_seen").exists()


def test_who_only_oversees_the_unit_does_not_see_it(signed_in, leader, le_chan):
    person = somebody(le_chan, ethnic_group="08")

    page = signed_in(leader).get(f"/people/{person.pk}/").content.decode()

    assert "Mông" not in page
    assert "Dân tộc" not in page
    with pytest.raises(NotAllowed):
        note_details_seen(person, by=leader, at=NOON)
