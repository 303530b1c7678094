"""Certificates are printed on numbered blanks: from a form, by their serial numbers."""

from datetime import date

import pytest
from django.urls import reverse

from credentials.recognition_scene import NOON, sign_in
from hocvu.credentials.actions.printing import NeverIssued, refuse_what_was_never_issued
from hocvu.stationery.actions.blanks import Delivery, receive_blanks, spoil_blank
from hocvu.stationery.models import Blank, Kind


@pytest.fixture
def book(certificate, registrar):
    delivery = Delivery(Kind.COMPLETION, "A", 1, 10, 6, "Nhà in", "12/PN", date(2026, 1, 5))
    return receive_blanks(certificate.issuer, delivery, by=registrar, at=NOON)


@pytest.fixture
def take(client, certificate, registrar, book):
    sign_in(client, registrar)

    def take(*serial_numbers):
        form = {"issuer": certificate.issuer.code, "kind": Kind.COMPLETION}
        form["serial_numbers"] = "\n".join(serial_numbers)
        return client.post(reverse("stationery:take"), form)

    return take


def used():
    blanks = Blank.objects.filter(state="used").order_by("number")
    return dict(blanks.values_list("number", "serial_number"))


def test_each_certificate_takes_the_next_blank_and_keeps_it(take, certificates):
    first, second = (each.serial_number for each in certificates[:2])

    taken = take(f" {second.lower()}", "", first, second)
    again = take(second, first)

    assert taken.status_code == again.status_code == 200
    assert used() == {1: second, 2: first}


def test_a_spoiled_print_takes_another_blank(take, certificate, registrar):
    take(certificate.serial_number)
    spoil_blank(Blank.objects.get(number=1), reason="Kẹt giấy", by=registrar, at=NOON)

    take(certificate.serial_number)

    assert used() == {2: certificate.serial_number}


def test_a_number_that_no_certificate_has_takes_no_blank_and_is_named(take, certificate):
    answer = take(certificate.serial_number, "SAI-SO")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "mang số hiệu SAI-SO" in page
    assert "Xin sửa lại theo sổ gốc" in page
    assert certificate.serial_number in page  # what was typed is kept
    assert used() == {}


def test_a_number_of_another_issuer_is_nobodys_here(certificate, other_city):
    with pytest.raises(NeverIssued):
        refuse_what_was_never_issued(other_city.pk, [certificate.serial_number])
