"""Papers that are drawn anew for each attempt."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exams.scenes import MINUTE, NINE, enrol, person, question
from hocvu.audit.models import AuditEntry
from hocvu.competency.models import Framework
from hocvu.exams.actions import fold_exposures, hand_in, open_sitting, start_attempt
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.asked import (
    form_of,
    forms_of,
    question_asked_in,
    questions_met_by,
    sections_of,
)
from hocvu.papers.actions.drawing import PaperCannotBeDrawn
from hocvu.papers.models import BlueprintCell, Paper, PaperSection, QuestionExposure
from hocvu.papers.queries.blueprints import content_of
from hocvu.papers.queries.drawing import pool_of
from hocvu.papers.queries.papers import number_of_questions, questions_of
from hocvu.papers.rules import draw
from hocvu.questions.models import Question


def in_use(code, component, *, level="CB2", topic="T", **more):
    made = question(code, "single", "a b*", component, put_in_use_at=NINE, **more)
    Question.objects.filter(pk=made.pk).update(level=level, topic=topic)
    return made


@pytest.fixture
def bank(db):
    """Twelve questions in use, six of each component, and one that is still a draft."""
    made = [in_use(f"B{n}", "1.2" if n <= 6 else "6.1") for n in range(1, 13)]
    question("DRAFT", "single", "a b*", "1.2", put_in_use_at=None)
    return made


@pytest.fixture
def blueprint(framework, bank):
    """Two questions of 1.2, then three of anything, in a section of their own."""
    paper = Paper.objects.create(
        code="rut",
        version=1,
        title="Bài rút đề",
        title_en="Drawn test",
        minutes=30,
        pass_mark="7/10",
        framework=framework,
        level="CB2",
    )
    section = PaperSection.objects.create(paper=paper, position=1, title="Phần chung")
    BlueprintCell.objects.create(paper=paper, position=1, component_code="1.2", questions=2)
    BlueprintCell.objects.create(paper=paper, position=2, section=section, questions=3)
    return paper


@pytest.fixture
def drawn(blueprint, training_class):
    return Sitting.objects.create(
        paper=blueprint, training_class=training_class, opens_at=NINE, closes_at=NINE + 600 * MINUTE
    )


def taken_again(sitting, learner, times):
    """So many attempts of one person, one after another."""
    for number in range(times):
        at = NINE + number * MINUTE
        attempt = start_attempt(sitting, by=learner, at=at)
        hand_in(attempt, by=learner, at=at + MINUTE / 2)
        yield attempt


def test_an_attempt_gets_a_form_of_its_own_when_it_starts(drawn, learner):
    attempt = start_attempt(drawn, by=learner, at=NINE)

    components = [each.component_code for each in form_of(attempt)]
    assert components[:2] == ["1.2", "1.2"]
    assert len(set(attempt.form)) == 5 == number_of_questions(drawn.paper_id)


def test_going_on_with_an_attempt_keeps_its_form(drawn, learner):
    first = start_attempt(drawn, by=learner, at=NINE)

    assert start_attempt(drawn, by=learner, at=NINE + MINUTE).form == first.form


def test_the_form_follows_from_the_seed_and_the_bank(drawn, learner):
    attempt = start_attempt(drawn, by=learner, at=NINE)

    pool = pool_of(drawn.paper, NINE, anew=True)
    assert draw(pool, seed=attempt.seed) == attempt.form


def test_only_questions_in_use_are_drawn(drawn, learner, bank):
    for code in ("B1", "B2", "B3"):
        Question.objects.filter(code=code).update(retired_at=NINE, retire_reason="Sai đáp án")

    seen = {each.code for attempt in taken_again(drawn, learner, 6) for each in form_of(attempt)}

    assert seen.isdisjoint({"B1", "B2", "B3", "DRAFT"})


def test_a_question_retired_a_second_ago_is_not_drawn_from_memory(drawn, learner, classmate):
    start_attempt(drawn, by=learner, at=NINE)
    Question.objects.filter(code__in=["B7", "B8", "B9", "B10", "B11", "B12"]).update(
        retired_at=NINE, retire_reason="Sai đáp án"
    )

    form = form_of(start_attempt(drawn, by=classmate, at=NINE + MINUTE / 60))

    assert {each.component_code for each in form} == {"1.2"}


def test_a_learner_meets_other_questions_the_second_time(drawn, learner):
    first, second = taken_again(drawn, learner, 2)

    assert set(first.form).isdisjoint(second.form)
    assert sum(questions_met_by(learner.pk).values()) == 10


def test_when_the_bank_is_used_up_what_was_met_least_comes_again(drawn, learner):
    forms = [attempt.form for attempt in taken_again(drawn, learner, 6)]

    met = Counter(question_id for form in forms for question_id in form)
    assert max(met.values()) - min(met.values()) <= 1


def test_a_new_version_of_a_question_counts_as_met(drawn, learner, bank):
    first = start_attempt(drawn, by=learner, at=NINE)
    hand_in(first, by=learner, at=NINE)
    old = Question.objects.get(pk=first.form[0])
    Question.objects.filter(pk=old.pk).update(retired_at=NINE, retire_reason="Bản mới")
    put_new_version_in_use(old)

    second = start_attempt(drawn, by=learner, at=NINE + 2 * MINUTE)

    assert old.code not in {each.code for each in form_of(second)}


def put_new_version_in_use(old):
    old.pk, old.version, old.retired_at, old.retire_reason = None, old.version + 1, None, ""
    old.save()


def test_sections_hold_the_questions_of_their_cells(drawn, learner):
    parts = sections_of(start_attempt(drawn, by=learner, at=NINE))

    assert [(section and section.title, len(asked)) for section, asked in parts] == [
        (None, 2),
        ("Phần chung", 3),
    ]


def test_forms_of_many_attempts_are_read_at_once(drawn, sitting, learner, classmate):
    attempts = [
        start_attempt(each, by=who, at=NINE)
        for each in (drawn, sitting)
        for who in (learner, classmate)
    ]
    with CaptureQueriesContext(connection) as queries:
        forms = forms_of(attempts)

    assert len(queries) == 2
    assert [len(forms[attempt.pk]) for attempt in attempts] == [5, 5, 3, 3]


def test_only_questions_of_the_form_are_asked(drawn, learner, bank):
    attempt = start_attempt(drawn, by=learner, at=NINE)
    other = next(each for each in bank if each.pk not in attempt.form)

    assert question_asked_in(attempt, attempt.form[0]) is not None
    assert question_asked_in(attempt, other.pk) is None


def test_a_test_that_cannot_be_drawn_is_not_offered(blueprint, training_class, officer):
    BlueprintCell.objects.filter(paper=blueprint, position=1).update(questions=9)

    with pytest.raises(PaperCannotBeDrawn) as refused:
        open_sitting(
            blueprint,
            training_class,
            opens_at=NINE,
            closes_at=NINE + MINUTE,
            by=officer,
            at=NINE,
        )
    assert "1.2" in str(refused.value)
    assert not Sitting.objects.exists()


def test_a_test_that_can_no_longer_be_drawn_is_not_started(drawn, learner):
    Question.objects.filter(component_code="1.2").update(retired_at=NINE, retire_reason="Hết dùng")

    with pytest.raises(PaperCannotBeDrawn):
        start_attempt(drawn, by=learner, at=NINE)
    assert not Attempt.objects.exists()


def test_questions_the_framework_has_no_place_for_are_not_drawn(blueprint, bank):
    in_use("X1", "9.9")

    pool = pool_of(blueprint, NINE, anew=True)
    assert "X1" not in {each.code for group in pool.alike for each in group.candidates}
    assert Framework.objects.filter(components__code="9.9").count() == 0


def test_what_was_shown_is_counted_from_the_attempts(drawn, sitting, learner, classmate):
    attempt = start_attempt(drawn, by=learner, at=NINE)
    for who in (learner, classmate):
        start_attempt(sitting, by=who, at=NINE)

    fold_exposures(at=NINE)

    shown = Counter(attempt.form) + Counter(
        2 * [each.pk for each in questions_of(sitting.paper_id)]
    )
    assert dict(QuestionExposure.objects.values_list("question", "shown")) == shown


def test_counting_again_changes_and_records_nothing(drawn, learner):
    start_attempt(drawn, by=learner, at=NINE)
    fold_exposures(at=NINE)

    assert fold_exposures(at=NINE) == 0
    assert AuditEntry.objects.filter(act="exposures_folded").count() == 1


def test_the_page_of_a_paper_says_what_each_row_can_choose_from(drawn, learner):
    start_attempt(drawn, by=learner, at=NINE)
    fold_exposures(at=NINE)

    first, second = content_of(drawn.paper).cells

    assert (first.available, first.questions, first.lacks) == (6, 2, 0)
    assert (second.available, second.shown_least, second.shown_most) == (12, 0, 1)


def test_starting_costs_few_statements_once_the_bank_is_known(drawn, learner, classmate):
    start_attempt(drawn, by=learner, at=NINE)

    with CaptureQueriesContext(connection) as queries:
        start_attempt(drawn, by=classmate, at=NINE)

    asked = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert len(asked) <= 8, asked


def test_a_full_hall_gets_different_forms(drawn, training_class, commune):
    people = [person(f"Người {n}") for n in range(30)]
    for each in people:
        enrol(training_class, each, commune)

    with CaptureQueriesContext(connection) as queries:
        forms = {tuple(start_attempt(drawn, by=each, at=NINE).form) for each in people}

    assert len(forms) > 20
    assert sum("questions_question" in each["sql"] for each in queries) < 3 * len(people)


def test_the_clock_of_the_server_set_back_shortens_nothing(drawn, learner):
    first = start_attempt(drawn, by=learner, at=NINE + 10 * MINUTE)
    hand_in(first, by=learner, at=NINE + 12 * MINUTE)

    second = start_attempt(drawn, by=learner, at=NINE + MINUTE)

    assert second.started_at == NINE + 12 * MINUTE
    assert second.must_end_at == NINE + 42 * MINUTE
