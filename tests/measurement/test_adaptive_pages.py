"""The pages of adaptive tests: without scripts, one question at a time, safe to send again."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.scenes import MINUTE, enrol, grant, person
from hocvu.measurement.actions import ask_for_calibration, calculate_calibration, start_run
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, Calibration, CutScore, Purpose
from measurement.sessions import answer_until_the_end


@pytest.fixture
def sitting(sitting):
    """Open now."""
    now = timezone.now()
    sitting.opens_at, sitting.closes_at = now - 60 * MINUTE, now + 60 * MINUTE
    sitting.save()
    return sitting


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner.account)
    return client


@pytest.fixture
def run(sitting, learner):
    return start_run(sitting, by=learner, at=timezone.now() - MINUTE)


@pytest.fixture
def ended(run, learner):
    return answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5, at=timezone.now())


def page(name, thing=None):
    return reverse(f"measurement:{name}", args=[thing.pk] if thing else [])


def text_of(response):
    return response.content.decode()


def fields_of(response):
    """What the form of a question would send, without an answer."""
    form = text_of(response)
    return dict(re.findall(r'type="hidden" name="([a-z][\w-]*)" value="([^"]*)"', form))


def answer(response, line="a"):
    fields = fields_of(response)
    seen = next(name for name in fields if name.startswith("seen-"))
    return {**fields, seen.replace("seen-", "q-"): line, "act": "answer"}


# --- Taking it ---------------------------------------------------------------------------------


def test_a_learner_finds_the_test_and_starts_it_with_one_button(as_learner, sitting):
    assert page("sitting", sitting) in text_of(as_learner.get(page("mine")))

    answered = as_learner.post(page("sitting", sitting))

    run = AdaptiveRun.objects.get()
    assert (answered.status_code, answered["Location"]) == (303, page("run", run))


def test_a_question_is_answered_by_a_plain_form(as_learner, run):
    shown = as_learner.get(page("run", run))

    answered = as_learner.post(page("run", run), answer(shown))

    step = run.steps.get(number=1)
    assert answered["Location"] == page("run", run)
    assert (step.chosen, step.right) == (["a"], True)


def test_a_form_sent_again_after_a_lost_reply_changes_nothing(as_learner, run):
    sent = answer(as_learner.get(page("run", run)))
    as_learner.post(page("run", run), sent)

    again = as_learner.post(page("run", run), sent, follow=True)

    assert run.steps.filter(answered_at__isnull=False).count() == 1
    assert "messages" not in again.context or not list(again.context["messages"])


def test_another_answer_from_another_window_is_told_the_first_one_stands(as_learner, run):
    first, second = as_learner.get(page("run", run)), as_learner.get(page("run", run))
    as_learner.post(page("run", run), answer(first, "b"))

    told = as_learner.post(page("run", run), answer(second, "a"), follow=True)

    assert run.steps.get(number=1).chosen == ["b"]
    assert len(list(told.context["messages"])) == 1


def test_sending_nothing_asks_for_an_answer(as_learner, run):
    fields = fields_of(as_learner.get(page("run", run)))

    told = as_learner.post(page("run", run), {**fields, "act": "answer"})

    assert told.status_code == 422
    assert run.steps.get().answered_at is None


def test_not_knowing_is_one_button(as_learner, run):
    fields = fields_of(as_learner.get(page("run", run)))

    as_learner.post(page("run", run), {**fields, "act": "unknown"})

    assert run.steps.get(number=1).chosen == []


def test_what_is_no_answer_to_the_question_is_shown_again(as_learner, run):
    shown = as_learner.get(page("run", run))

    told = as_learner.post(page("run", run), answer(shown, "zz"))

    assert told.status_code == 422
    assert run.steps.get().answered_at is None


def test_a_page_out_of_date_leads_back_to_the_question(as_learner, run):
    told = as_learner.post(page("run", run), {"number": "x"}, follow=True)

    assert told.status_code == 200
    assert run.steps.count() == 1


def test_after_its_time_the_page_leads_to_the_result(as_learner, run):
    AdaptiveRun.objects.filter(pk=run.pk).update(must_end_at=timezone.now() - MINUTE)

    led = as_learner.get(page("run", run))

    assert led["Location"] == page("result", run)


def test_an_answer_after_the_time_says_so(as_learner, run):
    shown = as_learner.get(page("run", run))
    AdaptiveRun.objects.filter(pk=run.pk).update(must_end_at=timezone.now() - MINUTE)

    told = as_learner.post(page("run", run), answer(shown), follow=True)

    assert len(list(told.context["messages"])) == 1
    assert run.steps.get().answered_at is None


def test_breaking_off_is_said_before_it_is_done(as_learner, run):
    assert as_learner.get(page("end", run)).status_code == 200
    run.refresh_from_db()
    assert run.ended_at is None

    led = as_learner.post(page("end", run))

    run.refresh_from_db()
    assert (led["Location"], run.stop_reason) == (page("result", run), "ended")


def test_nobody_takes_the_test_of_another(client, run, classmate):
    client.force_login(classmate.account)

    assert client.get(page("run", run)).status_code == 404
    assert client.post(page("run", run), {"act": "unknown"}).status_code == 404
    assert client.post(page("end", run)).status_code == 404


def test_a_scale_that_is_not_calibrated_is_said_in_words(as_learner, sitting, calibration):
    Calibration.objects.filter(pk=calibration.pk).update(approved_at=None)

    told = text_of(as_learner.get(page("sitting", sitting)))

    assert "<button" not in told.split("<main", 1)[1].split("</main")[0]


# --- The result --------------------------------------------------------------------------------


def test_the_result_draws_the_interval_and_says_it_in_a_table(as_learner, ended):
    shown = as_learner.get(page("result", ended))

    told = text_of(shown)
    drawn = shown.context["page"].picture
    assert f'x="{drawn.start}"' in told
    assert shown.context["page"].ability.low in told
    assert shown.context["page"].level is None


def test_the_result_says_the_level_with_its_range(as_learner, scale, run, learner):
    CutScore.objects.create(
        scale=scale,
        level="CB2",
        share=0.5,
        theta=0.0,
        se=0.1,
        judges=5,
        decision_number="3/QĐ",
        decided_on=timezone.now().date(),
        set_at=timezone.now() - timedelta(days=1),
    )
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5, at=timezone.now())

    shown = as_learner.get(page("result", ended))

    assert "Cơ bản, bậc 2" in shown.context["page"].level
    assert "Cơ bản, bậc 2" in shown.context["page"].level_range
    assert {line.code for line in shown.context["page"].components} <= {"1.1", "1.2", "2.1"}


def test_every_step_is_explained(as_learner, ended):
    shown = as_learner.get(page("explanation", ended))

    assert shown.context["page"].explained.is_same
    assert text_of(shown).count("<h3>") == ended.steps.filter(answered_at__isnull=False).count()


def test_a_run_under_way_is_not_explained(as_learner, run):
    assert as_learner.get(page("explanation", run)).status_code == 404


def test_an_officer_of_another_province_sees_only_their_own_people(
    client, stranger, ended, sitting, classmate
):
    client.force_login(stranger.account)

    rows = text_of(client.get(page("results", sitting)))

    assert classmate.full_name in rows
    assert ended.person.full_name not in rows
    assert client.get(page("result", ended)).status_code == 404


def test_an_officer_of_the_class_sees_its_results(client, officer, ended, sitting):
    client.force_login(officer.account)

    rows = text_of(client.get(page("results", sitting)))

    assert page("result", ended) in rows
    assert client.get(page("result", ended)).status_code == 200
    assert page("results", sitting) in text_of(client.get(page("sittings")))


def test_a_learner_sees_no_results_of_others(as_learner, sitting):
    assert as_learner.get(page("results", sitting)).status_code == 404
    assert as_learner.get(page("sittings")).status_code == 200


def test_results_can_be_taken_away_as_a_table(client, officer, ended, sitting):
    client.force_login(officer.account)

    file = client.get(page("results", sitting), {"format": "xlsx"})

    assert file.content.startswith(b"PK")


def test_results_take_the_same_queries_for_more_learners(
    client, officer, ended, sitting, django_assert_max_num_queries
):
    training_class = sitting.training_class
    for at in range(12):
        enrol(training_class, person(f"Học viên {at}"), training_class.host_unit)
    client.force_login(officer.account)

    with django_assert_max_num_queries(16):
        client.get(page("results", sitting))


# --- Offering ----------------------------------------------------------------------------------


def offering(test, **changes):
    now = timezone.now()
    form = {
        "test": test.pk,
        "purpose": "before",
        "opens_at": f"{now:%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + 60 * MINUTE:%Y-%m-%dT%H:%M}",
    }
    return form | changes


def test_an_officer_offers_a_test_to_a_class(client, officer, training_class, skills_test, sitting):
    client.force_login(officer.account)

    led = client.post(page("offer", training_class), offering(skills_test))

    offered = AdaptiveSitting.objects.get(purpose=Purpose.BEFORE)
    assert led["Location"] == page("results", offered)


def test_a_refused_offer_keeps_what_was_typed(
    client, officer, training_class, skills_test, calibration
):
    Calibration.objects.filter(pk=calibration.pk).update(approved_at=None)
    client.force_login(officer.account)

    told = client.post(page("offer", training_class), offering(skills_test))

    assert told.status_code == 422
    assert not AdaptiveSitting.objects.exists()
    assert told.context["form"].non_field_errors()


def test_a_test_that_would_close_before_it_opens_is_refused(
    client, officer, training_class, skills_test, calibration
):
    client.force_login(officer.account)

    told = client.post(
        page("offer", training_class), offering(skills_test, closes_at="2020-01-01T08:00")
    )

    assert told.status_code == 422
    assert "closes_at" in told.context["form"].errors


def test_a_stranger_cannot_offer_it_a_test(client, stranger, training_class):
    client.force_login(stranger.account)

    assert client.get(page("offer", training_class)).status_code == 404


# --- Scales ------------------------------------------------------------------------------------


def test_a_bank_keeper_asks_for_a_calibration_and_watches_it(client, bank_keeper, scale):
    client.force_login(bank_keeper.account)

    client.post(page("calibrate", scale))

    waiting = client.get(page("scale", scale)).context["page"].waiting
    assert waiting.calibration.asked_for_by == bank_keeper
    assert page("scale", scale) in text_of(client.get(page("scales")))


def test_a_refused_calibration_says_why(client, bank_keeper, scale, questions):
    asked_for = ask_for_calibration(scale, by=bank_keeper, at=timezone.now())
    refused = calculate_calibration(asked_for, at=timezone.now())
    client.force_login(bank_keeper.account)

    told = client.get(page("calibration", refused))

    assert told.context["refusal"] in text_of(told)


def test_a_calibration_lists_its_questions_and_is_approved_by_a_colleague(
    client, bank_keeper, colleague, calibration
):
    Calibration.objects.filter(pk=calibration.pk).update(approved_at=None, asked_for_by=bank_keeper)
    client.force_login(bank_keeper.account)
    assert not client.get(page("calibration", calibration)).context["may_approve"]
    assert client.post(page("approve", calibration)).status_code == 403
    client.force_login(colleague.account)
    assert "Q00" in text_of(client.get(page("calibration", calibration), {"size": 50}))

    client.post(page("approve", calibration))

    calibration.refresh_from_db()
    assert calibration.approved_by == colleague


def test_how_difficult_questions_are_is_not_for_everybody(client, learner, scale, calibration):
    client.force_login(learner.account)

    assert client.get(page("scale", scale)).status_code == 404
    assert client.get(page("calibration", calibration)).status_code == 404
    assert client.post(page("calibrate", scale)).status_code == 404
    assert client.get(page("scales")).status_code == 200


def test_an_officer_sees_scales_but_does_not_calibrate_them(client, officer, scale):
    client.force_login(officer.account)

    assert client.get(page("scale", scale)).context["may_ask"] is False
    assert client.post(page("calibrate", scale)).status_code == 403


def test_every_page_is_whole_in_english_too(client, learner, nation, ended, calibration):
    sitting = ended.sitting
    grant(learner, "training_officer", nation)
    client.force_login(learner.account)
    client.cookies["django_language"] = "en"

    for address in (
        page("mine"),
        page("sitting", sitting),
        page("result", ended),
        page("explanation", ended),
        page("sittings"),
        page("results", sitting),
        page("offer", sitting.training_class),
        page("scales"),
        page("scale", calibration.scale),
        page("calibration", calibration),
    ):
        assert client.get(address).status_code == 200


def test_a_client_name_that_is_none_is_out_of_date(as_learner, run):
    sent = answer(as_learner.get(page("run", run))) | {"client_id": "x"}

    as_learner.post(page("run", run), sent)

    assert run.steps.get().answered_at is None


def test_the_name_of_an_answer_to_another_question_is_refused(as_learner, run):
    name = str(uuid4())
    first = answer(as_learner.get(page("run", run))) | {"client_id": name}
    as_learner.post(page("run", run), first)

    second = answer(as_learner.get(page("run", run))) | {"client_id": name}

    assert as_learner.post(page("run", run), second).status_code == 409
