"""What a shared link opens to whoever has it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.recognition_scene import sign_in
from hocvu.credentials.actions import correct_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.verification.rules.allowances import A_MINUTE, NOT_FOUND
from hocvu.wallet.actions import withdraw_share
from hocvu.wallet.actions.openings import forget_old_openings
from hocvu.wallet.models import Share, ShareOpening
from hocvu.wallet.queries.shares import address_of
from hocvu.wallet.rules.shares import OPENINGS_KEPT


@pytest.fixture
def terms(terms):
    """The clock of a request is the real one."""
    return replace(terms, expires_at=timezone.now() + timedelta(days=7))


@pytest.fixture
def share_of(share_of):
    return lambda *certificates, **more: share_of(*certificates, at=timezone.now(), **more)


def path_of(share):
    return "/w/" + address_of(share).rpartition("/w/")[2]


def text_of(response):
    return response.content.decode()


def test_a_stranger_sees_whose_certificate_it_is_and_that_it_counts(client, share, certificate):
    response = client.get(path_of(share))

    page = text_of(response)
    assert response.status_code == 200
    assert "verdict valid" in page
    assert certificate.holder.full_name in page
    assert certificate.serial_number in page
    assert certificate.issuer.name in page


def test_a_stranger_sees_no_more_than_that(client, share, certificate):
    page = text_of(client.get(path_of(share)))

    assert certificate.holder.birth_text not in page
    assert certificate.holder.unit_name not in page
    assert certificate.verification_code not in page
    assert share.purpose not in page


def test_no_cache_no_search_engine_and_no_other_site_learns_of_it(client, share):
    response = client.get(path_of(share))

    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_it_says_what_the_register_says_at_that_moment(client, share, certificate, revoke):
    revoke(certificate)

    page = text_of(client.get(path_of(share)))

    assert "verdict revoked" in page
    assert "verdict valid" not in page


def test_a_correction_is_not_shown_in_the_place_of_what_was_shared(
    client, share, certificate, registrar
):
    new_name = "Phạm Văn Ân Mới"
    ruling = Ruling("10/QĐ-TCT", timezone.now().date(), "written_wrong", "")
    says = replace(certificate.holder, full_name=new_name)
    correct_certificate(certificate, says, ruling=ruling, by=registrar, at=timezone.now())

    page = text_of(client.get(path_of(share)))

    assert "verdict superseded" in page
    assert new_name not in page


def test_over_withdrawn_and_never_made_are_told_apart_by_nobody(
    client, share_of, certificate, holder
):
    withdrawn, over = share_of(certificate), share_of(certificate)
    withdraw_share(withdrawn, by=holder, at=timezone.now())
    past = timezone.now() - timedelta(days=2)
    Share.objects.filter(pk=over.pk).update(made_at=past, expires_at=past + timedelta(days=1))
    paths = [path_of(withdrawn), path_of(over), "/w/" + "A" * 24, "/w/x", "/w/%00", "/w/đ"]

    answers = [client.get(path) for path in paths]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    headers = [dict(each.items()) for each in answers]
    assert all(each == headers[0] for each in headers)


def test_guessing_links_is_ended_soon(client, db):
    allowed = A_MINUTE // NOT_FOUND

    statuses = [client.get(f"/w/{'A' * 20}{at:04}").status_code for at in range(allowed + 1)]

    assert statuses[:allowed] == [404] * allowed
    assert statuses[allowed] == 429


# --- files ---------------------------------------------------------------------------------------


def test_a_file_is_given_only_where_its_holder_shows_it(
    client, share, share_of, certificate, terms
):
    shown = share_of(certificate, terms=replace(terms, with_file=True))

    assert client.get(f"{path_of(share)}/1.pdf").status_code == 404
    response = client.get(f"{path_of(shown)}/1.pdf")

    assert response.content == certificate.file
    assert response["Cache-Control"] == "no-store"
    assert client.get(f"{path_of(shown)}/2.pdf").status_code == 404
    assert f"{path_of(shown)}/1.pdf" in text_of(client.get(path_of(shown)))
    assert "/1.pdf" not in text_of(client.get(path_of(share)))


def test_the_file_of_a_revoked_certificate_is_not_given(
    client, share_of, certificate, terms, revoke
):
    shown = share_of(certificate, terms=replace(terms, with_file=True))

    revoke(certificate)

    assert client.get(f"{path_of(shown)}/1.pdf").status_code == 404
    assert "/1.pdf" not in text_of(client.get(path_of(shown)))


# --- who looked --------------------------------------------------------------------------------


def test_openings_are_counted_by_the_minute_and_not_by_whom(client, share, share_of, certificate):
    for _ in range(3):
        client.get(path_of(share), REMOTE_ADDR="203.0.113.7")

    rows = ShareOpening.objects.filter(share=share)
    assert sum(each.count for each in rows) == 3
    assert {each.minute.second for each in rows} == {0}
    assert "203.0.113.7" not in str(list(rows.values()))


def test_a_file_taken_is_counted_as_such(client, share_of, certificate, terms):
    shown = share_of(certificate, terms=replace(terms, with_file=True))

    client.get(f"{path_of(shown)}/1.pdf")

    assert ShareOpening.objects.get().way == "file"


def test_holders_are_not_counted_on_their_own_links_nor_are_mere_questions(client, share, holder):
    client.head(path_of(share))
    sign_in(client, holder).get(path_of(share))

    assert not ShareOpening.objects.exists()


def test_what_is_not_shown_any_more_is_forgotten(client, share):
    client.get(path_of(share))
    old = timezone.now() - OPENINGS_KEPT - timedelta(days=1)
    ShareOpening.objects.create(share=share, minute=old, way="page", count=1)

    forget_old_openings(0)

    assert [each.minute > old for each in ShareOpening.objects.all()] == [True]


def test_the_holder_sees_when_it_was_opened(client, share, holder):
    client.get(path_of(share))

    page = text_of(sign_in(client, holder).get(reverse("wallet:openings")))

    assert share.purpose in page
