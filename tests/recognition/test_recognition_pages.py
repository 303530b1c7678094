"""Pages of candidates, proposals and decisions."""

import pytest
from django.urls import reverse

from credentials.recognition_scene import NOON, approver_of, decide, propose, sign_in
from hocvu.recognition.actions import approve_results
from hocvu.recognition.models import Proposal, RecognitionDecision
from hocvu.recognition.queries.candidates import candidates_of, fingerprint_of


def typed(**changes):
    return {
        "kind": "completion",
        "number": 7,
        "symbol": "QĐ-TCT",
        "decided_on": "20/11/2026",
        "place": "Hải Phòng",
        "capacity": "",
        "signer_title": "Phó Hiệu trưởng",
        "signer_name": "Lương Khánh Bách",
        **changes,
    }


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("page", ["candidates", "decide"])
def test_a_class_out_of_reach_does_not_exist(client, training_class, stranger, learners, page):
    address = reverse(f"recognition:{page}", args=[training_class.pk])

    for somebody in (stranger, learners[0]):
        assert sign_in(client, somebody).get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_the_candidates_page_says_who_and_why_not(
    client, training_class, registrar, django_assert_max_num_queries
):
    sign_in(client, registrar)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(reverse("recognition:candidates", args=[training_class.pk])))

    assert "Vũ Văn Vắng" in page
    assert "0/2" in page


@pytest.mark.parametrize(("wanted", "count"), [("yes", 3), ("no", 1), ("", 4)])
def test_candidates_are_narrowed_by_what_they_earned(
    client, training_class, registrar, wanted, count
):
    address = reverse("recognition:candidates", args=[training_class.pk])

    page = text_of(sign_in(client, registrar).get(address, {"earned": wanted}))

    assert page.count("Phường Thủy Nguyên") == count


def test_results_are_approved_and_a_decision_proposed_by_the_pages(
    client, training_class, registrar
):
    candidates = reverse("recognition:candidates", args=[training_class.pk])
    address = reverse("recognition:decide", args=[training_class.pk])
    seen = sign_in(client, registrar).get(candidates)
    assert address not in text_of(seen)

    client.post(
        reverse("recognition:approve_results", args=[training_class.pk]),
        {"shown": seen.context["shown"]},
    )
    assert address in text_of(client.get(candidates))
    shown = client.get(address).context["form"].initial["shown"]
    response = client.post(address, typed(shown=shown))

    proposal = Proposal.objects.get()
    assert response["Location"] == reverse("recognition:proposal", args=[proposal.pk])
    assert proposal.learner_count == 3


def test_somebody_else_looks_at_the_proposal_and_approves_it(client, training_class, registrar):
    proposal = propose(training_class, registrar)
    address = reverse("recognition:proposal", args=[proposal.pk])
    approve = reverse("recognition:approve", args=[proposal.pk])

    own = text_of(sign_in(client, registrar).get(address))
    seen = sign_in(client, approver_of(training_class)).get(address)
    response = client.post(approve, {"shown": seen.context["now"].fingerprint})

    decision = RecognitionDecision.objects.get()
    assert approve not in own
    assert approve in text_of(seen)
    assert response["Location"] == reverse("recognition:decision", args=[decision.pk])


def test_whoever_proposed_is_told_that_somebody_else_approves(client, training_class, registrar):
    proposal = propose(training_class, registrar)

    refused = sign_in(client, registrar).post(
        reverse("recognition:approve", args=[proposal.pk]), {"shown": proposal.fingerprint}
    )

    assert refused.status_code == 403
    assert not RecognitionDecision.objects.exists()


def test_a_proposal_is_returned_with_its_reason(client, training_class, registrar):
    proposal = propose(training_class, registrar)
    address = reverse("recognition:return", args=[proposal.pk])
    sign_in(client, approver_of(training_class))

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Sai tên chương trình"})

    page = text_of(client.get(reverse("recognition:proposal", args=[proposal.pk])))
    assert "Sai tên chương trình" in page


def test_after_a_stale_list_the_page_carries_the_new_one(client, training_class, registrar):
    approve_results(training_class, by=registrar, at=NOON)
    address = reverse("recognition:decide", args=[training_class.pk])
    old = fingerprint_of(candidates_of(training_class)[:1])

    refused = sign_in(client, registrar).post(address, typed(shown=old))
    renewed = refused.context["form"].data["shown"]
    taken = client.post(address, typed(shown=renewed))

    assert refused.status_code == 422
    assert "Lương Khánh Bách" in text_of(refused)  # nothing that was typed is lost
    assert taken.status_code == 303
    assert Proposal.objects.count() == 1


def test_a_number_that_is_taken_is_said_beside_what_was_typed(
    client, training_class, next_class, registrar
):
    decide(next_class, registrar)
    approve_results(training_class, by=registrar, at=NOON)
    address = reverse("recognition:decide", args=[training_class.pk])
    shown = sign_in(client, registrar).get(address).context["form"].initial["shown"]

    response = client.post(address, typed(shown=shown))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
