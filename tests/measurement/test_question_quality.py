"""What answers say about questions: figures, flags, fairness, drift, and who sees them."""

import json
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exams.scenes import MINUTE, NINE, grant, person, question
from hocvu.audit.models import AuditEntry
from hocvu.exams.models import Answer, KeyCorrection
from hocvu.kernel.errors import NotAllowed
from hocvu.measurement.actions import (
    FiguresAreFresh,
    ask_for_quality,
    calculate_quality,
    calculate_quality_of,
)
from hocvu.measurement.actions.quality import calculate_asked_quality, calculate_quality_nightly
from hocvu.measurement.models import ItemCalibration, QuestionQuality
from hocvu.measurement.queries.quality import newest_of, quality_open_to
from hocvu.measurement.rules.quality import (
    AnswersToOne,
    Belonging,
    Comparison,
    Flag,
    Generation,
    figures,
    generation,
    with_drift,
)
from hocvu.people.models import Person, Post
from measurement.sessions import SOON, answers_of_a_crowd, attempts_at, crowd, exam_of

NIGHT = NINE + timedelta(hours=16)
DIFFICULTIES = np.linspace(-1.5, 1.5, 10)


@pytest.fixture
def exam(framework, training_class):
    return exam_of(framework, training_class)


@pytest.fixture
def asked(questions):
    return questions[: len(DIFFICULTIES)]


@pytest.fixture
def answered(exam, asked):
    return answers_of_a_crowd(exam, crowd(300), asked, DIFFICULTIES)


def _choose(exam, people, chosen, *, others, abilities):
    """`chosen(ability)` names the option taken of the first question; the others by ability."""
    first, *rest = others
    answers = []
    for attempt, ability in zip(attempts_at(exam, people), abilities, strict=True):
        lines = {first: [chosen(ability)]}
        lines |= {each: ["a" if ability > at else "b"] for at, each in enumerate(rest)}
        answers += [
            Answer(
                attempt=attempt,
                question=each,
                chosen=line,
                sequence=1,
                client_id=uuid4(),
                saved_at=SOON,
            )
            for each, line in lines.items()
        ]
    Answer.objects.bulk_create(answers)


# --- Figures -----------------------------------------------------------------------------------


def test_the_figures_of_a_question_are_those_of_classical_item_analysis(asked, answered):
    calculate_quality(at=NIGHT)

    found = newest_of(asked[0].pk)
    rest = answered[:, 1:].mean(axis=1)
    assert found.answers == 300
    assert found.difficulty == pytest.approx(answered[:, 0].mean())
    assert found.discrimination == pytest.approx(np.corrcoef(answered[:, 0], rest)[0, 1])


def test_each_option_says_who_chose_it_and_how_they_did_elsewhere(asked, answered):
    calculate_quality(at=NIGHT)

    found = {each["option"]: each for each in newest_of(asked[0].pk).options}
    right = answered[:, 0]
    rest = answered[:, 1:].mean(axis=1)
    assert list(found) == ["a", "b", "c"]
    assert [each["is_right"] for each in found.values()] == [True, False, False]
    assert found["a"]["share"] == pytest.approx(right.mean())
    assert found["b"]["mean_rest"] == pytest.approx(rest[~right].mean())
    assert (found["c"]["share"], found["c"]["mean_rest"]) == (0, None)


def test_a_second_attempt_a_voided_one_and_one_not_marked_say_nothing(exam, asked, officer):
    people = crowd(3)
    [first] = attempts_at(exam, people[:1])
    [again] = attempts_at(exam, people[:1], number=2, at=NINE + MINUTE)
    void = {"voided_at": SOON, "voided_by": officer, "void_reason": "Chép bài"}
    [voided] = attempts_at(exam, people[1:2], **void)
    not_yet = {"marked_at": None, "points": None, "out_of": None, "passed": None}
    [unmarked] = attempts_at(exam, people[2:], **not_yet)
    for attempt, line in ((first, "b"), (again, "a"), (voided, "a"), (unmarked, "a")):
        _answer(attempt, asked[0], [line])

    calculate_quality(at=NIGHT)

    found = newest_of(asked[0].pk)
    assert (found.answers, found.difficulty) == (1, 0)


def test_the_key_as_corrected_decides(exam, asked, officer):
    for attempt in attempts_at(exam, crowd(2)):
        _answer(attempt, asked[0], ["b"])
        _answer(attempt, asked[1], ["b"])
    _correct(asked[0], {"right": ["b"]}, officer)
    _correct(asked[1], {"everybody": True}, officer)

    calculate_quality(at=NIGHT)

    assert newest_of(asked[0].pk).difficulty == 1
    assert newest_of(asked[1].pk) is None


def test_what_has_not_changed_is_not_written_again(asked, answered):
    first = calculate_quality(at=NIGHT)

    second = calculate_quality(at=NIGHT + timedelta(days=1))

    assert (first, second) == (len(asked), 0)
    assert QuestionQuality.objects.filter(question=asked[0]).count() == 1


def test_the_nightly_job_leaves_its_line_in_the_audit_log(asked, answered):
    calculate_quality_nightly(timestamp=int(NIGHT.timestamp()))

    entry = AuditEntry.objects.get(act="quality_calculated")
    assert entry.facts == {"questions": len(asked), "new": len(asked)}


def test_short_texts_and_several_right_options_are_figured_too(exam):
    several = question("M1", "multiple", "a* b* c", "1.1")
    text = question(
        "T1",
        "short_text",
        "",
        "1.1",
        parts=[
            {"id": "text", "kind": "text", "accepted": [{"value": "Hà Nội"}]},
        ],
    )
    for attempt, lines, word in zip(
        attempts_at(exam, crowd(2)), (["a", "b"], ["a", "c"]), ("ha noi", "Huế"), strict=True
    ):
        _answer(attempt, several, lines)
        _answer(attempt, text, [f"text={word}"])

    calculate_quality(at=NIGHT)

    shares = {each["option"]: each["share"] for each in newest_of(several.pk).options}
    assert shares == {"a": 1.0, "b": 0.5, "c": 0.5}
    assert newest_of(several.pk).difficulty == 0.5
    assert (newest_of(text.pk).difficulty, newest_of(text.pk).options) == (0.5, [])


# --- Flags -------------------------------------------------------------------------------------


def test_a_key_that_able_people_avoid_is_perhaps_wrong(exam, questions):
    abilities = np.linspace(0, 6, 60)
    _choose(
        exam,
        crowd(60),
        lambda ability: "b" if ability > 3 else "a",
        others=questions[:8],
        abilities=abilities,
    )

    calculate_quality(at=NIGHT)

    flags = newest_of(questions[0].pk).flags
    assert flags[0] == Flag.KEY_PERHAPS_WRONG
    assert Flag.WRONG_OPTION_ATTRACTS_STRONG in flags
    assert Flag.DOES_NOT_DISTINGUISH in flags
    assert Flag.OPTION_UNUSED in flags


def test_what_everybody_knows_is_too_easy_and_nothing_else_about_options(exam, questions):
    abilities = np.linspace(0, 6, 60)
    _choose(exam, crowd(60), lambda _: "a", others=questions[:8], abilities=abilities)

    calculate_quality(at=NIGHT)

    assert newest_of(questions[0].pk).flags == [Flag.TOO_EASY]


def test_what_nobody_knows_is_too_hard(exam, questions):
    abilities = np.linspace(0, 6, 60)
    _choose(
        exam,
        crowd(60),
        lambda ability: "b" if ability < 3 else "c",
        others=questions[:8],
        abilities=abilities,
    )

    calculate_quality(at=NIGHT)

    assert Flag.TOO_HARD in newest_of(questions[0].pk).flags


def test_below_thirty_answers_only_that_is_said(exam, asked):
    answers_of_a_crowd(exam, crowd(29), asked, DIFFICULTIES)

    calculate_quality(at=NIGHT)

    assert newest_of(asked[0].pk).flags == [Flag.TOO_FEW_ANSWERS]


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 9), st.integers(1, 3)), max_size=80
    )
)
def test_figures_stay_in_their_bounds_whatever_was_answered(rows):
    found = figures(_given(rows), {"a": True, "b": False, "c": False, "d": False})

    assert found.answers == len(rows)
    assert found.difficulty is None or 0 <= found.difficulty <= 1
    assert found.discrimination is None or -1 - 1e-9 <= found.discrimination <= 1 + 1e-9
    assert not found.options or sum(each.share for each in found.options) == pytest.approx(1)
    assert list(found.flags) == [flag for flag in Flag if flag in found.flags]


def test_an_easy_test_makes_nobody_able():
    """In each test the weak are right as often as the strong; only the tests differ."""
    easy = [(choice, rest, 1) for choice in "aaab" for rest in (8, 9)]
    hard = [(choice, rest, 2) for choice in "abbb" for rest in (1, 2)]

    found = figures(_given((easy + hard) * 10), {"a": True, "b": False})

    assert found.discrimination == pytest.approx(0)


def _given(rows):
    return AnswersToOne(
        right=np.array([choice == "a" for choice, _, _ in rows], dtype=bool),
        rest=np.array([rest / 9 for _, rest, _ in rows], dtype=float),
        test=np.array([test for _, _, test in rows], dtype=int),
        picks=[frozenset(choice) for choice, _, _ in rows],
        belongings=[Belonging("", None, "")] * len(rows),
    )


# --- Groups ------------------------------------------------------------------------------------


def test_a_question_harder_for_women_of_equal_ability_says_so(exam, asked):
    people = crowd(600)
    for at, each in enumerate(people):
        each.sex = "female" if at % 2 else "male"
    Person.objects.bulk_update(people, ["sex"])
    women = np.arange(600) % 2 == 1
    harder = np.where(women[:, None] & (np.arange(10) == 0), 1.5, 0.0) + DIFFICULTIES
    answers_of_a_crowd(exam, people, asked, harder)

    calculate_quality(at=NIGHT)

    [found] = newest_of(asked[0].pk).differential
    assert (found["comparison"], found["ets"]) == (Comparison.WOMEN_WITH_MEN, "C")
    assert found["delta"] < -1.5
    assert (found["people"], found["compared_with"]) == (300, 300)
    assert Flag.FAVOURS_STRONGLY in newest_of(asked[0].pk).flags
    assert Flag.FAVOURS_STRONGLY not in newest_of(asked[5].pk).flags


def test_generations_and_kinds_of_communes_are_compared(exam, asked, nation, commune):
    rural = commune.__class__.objects.create(
        code="X",
        kind="commune",
        parent=nation,
        path="VN.X.",
        name="Xã X",
        search_key="xa x",
        sort_key="x",
    )
    people = crowd(480)
    for at, each in enumerate(people):
        each.birth_year = (1970, 1980, 1995)[at % 3]
    Person.objects.bulk_update(people, ["birth_year"])
    Post.objects.bulk_create(
        Post(person=each, unit=rural if at % 2 else commune, category="cadre")
        for at, each in enumerate(people)
    )
    answers_of_a_crowd(exam, people, asked, DIFFICULTIES)

    calculate_quality(at=NIGHT)

    compared = {each["comparison"] for each in newest_of(asked[4].pk).differential}
    assert compared == {
        Comparison.SCHOOLED_WITH_MIDDLE,
        Comparison.BEFORE_INTERNET_WITH_MIDDLE,
        Comparison.COMMUNES_WITH_WARDS,
    }


def test_a_question_harder_for_minorities_of_equal_ability_says_so(exam, asked):
    people = crowd(600)
    for at, each in enumerate(people):
        each.ethnic_group = ("01", "02", "08", "")[at % 4]
    Person.objects.bulk_update(people, ["ethnic_group"])
    minority = np.isin(np.arange(600) % 4, [1, 2])
    harder = np.where(minority[:, None] & (np.arange(10) == 0), 1.5, 0.0) + DIFFICULTIES
    answers_of_a_crowd(exam, people, asked, harder)

    calculate_quality(at=NIGHT)

    [found] = newest_of(asked[0].pk).differential
    assert (found["comparison"], found["ets"]) == (Comparison.MINORITIES_WITH_KINH, "C")
    assert found["delta"] < -1.5
    assert (found["people"], found["compared_with"]) == (300, 150)


def test_a_few_members_of_a_minority_are_never_told_apart(exam, asked):
    people = crowd(250)
    for at, each in enumerate(people):
        each.ethnic_group = "54" if at < 99 else "01"
    Person.objects.bulk_update(people, ["ethnic_group"])
    answers_of_a_crowd(exam, people, asked, DIFFICULTIES)

    calculate_quality(at=NIGHT)

    assert newest_of(asked[0].pk).differential == []


def test_fewer_than_a_hundred_of_a_group_are_not_compared(exam, asked):
    people = crowd(250)
    for at, each in enumerate(people):
        each.sex = "female" if at < 99 else "male"
    Person.objects.bulk_update(people, ["sex"])
    answers_of_a_crowd(exam, people, asked, DIFFICULTIES)

    calculate_quality(at=NIGHT)

    assert newest_of(asked[0].pk).differential == []


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (None, None),
        (1975, Generation.BEFORE_INTERNET),
        (1976, Generation.MIDDLE),
        (1990, Generation.MIDDLE),
        (1991, Generation.SCHOOLED),
    ],
)
def test_a_generation_follows_from_the_year_of_birth(born, expected):
    assert generation(born) is expected


# --- Drift -------------------------------------------------------------------------------------


def test_a_question_whose_answer_goes_round_has_become_easier(calibration, exam, questions):
    bs = np.array(ItemCalibration.objects.order_by("question_id").values_list("b", flat=True))
    _calibrated_before(calibration)
    leaked = np.where(np.arange(len(bs)) == 20, bs - 1.5, bs)
    answers_of_a_crowd(exam, crowd(800), questions, leaked)

    calculate_quality(at=NIGHT)

    assert Flag.BECAME_EASIER in newest_of(questions[20].pk).flags
    assert newest_of(questions[20].pk).drift < -2.58
    others = [newest_of(each.pk).flags for at, each in enumerate(questions) if at != 20]
    moved = [flags for flags in others if {Flag.BECAME_EASIER, Flag.BECAME_HARDER} & set(flags)]
    assert len(moved) <= 1


def test_answers_the_calibration_was_made_from_are_no_drift(calibration, exam, questions):
    """They were given before it was asked for."""
    answers_of_a_crowd(exam, crowd(200), questions, np.zeros(len(questions)))

    calculate_quality(at=NIGHT)

    assert {newest_of(each.pk).drift for each in questions} == {None}


def test_figures_asked_for_keep_the_drift_of_the_night(asked, answered):
    QuestionQuality.objects.create(
        question=asked[0],
        calculated_at=NINE,
        answers=1,
        drift=3.4,
        flags=[Flag.BECAME_HARDER.value],
    )

    calculate_quality_of(asked[0], at=NIGHT)

    found = newest_of(asked[0].pk)
    assert (found.answers, found.drift) == (300, 3.4)
    assert Flag.BECAME_HARDER in found.flags


def test_flags_stand_in_their_order():
    assert with_drift([Flag.TOO_EASY], Flag.BECAME_EASIER) == (Flag.BECAME_EASIER, Flag.TOO_EASY)
    assert with_drift([Flag.TOO_EASY], None) == (Flag.TOO_EASY,)


def _calibrated_before(calibration):
    calibration.asked_for_at = NINE - timedelta(days=1)
    calibration.save(update_fields=["asked_for_at"])


# --- Asking for it -----------------------------------------------------------------------------


def test_asking_twice_waits_once(asked, officer):
    ask_for_quality(asked[0], by=officer, at=NIGHT)

    ask_for_quality(asked[0], by=officer, at=NIGHT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE queue_name = 'calibration'")
        jobs = [json.loads(row[0]) for row in cursor.fetchall()]
    assert jobs == [{"question_id": asked[0].pk}]


def test_the_job_calculates_one_question_only(asked, answered):
    calculate_asked_quality(question_id=asked[3].pk)

    assert [row.question_id for row in QuestionQuality.objects.all()] == [asked[3].pk]


def test_fresh_figures_are_not_calculated_again(asked, answered, officer):
    calculate_quality(at=NIGHT)

    with pytest.raises(FiguresAreFresh):
        ask_for_quality(asked[0], by=officer, at=NIGHT + MINUTE)


def test_who_does_not_write_questions_cannot_ask(asked, commune):
    leader = grant(person("Ngô Văn Trưởng"), "leader", commune)

    with pytest.raises(NotAllowed):
        ask_for_quality(asked[0], by=leader, at=NIGHT)


# --- Pages -------------------------------------------------------------------------------------


def test_the_list_holds_what_i_reach_in_the_bank(answered, asked, officer, commune, other_commune):
    QuestionQuality.objects.create(
        question=question("X1", "single", "a* b", "1.1", owner=other_commune),
        calculated_at=NIGHT,
        answers=40,
    )
    own = question("X2", "single", "a* b", "1.1", owner=commune)
    QuestionQuality.objects.create(question=own, calculated_at=NIGHT, answers=40)

    calculate_quality(at=NIGHT)

    reached = {row.question_id for row in quality_open_to(officer)}
    assert reached == {each.pk for each in asked} | {own.pk}
    assert not quality_open_to(person("Không Vai Trò")).exists()


def test_only_the_newest_figures_are_listed(asked, answered, officer):
    QuestionQuality.objects.create(question=asked[0], calculated_at=NINE, answers=1)

    calculate_quality(at=NIGHT)

    [row] = quality_open_to(officer).filter(question=asked[0])
    assert row.answers == 300


def test_the_list_narrows_by_flag_and_goes_to_a_file(client, asked, answered, officer):
    calculate_quality(at=NIGHT)
    QuestionQuality.objects.create(
        question=asked[2], calculated_at=NIGHT + MINUTE, answers=300, flags=["too_hard"]
    )
    client.force_login(officer.account)

    narrowed = client.get(reverse("measurement:quality"), {"flag": "too_hard"})
    unflagged = client.get(reverse("measurement:quality"), {"flag": "none"})
    nonsense = client.get(reverse("measurement:quality"), {"flag": "no_such"})
    file = client.get(reverse("measurement:quality"), {"format": "xlsx"})

    assert narrowed.context["page"].count == 1
    assert unflagged.context["page"].count < len(asked)
    assert nonsense.context["page"].count == len(asked)
    assert file.headers["Content-Type"].endswith("sheet")


def test_a_questions_page_says_what_to_do_next(client, asked, answered, officer):
    calculate_quality(at=NIGHT)
    client.force_login(officer.account)
    client.cookies["django_language"] = "en"

    said = client.get(reverse("measurement:question_quality", args=[asked[0].pk])).content.decode()

    assert "nobody chooses one of the options" in said
    assert "Please replace it with a mistake that learners really make." in said
    assert "Ethnic minorities, compared with Kinh" in said
    assert reverse("questions:question", args=[asked[0].pk]) in said


def test_a_question_without_answers_has_a_page_too(client, questions, officer):
    client.force_login(officer.account)

    answer = client.get(reverse("measurement:question_quality", args=[questions[0].pk]))

    assert answer.status_code == 200


def test_asking_on_the_page_leads_back_to_it(client, asked, officer):
    client.force_login(officer.account)
    address = reverse("measurement:question_quality", args=[asked[0].pk])

    answer = client.post(reverse("measurement:calculate_quality", args=[asked[0].pk]))

    assert (answer.status_code, answer["Location"]) == (303, address)


def test_a_question_out_of_reach_is_not_there(client, officer, other_commune):
    foreign = question("X1", "single", "a* b", "1.1", owner=other_commune, put_in_use_at=None)
    client.force_login(officer.account)

    for name in ("question_quality", "calculate_quality"):
        address = reverse(f"measurement:{name}", args=[foreign.pk])
        answer = client.get(address) if name == "question_quality" else client.post(address)
        assert answer.status_code == 404


def _answer(attempt, asked, chosen):
    return Answer.objects.create(
        attempt=attempt,
        question=asked,
        chosen=chosen,
        sequence=1,
        client_id=uuid4(),
        saved_at=SOON,
    )


def _correct(asked, key, by):
    return KeyCorrection.objects.create(
        question=asked,
        key=key,
        decision_number="12/QĐ",
        decided_on=NINE.date(),
        reason="Đáp án sai",
        made_by=by,
        made_at=SOON,
    )
