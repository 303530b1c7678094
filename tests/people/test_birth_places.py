"""Places of birth: read as rosters write them, kept as written, never overwritten quietly."""

import pytest
from people_scene import NOON, somebody

from hocvu.people.actions import import_roster, upload_roster
from hocvu.people.models import Person
from hocvu.people.queries.rosters import outcome_file_of
from hocvu.people.rules.places import LONGEST_PLACE, read_place
from hocvu.people.rules.roster_headings import Field, field_of
from hocvu.spreadsheets import read_grids

COLUMNS = "STT,Họ và tên,Ngày sinh,Số CCCD,{heading},Chức vụ,Đơn vị,Đối tượng\n"


def roster_of(*places, heading="Nơi sinh"):
    rows = (
        f'{at},Nguyễn Văn {"ABCDEGH"[at]}n,03/05/1980,03108000000{at},"{place}",Chuyên viên,'
        "Phường Lê Chân,Công chức\n"
        for at, place in enumerate(places, start=1)
    )
    return (COLUMNS.format(heading=heading) + "".join(rows)).encode()


def bring(unit, content, officer):
    roster = upload_roster(unit, "a.csv", content, by=officer, at=NOON)
    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)
    roster.refresh_from_db()
    return roster


def places():
    kept = Person.objects.filter(identity_number__startswith="03108").order_by("identity_number")
    return list(kept.values_list("birth_place", flat=True))


# --- Reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Nơi sinh", "NƠI SINH", "Nơi sinh (tỉnh, thành phố)", "Tỉnh nơi sinh", "Place of birth"],
)
def test_headings_that_mean_the_place_of_birth(heading):
    assert field_of(heading) is Field.BIRTH_PLACE


@pytest.mark.parametrize(
    "heading",
    ["Nơi sinh hoạt Đảng", "Quê quán", "Nguyên quán", "Nơi cấp", "Nơi ở", "Ngày sinh, nơi sinh"],
)
def test_headings_that_mean_something_else(heading):
    assert field_of(heading) is not Field.BIRTH_PLACE


def test_a_place_is_kept_as_it_is_written():
    assert read_place("  xã Tân  Tiến,\nhuyện An Dương, Hải Phòng ") == (
        "xã Tân Tiến, huyện An Dương, Hải Phòng"
    )


@pytest.mark.parametrize("written", ["", " - ", "Không rõ", "chưa rõ", "(không xác định)"])
def test_not_knowing_is_an_answer(written):
    assert read_place(written) == ""


@pytest.mark.parametrize("written", ["03/05/1980", "31", "x", "A" * (LONGEST_PLACE + 1)])
def test_what_names_no_place_is_none(written):
    assert read_place(written) is None


# --- Rosters -----------------------------------------------------------------------------------


def test_a_roster_brings_places_and_tells_what_is_none(hai_phong, le_chan, officer):
    roster = bring(hai_phong, roster_of("Hải Phòng", "Không rõ", "1980"), officer)

    [grid] = read_grids("a.xlsx", outcome_file_of(roster))
    cells = [cell.text for row in grid.rows for cell in row]
    assert places() == ["Hải Phòng", "", ""]
    assert any("“1980” không phải tên một địa danh" in text for text in cells)


def test_commune_and_province_in_columns_of_their_own_are_one_place(hai_phong, le_chan, officer):
    content = (
        "STT,Họ và tên,Ngày sinh,Số CCCD,Nơi sinh,,Đơn vị\n"
        ",,,,Xã,Tỉnh,\n"
        "1,Nguyễn Văn An,03/05/1980,031080000001,An Lão,Hải Phòng,Phường Lê Chân\n"
    ).encode()

    bring(hai_phong, content, officer)

    assert places() == ["An Lão, Hải Phòng"]


def test_a_known_place_stays_and_the_difference_is_told(hai_phong, le_chan, officer):
    person = somebody(le_chan, "Nguyễn Văn Bn", identity_number="031080000001", birth_place="Huế")

    roster = bring(hai_phong, roster_of("Hà Nội"), officer)

    person.refresh_from_db()
    [line] = roster.lines
    [told] = [p for p in line["problems"] if p["kind"] == "known_birth_place_differs"]
    assert person.birth_place == "Huế"
    assert (told["found"], told["proposed"]) == ("Hà Nội", "Huế")


def test_another_spelling_of_the_known_place_is_no_difference(hai_phong, le_chan, officer):
    somebody(le_chan, "Nguyễn Văn Bn", identity_number="031080000001", birth_place="Hải Phòng")

    roster = bring(hai_phong, roster_of("HẢI PHÒNG"), officer)

    assert not [p for p in roster.lines[0].get("problems", ()) if "birth_place" in p["kind"]]


def test_a_roster_fills_in_what_was_not_known(hai_phong, le_chan, officer):
    somebody(le_chan, "Nguyễn Văn Bn", identity_number="031080000001")

    bring(hai_phong, roster_of("Thái Bình"), officer)

    assert places() == ["Thái Bình"]


def test_the_record_shows_it(signed_in, officer, le_chan):
    person = somebody(le_chan, birth_place="Thái Bình")

    page = signed_in(officer).get(f"/people/{person.pk}/").content.decode()

    assert "<dt>Nơi sinh</dt>" in page
    assert "Thái Bình" in page
