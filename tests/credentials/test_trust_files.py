"""Keys and lists that others carry to check certificates without asking."""

import json
from datetime import date

import pytest

from credentials.recognition_scene import NOON
from hocvu.credentials.actions import correct_certificate, reinstate_certificate, revoke_certificate
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.places import FULL_AT, LIST_LENGTH, draw_places
from hocvu.credentials.rules.causes import Ruling
from hocvu.portable.status import place
from hocvu.trust.actions.published_keys import publish_keys_of
from hocvu_verifier.statement import Issuers
from hocvu_verifier.status import Snapshot

RULING = Ruling("09/QĐ-TCT", date(2026, 11, 20), "issuer_error")


def standing_of(certificate, settings):
    issuers = Issuers.read((settings.AUTHORITY_FOLDER / "issuers.json").read_text())
    files = (settings.REGISTER_FOLDER / "status").glob("*/[0-9]*")
    snapshot = Snapshot.read("\n".join(file.read_text() for file in files), issuers=issuers)
    did = json.loads((settings.AUTHORITY_FOLDER / "did.json").read_text())["id"]
    where = place(certificate.status_list, certificate.status_index)
    return snapshot.standing_of(did, where).standing.value


def test_a_certificate_in_force_stands_in_no_list(certificate, settings):
    assert standing_of(certificate, settings) == "good"


def test_a_revoked_certificate_stands_in_the_list_until_it_is_back_in_force(
    certificate, registrar, settings
):
    revoke_certificate(certificate, ruling=RULING, by=registrar, at=NOON)
    assert standing_of(certificate, settings) == "revoked"

    reinstate_certificate(certificate, ruling_number="11/QĐ", reason="Nhầm", by=registrar, at=NOON)

    assert standing_of(certificate, settings) == "good"


def test_a_corrected_certificate_is_told_from_a_revoked_one(certificate, registrar, settings):
    says = type(certificate.holder)(**{**vars(certificate.holder), "full_name": "Phạm Văn Ẩn"})
    ruling = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")

    edition = correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)

    assert standing_of(certificate, settings) == "corrected"
    assert standing_of(edition, settings) == "good"


def test_the_did_document_lists_every_key_of_the_issuers(certificate, settings):
    issuers = json.loads((settings.AUTHORITY_FOLDER / "issuers.json").read_text())
    document = json.loads((settings.AUTHORITY_FOLDER / "did.json").read_text())

    assert {each["name"] for each in issuers["keys"]} >= {"Trường Chính trị mẫu"}
    assert len(issuers["keys"]) == 2
    assert len(document["assertionMethod"]) == 4  # each key as tokens and as proofs name it


def test_a_key_once_listed_stays_listed(certificate, settings, school):
    file = settings.AUTHORITY_FOLDER / "issuers.json"
    before = file.read_text()

    publish_keys_of(school)

    assert file.read_text() == before
    for signer in settings.AUTHORITY_FOLDER.glob("signer-*.pem"):
        signer.unlink()
    publish_keys_of(school)
    assert len(json.loads(file.read_text())["keys"]) == 4


def test_without_certificates_there_are_no_lists(trust, settings):
    assert publish_status_lists(at=NOON) == 0


# --- places -----------------------------------------------------------------------------------


def test_every_certificate_has_a_place_of_its_own(certificates):
    places = set(Certificate.objects.values_list("status_list", "status_index"))

    assert len(places) == len(certificates)
    assert {number for number, _index in places} == {1}


def test_places_are_drawn_anew_where_they_are_taken():
    taken = set(range(LIST_LENGTH - 10))

    drawn = draw_places(10, lambda offered: taken & set(offered))

    assert sorted(drawn) == list(range(LIST_LENGTH - 10, LIST_LENGTH))


def test_a_list_is_long_enough_to_hide_among():
    assert LIST_LENGTH >= 131_072
    assert FULL_AT <= LIST_LENGTH


@pytest.mark.parametrize("count", [0, 1, 500])
def test_as_many_places_are_drawn_as_are_asked_for(count):
    assert len(set(draw_places(count, lambda _offered: set()))) == count
