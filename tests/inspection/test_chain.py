"""The chain an auditor checks: as pages, and as documents that can be printed."""

import pytest
from django.urls import reverse

from credentials.recognition_scene import NOON, certify, decide, sign_in, tamper
from hocvu.inspection.queries.chain import chain_of_certificate, chain_of_decision

TODAY = NOON.date()


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


def missing(links):
    return {link.name: link.missing for link in links if link.missing}


def test_a_decision_shows_every_link_of_its_chain(training_class, registrar):
    tamper("UPDATE classes_trainingclass SET opening_decision = '100/QĐ-TCT'")
    certificates = certify(training_class, registrar)
    decision = certificates[0].entry.decision

    links = chain_of_decision(decision, TODAY)

    assert len(links) == 7
    assert "100/QĐ-TCT" in links[0].found
    assert missing(links) == {}


def test_what_is_missing_is_said_in_words(decision):
    found = missing(chain_of_decision(decision, TODAY))

    assert len(found) == 3  # no opening decision, not entered yet, not issued yet
    assert all(found.values())


def test_a_certificate_shows_the_chain_of_its_holder(certificate):
    links = chain_of_certificate(certificate, TODAY)

    assert "2" in links[1].found  # half days attended of those held
    assert certificate.serial_number in links[-1].found


def test_the_pages_of_the_chain_open_for_who_sees_certificates(
    client, certificate, registrar, stranger, learners
):
    pages = (
        reverse("inspection:decision_chain", args=[certificate.entry.decision_id]),
        reverse("inspection:certificate_chain", args=[certificate.pk]),
        reverse("recognition:decision_document", args=[certificate.entry.decision_id]),
        reverse("recognition:decisions"),
    )

    assert [sign_in(client, registrar).get(page).status_code for page in pages] == [200] * 4
    for somebody in (stranger, learners[0]):
        found = [sign_in(client, somebody).get(page).status_code for page in pages]
        assert found == [404, 404, 404, 200]
