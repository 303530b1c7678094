"""How an issuer writes its numbers: no two of them can ever read the same."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import assume, example, given
from hypothesis import strategies as st

from credentials.recognition_scene import NOON, sign_in
from hocvu.stationery.actions.number_formats import FormatIsUnusable, set_number_format
from hocvu.stationery.models import NumberFormat
from hocvu.stationery.rules.colliding import could_give_same
from hocvu.stationery.rules.numbering import NumberFormats, register_entry_number, serial_number

NEW_YEAR = date(2027, 1, 1)

# --- formats that could meet ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{number}/{issuer}/{year}", "{year}/{issuer}/{number}"),  # number 2026 of 2027
        ("{issuer}-{year}-{number}", "{issuer}-2026-{year}-{number}"),  # as an edition's number
        ("{issuer}-{year}-{number}", "{issuer}-{number}-{year}"),
        ("{issuer}-{year}-12-{number}", "{issuer}-{year}-{number}-12"),
    ],
)
def test_numbers_of_these_could_read_the_same(one, other):
    assert could_give_same(one, "TCT", other, "TCT")
    assert could_give_same(other, "TCT", one, "TCT")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{issuer}-{year}-{number:06}", "{issuer}-{year}-{number}"),  # only the zeros differ
        ("{issuer}-{year}-{number:06}", "{issuer}/{year}/{number:06}"),
        ("{issuer}-{year}-{number:06}", "{issuer}-{number:06}-{year}"),  # six digits are no year
        ("{issuer}-1-{year}-{number}", "{issuer}-2-{year}-{number}"),
        ("{issuer}-{year}-{number:06}", "{issuer}-{year}-{number:06}-2026"),  # no such edition
    ],
)
def test_numbers_of_these_never_read_the_same(one, other):
    assert not could_give_same(one, "TCT", other, "TCT")


def test_the_same_format_of_two_units_differs_by_their_codes():
    assert not could_give_same(
        *("{issuer}-{year}-{number}", "TCT"), *("{issuer}-{year}-{number}", "HV")
    )


_literals = st.sampled_from(["", "2026", "7", "12", "A", "BS1"])
_numbers_written = st.sampled_from(["{number}", "{number:03}", "{number:06}"])
_formats = st.builds(
    lambda written, literal, sign, order: sign.join(
        each for each in order(["{issuer}", "{year}", written, literal]) if each
    ),
    _numbers_written,
    _literals,
    st.sampled_from("-/."),
    st.permutations(range(4)).map(lambda places: lambda parts: [parts[at] for at in places]),
)
_numbers = st.sampled_from([1, 2, 7, 12, 26, 202, 612, 2026, 2027, 20267])
_certificates = st.tuples(
    st.sampled_from(["TCT", "TCT-31", "A2026", "7"]),
    st.integers(2026, 2028),
    _numbers,
    st.sampled_from([1, 2, 7, 12]),  # editions
)


@given(_formats, _formats, st.tuples(_certificates, _certificates))
@example(
    "{issuer}-{number}-{year}",
    "{issuer}-{year}-{number}",
    (("A", 2027, 2026, 1), ("A", 2026, 2027, 1)),
)
def test_what_is_called_safe_never_gives_one_number_twice(one, other, certificates):
    (code, *own), (other_code, *others) = certificates
    assume(certificates[0] != certificates[1])
    assume(not could_give_same(one, code, other, other_code))

    first = NumberFormats(serial=one).serial_number(code, *own)
    second = NumberFormats(serial=other).serial_number(other_code, *others)

    assert first != second


# --- the act ----------------------------------------------------------------------------------


def test_a_format_that_could_repeat_an_older_number_is_refused(school, registrar):
    like_an_edition = NumberFormats(serial="{issuer}-{year}-{number:06}-{number}")

    with pytest.raises(FormatIsUnusable):
        set_number_format(school, like_an_edition, valid_from=NEW_YEAR, by=registrar, at=NOON)


def test_a_format_that_another_unit_could_write_is_refused(school, city, registrar):
    NumberFormat.objects.create(
        issuer=city,
        valid_from=NOON.date(),
        serial="TCT-{issuer}-{year}-{number}",  # its code is 31
        set_by=registrar,
        set_at=NOON,
    )

    with pytest.raises(FormatIsUnusable, match="số trùng với số theo mẫu"):
        set_number_format(
            school,
            NumberFormats(serial="{issuer}-{number}-{year}"),
            valid_from=NEW_YEAR,
            by=registrar,
            at=NOON,
        )


# --- pages ------------------------------------------------------------------------------------


def typed(school, **more):
    return {
        "issuer": school.code,
        "valid_from": "01/01/2099",
        "serial": "{issuer}/{year}/{number:05}",
        "register_entry": "{number:05}/{year}",
        "register_copy": "{number:05}/{year}/BS",
        **more,
    }


def test_a_registrar_sees_the_numbers_before_setting_them(school, registrar, client):
    sign_in(client, registrar)
    page = reverse("stationery:set_number_format")

    tried = client.post(page, typed(school, act="try"))

    assert tried.status_code == 200
    assert "TCT-31/2099/00001 … TCT-31/2099/01234" in tried.content.decode()
    assert "TCT-31/2099/01234-2" in tried.content.decode()
    assert not NumberFormat.objects.exists()


def test_a_registrar_sets_a_format_and_finds_it_in_the_list(school, registrar, client):
    sign_in(client, registrar)

    answer = client.post(reverse("stationery:set_number_format"), typed(school, act="set"))

    listed = client.get(reverse("stationery:number_formats")).content.decode()
    assert (answer.status_code, answer["Location"]) == (303, reverse("stationery:number_formats"))
    assert "TCT-31/2099/00001" in listed
    assert "01/01/2099" in listed


def test_a_format_that_cannot_be_used_says_why_and_keeps_what_was_typed(school, registrar, client):
    sign_in(client, registrar)
    wrong = typed(school, serial="{issuer}/{number}")

    for act, status in (("try", 200), ("set", 422)):
        answer = client.post(reverse("stationery:set_number_format"), {**wrong, "act": act})
        assert answer.status_code == status
        assert "{issuer}/{number}: thiếu năm" in answer.content.decode()

    assert not NumberFormat.objects.exists()


def test_a_stranger_sets_nothing_for_this_unit_and_sees_nothing_of_it(
    school, registrar, stranger, client
):
    set_number_format(
        school, NumberFormats(register_entry="{number}-{year}"), valid_from=NEW_YEAR,
        by=registrar, at=NOON,
    )  # fmt: skip
    sign_in(client, stranger)

    answer = client.post(reverse("stationery:set_number_format"), typed(school, act="set"))

    assert answer.status_code == 422
    assert NumberFormat.objects.count() == 1
    assert school.name not in client.get(reverse("stationery:number_formats")).content.decode()


@given(
    st.tuples(st.sampled_from(["HCMA", "TCT-31"]), st.integers(2000, 2999), st.integers(1, 10**6)),
    st.tuples(st.sampled_from(["HCMA", "TCT-31"]), st.integers(2000, 2999), st.integers(1, 10**6)),
)
def test_two_certificates_never_share_a_serial_number(one, other):
    assert (serial_number(*one) == serial_number(*other)) == (one == other)


def test_numbers_are_written_as_the_register_wants_them():
    assert serial_number("HCMA", 2026, 123) == "HCMA-2026-000123"
    assert register_entry_number(2026, 123) == "00123/2026"
