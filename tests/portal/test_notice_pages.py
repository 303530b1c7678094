"""A person's own notices, and the ledger of e-mails for whoever keeps the installation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.coverage_scene import NOON, make_person, make_unit, sign_in
from hocvu.notices.actions import News, tell
from hocvu.notices.models import Delivery, Notice, Trouble
from hocvu.notices.queries.inbox import language_of, unread_count
from hocvu.portal.queries import work_waiting_for

LIST, LEDGER, HOME = (reverse(f"portal:{each}") for each in ("notices", "deliveries", "home"))
FACTS = {
    "decision": "7/QĐ",
    "decided_on": "2026-11-20",
    "programme": "Kỹ năng số",
    "serial_number": "VN-7",
}


@pytest.fixture
def nation(db):
    return make_unit(None, "VN", "Việt Nam", "nation")


@pytest.fixture
def ward(nation):
    city = make_unit(nation, "31", "Thành phố Hải Phòng", "city")
    return make_unit(city, "11473", "Phường Thủy Nguyên", place=(106.6, 20.9))


@pytest.fixture
def holder(ward):
    return make_person(ward, "Trần Thị Nhận")


@pytest.fixture
def keeper(nation):
    return make_person(nation, role="administrator")


def tell_issued(person, *, at=None, key="1"):
    tell(
        "certificate_issued",
        [News(key, person.pk, person.email, FACTS)],
        at=at or timezone.now(),
    )
    return Notice.objects.get(recipient_id=person.pk, key=key)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_unread_waits_at_home_until_it_is_opened(client, holder):
    notice = tell_issued(holder)

    assert "1 thông báo chưa đọc" in text_of(sign_in(client, holder).get(HOME))
    page = text_of(client.get(reverse("portal:notice", args=[notice.pk])))

    assert "Giấy chứng nhận đã được cấp" in page
    assert "VN-7" in page
    assert unread_count(holder.pk) == 0
    assert "thông báo chưa đọc" not in text_of(client.get(HOME))


def test_asking_only_for_its_head_is_not_reading_it(client, holder):
    notice = tell_issued(holder)

    sign_in(client, holder).head(reverse("portal:notice", args=[notice.pk]))

    assert unread_count(holder.pk) == 1


def test_the_list_shows_one_s_own_notices_newest_first(client, holder, ward):
    tell_issued(holder, at=NOON, key="1")
    Notice.objects.update(read_at=NOON)
    tell_issued(holder, at=NOON + timedelta(days=1), key="2")
    tell_issued(make_person(ward, "Người Khác"), key="3")

    page = text_of(sign_in(client, holder).get(LIST))

    assert page.count("Giấy chứng nhận đã được cấp") == 2
    assert page.index("chưa đọc") < page.index("đã đọc")


def test_somebody_else_s_notice_is_not_there(client, holder, ward):
    notice = tell_issued(holder)
    stranger = make_person(ward)

    answer = sign_in(client, stranger).get(reverse("portal:notice", args=[notice.pk]))

    assert answer.status_code == 404
    assert unread_count(holder.pk) == 1


def test_who_has_no_address_learns_how_to_get_e_mails(client, holder):
    assert "Chưa có địa chỉ thư điện tử" in text_of(sign_in(client, holder).get(LIST))


def test_the_language_of_e_mails_is_chosen_there(client, holder):
    holder.email = "nhan@example.vn"
    holder.save()
    assert "nhan@example.vn" in text_of(sign_in(client, holder).get(LIST))

    answer = client.post(reverse("portal:notice_language"), {"language": "en"})

    assert answer["Location"] == LIST
    assert language_of(holder.pk) == "en"


def test_a_language_we_do_not_write_changes_nothing(client, holder):
    sign_in(client, holder).post(reverse("portal:notice_language"), {"language": "xx"})

    assert language_of(holder.pk) == "vi"


def failed_delivery(person):
    return Delivery.objects.create(
        recipient_id=person.pk,
        address="nhan@example.vn",
        language="vi",
        is_urgent=False,
        made_at=timezone.now(),
        due_at=timezone.now(),
        tries=1,
        failed_at=timezone.now(),
        trouble=Trouble.NO_MAILBOX,
        reply="550 5.1.1",
    )


def test_the_ledger_names_what_failed_and_why(client, keeper, holder):
    notice = tell_issued(holder)
    Notice.objects.filter(pk=notice.pk).update(
        address="nhan@example.vn", delivery=failed_delivery(holder)
    )

    page = text_of(sign_in(client, keeper).get(LEDGER))

    assert "Trần Thị Nhận" in page
    assert "Máy chủ thư cho biết không có hộp thư này." in page
    assert "550 5.1.1" in page
    assert "nhan@example.vn" not in page


def test_silence_is_an_alarm_at_the_home_of_whoever_keeps_the_installation(client, keeper, holder):
    notice = tell_issued(holder)
    Notice.objects.filter(pk=notice.pk).update(
        address="nhan@example.vn", due_at=timezone.now() - timedelta(minutes=61)
    )

    home = text_of(sign_in(client, keeper).get(HOME))

    assert "1 thư lẽ ra đã được gửi hơn một giờ trước" in home
    assert "Thư điện tử không gửi đi được" in text_of(client.get(LEDGER))
    assert "lẽ ra" not in text_of(sign_in(client, holder).get(HOME))


@pytest.mark.parametrize("role", ["administrator", "training_officer", None])
def test_the_ledger_is_for_administrators_of_everything(client, ward, role):
    person = make_person(ward, role=role)

    answer = sign_in(client, person).get(LEDGER)

    assert answer.status_code == 403
    assert f'href="{LEDGER}"' not in text_of(client.get(HOME))


def test_a_request_for_a_correction_waits_for_nobody_without_a_role(holder):
    assert work_waiting_for(holder, NOON) == []
