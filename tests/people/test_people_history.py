"""What happened to people and units, told in words to those who may see it."""

import pytest
from people_scene import NOON, PASSWORD, somebody, unit, with_role

from hocvu.people.actions import (
    create_account,
    end_role,
    give_up_roster,
    grant_role,
    import_roster,
    reset_password,
    upload_roster,
)
from hocvu.people.queries.history import history_of_person, history_of_unit

ROSTER = "STT,Họ và tên,Ngày sinh,Số CCCD,Chức vụ,Đơn vị,Đối tượng\n"
AN = "1,Nguyễn Văn An,03/05/1980,031080000001,Chuyên viên,Phường Lê Chân,Công chức\n"


def sentences(entries):
    return [entry.sentence for entry in entries]


def test_a_person_has_a_history_of_roles_and_passwords(
    nobody, administrator, an_bien, django_assert_max_num_queries
):
    account = create_account(nobody, "nhanvien", PASSWORD, by=None, at=NOON)
    grant = grant_role(nobody, "leader", an_bien, by=administrator, at=NOON)
    end_role(grant, by=administrator, at=NOON)
    reset_password(account, by=administrator, at=NOON)

    with django_assert_max_num_queries(4):
        told = sentences(history_of_person(nobody))

    who = administrator.full_name
    assert told == [
        f"{who} đã cấp mật khẩu dùng một lần.",
        f"{who} đã kết thúc vai trò lãnh đạo tại Phường An Biên.",
        f"{who} đã giao vai trò lãnh đạo tại Phường An Biên.",
        "Hệ thống đã tạo tài khoản.",
    ]


def test_a_unit_has_a_history_of_rosters_and_roles(hai_phong, le_chan, officer):
    first = upload_roster(hai_phong, "a.csv", (ROSTER + AN).encode(), by=officer, at=NOON)
    import_roster(first, accepted_proposals=[], by=officer, at=NOON)
    second = upload_roster(hai_phong, "b.csv", (ROSTER + AN).encode(), by=officer, at=NOON)
    give_up_roster(second, by=officer, at=NOON)

    told = sentences(history_of_unit(hai_phong))

    who = officer.full_name
    assert told[0] == f"{who} đã hủy danh sách b.csv."
    assert told[2].startswith(f"{who} đã nhập danh sách a.csv: thêm mới 1, cập nhật 0")
    assert any(each.startswith(f"Hệ thống đã giao cho {who} vai trò") for each in told)
    assert told[-1].endswith("đã thêm đơn vị này.")


def test_the_records_show_their_history(signed_in, administrator, nobody, an_bien):
    grant_role(nobody, "leader", an_bien, by=administrator, at=NOON)
    desk = signed_in(administrator)

    person = desk.get(f"/people/{nobody.pk}/").content.decode()
    ward = desk.get(f"/units/{an_bien.pk}/").content.decode()

    assert "đã giao vai trò lãnh đạo tại Phường An Biên." in person
    assert "đã giao cho Lê Thị Không vai trò lãnh đạo." in ward


def test_working_in_a_unit_does_not_open_its_history(signed_in, nobody, an_bien):
    with_role("leader", an_bien)
    page = signed_in(nobody).get(f"/units/{an_bien.pk}/")

    assert page.status_code == 200
    assert "đã giao cho" not in page.content.decode()


@pytest.mark.parametrize("text", ["100% x", "%(who)s"])
def test_names_with_percent_signs_do_no_harm(hai_phong, officer, text):
    upload_roster(hai_phong, f"{text}.csv", (ROSTER + AN).encode(), by=officer, at=NOON)

    assert f"{text}.csv" in sentences(history_of_unit(hai_phong))[0]


def test_a_person_without_any_act_has_no_history(an_bien):
    ward = unit(an_bien, "11407-1", "department", "Phòng Văn hóa")

    assert history_of_person(somebody(ward)) == []
