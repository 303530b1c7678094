from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from credentials.recognition_scene import (
    NOON,
    TEXT,
    approver_of,
    decide,
    hold_class,
    make_person,
    make_unit,
    tamper,
)
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import Presence, RollMark
from hocvu.kernel.errors import NotAllowed
from hocvu.recognition.actions import ListHasChanged, NumberIsTaken
from hocvu.recognition.actions.proposals import (
    DayIsImpossible,
    NobodyToRecognise,
    TextCannotBePrinted,
)
from hocvu.recognition.actions.results import ClassIsStillOpen
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.recognition.queries.candidates import candidates_of, classes_to_recognise, fingerprint_of
from hocvu.recognition.queries.decisions import next_number
from hocvu.recognition.rules.completion import Reason


def ready(training_class):
    return [each for each in candidates_of(training_class) if each.has_earned_it]


# --- who has earned it ------------------------------------------------------------------------


def test_those_who_came_have_earned_it_and_the_others_learn_why_not(training_class, absentee):
    found = {each.full_name: each.reasons for each in candidates_of(training_class)}

    assert found.pop(absentee.full_name) == (Reason.LOW_ATTENDANCE,)
    assert set(found.values()) == {()}


def test_candidates_stand_in_the_order_of_given_names(training_class):
    names = [each.full_name for each in candidates_of(training_class)]

    assert names == ["Phạm Văn Ân", "Dương Dũng", "Đặng Thu Đào", "Vũ Văn Vắng"]


def test_a_class_of_any_size_is_looked_at_in_three_queries_and_its_tests(
    training_class, django_assert_num_queries
):
    with django_assert_num_queries(4):
        candidates_of(training_class)


# --- who may ----------------------------------------------------------------------------------


def test_a_registrar_recognises_everybody_who_has_earned_it(training_class, registrar):
    decision = decide(training_class, registrar)

    assert decision.learner_count == decision.entries.count() == 3
    assert decision.number_and_symbol == "07/QĐ-TCT"
    approver = approver_of(training_class)
    assert AuditEntry.objects.filter(act="decision_issued", actor_id=approver.pk).count() == 1


def test_a_registrar_of_another_city_may_not(training_class, stranger):
    with pytest.raises(NotAllowed):
        decide(training_class, stranger)


def test_a_training_officer_of_the_same_city_may_not(training_class, officer):
    with pytest.raises(NotAllowed):
        decide(training_class, officer)


def test_a_learner_may_not(training_class, learners):
    with pytest.raises(NotAllowed):
        decide(training_class, learners[0])


def test_a_refusal_comes_before_a_stranger_learns_whether_the_number_is_taken(
    training_class, registrar, stranger
):
    decide(training_class, registrar)

    with pytest.raises(NotAllowed):
        decide(training_class, stranger)


def test_classes_out_of_reach_are_not_listed(training_class, registrar, stranger, officer):
    assert list(classes_to_recognise(registrar)) == [training_class]
    assert not classes_to_recognise(stranger).exists()
    assert not classes_to_recognise(officer).exists()


# --- what is refused --------------------------------------------------------------------------


def test_an_open_class_is_refused(hold, learners, registrar):
    still_open = hold(learners, close=False)

    with pytest.raises(ClassIsStillOpen):
        decide(still_open, registrar)


def test_a_class_in_which_nobody_has_earned_it_is_refused(hold, absentee, registrar):
    in_vain = hold([], [absentee])

    with pytest.raises(NobodyToRecognise):
        decide(in_vain, registrar)


def test_a_second_decision_finds_nobody_left(training_class, registrar):
    decide(training_class, registrar)

    with pytest.raises(NobodyToRecognise):
        decide(training_class, registrar, replace(TEXT, number=8))


def test_a_list_that_is_not_the_one_shown_is_refused(training_class, registrar):
    shown = fingerprint_of(ready(training_class)[:2])

    with pytest.raises(ListHasChanged):
        decide(training_class, registrar, shown=shown)

    assert not RecognitionDecision.objects.exists()


def test_the_list_that_was_shown_is_taken(training_class, registrar):
    shown = fingerprint_of(ready(training_class))

    assert decide(training_class, registrar, shown=shown).learner_count == 3


def test_the_same_number_with_another_signer_is_not_the_same_decision(training_class, registrar):
    decide(training_class, registrar)

    with pytest.raises(NumberIsTaken):
        decide(training_class, registrar, replace(TEXT, signer_name="Người Khác"))


def test_a_number_is_given_once_in_a_year(training_class, next_class, registrar):
    decide(training_class, registrar)

    with pytest.raises(NumberIsTaken):
        decide(next_class, registrar)


def test_a_number_begins_anew_in_another_year(training_class, next_class, registrar):
    decide(training_class, registrar)

    later, at = replace(TEXT, decided_on=date(2027, 1, 4)), NOON + timedelta(days=60)
    assert decide(next_class, registrar, later, at=at).number == 7


def test_another_issuer_counts_its_own_numbers(training_class, city, officer, registrar):
    department = make_unit(city, "31-SKHCN", "Sở Khoa học và Công nghệ", "department")
    theirs = make_person("Hà Thị Sở", department, role="registrar")
    graduate = make_person("Lã Văn Bé", department)
    programme = training_class.programme
    their_class = hold_class(programme, department, officer, [graduate], code="K2")
    decide(training_class, registrar)

    assert decide(their_class, theirs).number == 7


def test_the_database_itself_keeps_numbers_apart(training_class, registrar):
    decision = decide(training_class, registrar)
    values = {
        field.attname: getattr(decision, field.attname)
        for field in RecognitionDecision._meta.concrete_fields
        if not field.primary_key
    }

    with pytest.raises(IntegrityError, match="a_decision_number_is_unique"), transaction.atomic():
        RecognitionDecision.objects.create(**values)


def test_the_next_free_number_is_proposed(training_class, school, registrar):
    assert next_number(school, 2026) == 1

    decide(training_class, registrar)

    assert next_number(school, 2026) == 8
    assert next_number(school, 2027) == 1


# --- what is printed --------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["symbol", "place", "capacity", "signer_title", "signer_name"])
def test_a_text_that_cannot_be_printed_is_refused(training_class, registrar, field):
    with pytest.raises(TextCannotBePrinted, match="漢"):
        decide(training_class, registrar, replace(TEXT, **{field: "漢"}))


def test_the_annex_keeps_the_names_units_and_posts_of_that_day(training_class, registrar, learners):
    decision = decide(training_class, registrar)

    learners[0].full_name = "Tên Đổi Sau"
    learners[0].save()

    first = decision.entries.first()
    assert (first.full_name, first.birth_text) == ("Phạm Văn Ân", "05/02/1980")
    assert (first.post_title, first.unit_name) == ("Chuyên viên", "Phường Thủy Nguyên")


def test_evidence_that_came_in_later_is_recognised_by_a_decision_of_its_own(
    training_class, registrar, absentee
):
    first = decide(training_class, registrar)
    absences = RollMark.objects.filter(enrolment__person=absentee).values_list("pk", flat=True)
    tamper(
        "UPDATE classes_rollmark SET presence = %s WHERE id = ANY(%s)",
        [Presence.PRESENT, list(absences)],
    )

    second = decide(training_class, registrar, replace(TEXT, number=8))

    assert [each.full_name for each in second.entries.all()] == [absentee.full_name]
    assert (first.learner_count, second.learner_count) == (3, 1)


def test_an_annex_line_cannot_be_changed_or_deleted(training_class, registrar):
    entry = decide(training_class, registrar).entries.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionEntry.objects.filter(pk=entry.pk).update(full_name="Người Khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionEntry.objects.filter(pk=entry.pk).delete()


# --- days -------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 15)])
def test_a_decision_of_a_day_to_come_or_before_the_class_ended_is_refused(
    training_class, registrar, day
):
    with pytest.raises(DayIsImpossible):
        decide(training_class, registrar, replace(TEXT, decided_on=day))


def test_a_decision_may_be_of_the_day_the_class_ended(training_class, registrar):
    decision = decide(training_class, registrar, replace(TEXT, decided_on=training_class.ends_on))

    assert decision.decided_on == training_class.ends_on


def test_a_class_that_closed_before_its_last_day_is_recognised_from_that_day_on(
    training_class, registrar
):
    training_class.ends_on = NOON.date() + timedelta(days=3)  # its last sessions were called off
    training_class.save()

    assert decide(training_class, registrar).decided_on == NOON.date()
