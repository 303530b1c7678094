"""Judges draw a line in two rounds; a decision makes it count. Every refusal on the way."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exams.scenes import MINUTE, NINE, grant, person, question
from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.measurement.actions import (
    CutScoreIsOutOfReach,
    CutScoreIsSet,
    DecisionIsIncomplete,
    FirstRoundWasMissed,
    JudgeIsNotOutlying,
    JudgeIsUnfit,
    JudgesAreNotReady,
    LevelIsUnknown,
    LevelsWouldCross,
    PanelIsInItsFirstRound,
    PanelIsNotClosed,
    PanelIsOpen,
    QuestionsAreUnfit,
    RatingIsNoShare,
    RoundIsOver,
    TooFewJudges,
    close_panel,
    open_panel,
    open_second_round,
    rate_question,
    set_cut_score,
)
from hocvu.measurement.models import AngoffRating, CutScore, Panel, QuestionQuality
from hocvu.measurement.queries.panel_pages import ballot, panel_page
from hocvu.measurement.queries.panels import panels_open_to, seats_open_to
from hocvu.measurement.queries.scales import cuts_of
from hocvu.measurement.rules.panels import (
    Agreement,
    agreement,
    between_neighbours,
    dot_strip,
    ratings,
    spread_evenly,
)

LATER = NINE + timedelta(hours=2)
DECIDED = {"decision_number": "12/QĐ", "decided_on": date(2026, 11, 21), "reason": "Hội đồng"}


@pytest.fixture
def judges(commune):
    return [grant(person(f"Giám khảo {at}"), "teacher", commune) for at in range(5)]


@pytest.fixture
def panel(scale, calibration, questions, judges, bank_keeper):
    return _open(scale, judges, questions[5:25], by=bank_keeper)


@pytest.fixture
def rated(panel, judges):
    """Everybody has rated in the first round, about half right."""
    for at, judge in enumerate(judges):
        _rate_all(panel, judge, 46 + 2 * at)
    return panel


@pytest.fixture
def closed(rated, bank_keeper):
    second = open_second_round(rated, by=bank_keeper, at=LATER)
    return close_panel(second, by=bank_keeper, at=LATER)


def _open(scale, judges, asked, *, by, level="CB2", title="Hội đồng"):
    words = {"level": level, "title": title, "borderline": "Người vừa đủ"}
    return open_panel(scale, **words, judges=judges, questions=asked, by=by, at=NINE)


def _rate_all(panel, judge, percent, *, panel_round=1):
    """Harder questions get lower shares, so that the ratings follow the questions."""
    for asked in panel.panel_questions.all():
        share = max(0, min(100, percent + 10 - asked.position))
        rate_question(asked, percent=share, panel_round=panel_round, by=judge, at=NINE)


# --- Opening -----------------------------------------------------------------------------------


def test_a_panel_holds_its_judges_and_its_questions_in_order(panel, judges, questions):
    asked = panel.panel_questions.values_list("position", "question_id")

    assert list(asked) == [(at, each.pk) for at, each in enumerate(questions[5:25], start=1)]
    assert set(panel.judges.values_list("person", flat=True)) == {each.pk for each in judges}
    assert AuditEntry.objects.filter(act="panel_opened").exists()


def test_opening_twice_is_opening_once(panel, scale, judges, questions, bank_keeper):
    again = _open(scale, judges, questions[5:25], by=bank_keeper)

    assert again == panel


def test_one_panel_at_a_time_sits_for_a_level(panel, scale, judges, questions, colleague):
    with pytest.raises(PanelIsOpen):
        _open(scale, judges, questions[5:25], by=colleague)


def test_only_who_writes_for_the_nation_opens_a_panel(
    scale, calibration, questions, judges, officer
):
    with pytest.raises(NotAllowed):
        _open(scale, judges, questions[5:25], by=officer)


def test_a_level_the_framework_does_not_have_is_refused(
    scale, calibration, questions, judges, bank_keeper
):
    with pytest.raises(LevelIsUnknown):
        _open(scale, judges, questions[5:25], by=bank_keeper, level="XX9")


def test_two_judges_are_too_few(scale, calibration, questions, judges, bank_keeper):
    with pytest.raises(TooFewJudges):
        _open(scale, judges[:2], questions[5:25], by=bank_keeper)


def test_the_chair_does_not_judge(scale, calibration, questions, judges, bank_keeper):
    with pytest.raises(JudgeIsUnfit):
        _open(scale, [*judges, bank_keeper], questions[5:25], by=bank_keeper)


def test_who_does_not_write_questions_does_not_judge(
    scale, calibration, questions, judges, bank_keeper
):
    with pytest.raises(JudgeIsUnfit):
        _open(scale, [*judges, person("Người Khác")], questions[5:25], by=bank_keeper)


def test_nine_questions_are_too_few(scale, calibration, questions, judges, bank_keeper):
    with pytest.raises(QuestionsAreUnfit):
        _open(scale, judges, questions[:9], by=bank_keeper)


def test_a_question_that_does_not_stand_on_the_scale_is_refused(
    scale, calibration, questions, judges, bank_keeper
):
    new = question("N1", "single", "a* b", "1.1")

    with pytest.raises(QuestionsAreUnfit):
        _open(scale, judges, [*questions[5:25], new], by=bank_keeper)


def test_without_a_calibration_nothing_can_be_judged(scale, questions, judges, bank_keeper):
    with pytest.raises(QuestionsAreUnfit):
        _open(scale, judges, questions[5:25], by=bank_keeper)


# --- Rating ------------------------------------------------------------------------------------


def test_a_rating_sent_twice_is_kept_once(panel, judges):
    asked = panel.panel_questions.first()
    first = rate_question(asked, percent=40, panel_round=1, by=judges[0], at=NINE)

    again = rate_question(asked, percent=40, panel_round=1, by=judges[0], at=LATER)

    assert (again.pk, again.rated_at) == (first.pk, NINE)


def test_a_rating_may_be_changed_while_its_round_is_on(panel, judges):
    asked = panel.panel_questions.first()
    rate_question(asked, percent=40, panel_round=1, by=judges[0], at=NINE)

    rate_question(asked, percent=55, panel_round=1, by=judges[0], at=LATER)

    assert AngoffRating.objects.get().percent == 55


def test_only_judges_of_the_panel_rate(panel, bank_keeper):
    with pytest.raises(NotAllowed):
        rate_question(
            panel.panel_questions.first(), percent=4, panel_round=1, by=bank_keeper, at=NINE
        )


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_rating_is_a_share_of_a_hundred(panel, judges, percent):
    with pytest.raises(RatingIsNoShare):
        rate_question(
            panel.panel_questions.first(), percent=percent, panel_round=1, by=judges[0], at=NINE
        )


def test_a_page_of_the_first_round_rates_nothing_in_the_second(rated, judges, bank_keeper):
    open_second_round(rated, by=bank_keeper, at=LATER)

    with pytest.raises(RoundIsOver):
        rate_question(
            rated.panel_questions.first(), percent=9, panel_round=1, by=judges[0], at=LATER
        )


def test_a_closed_panel_takes_no_rating(closed, judges):
    with pytest.raises(RoundIsOver):
        rate_question(
            closed.panel_questions.first(), percent=9, panel_round=2, by=judges[0], at=LATER
        )


def test_who_missed_the_first_round_sits_out_the_second(panel, judges, bank_keeper):
    for judge in judges[:4]:
        _rate_all(panel, judge, 50)
    second = open_second_round(panel, by=bank_keeper, at=LATER)

    with pytest.raises(FirstRoundWasMissed):
        rate_question(
            second.panel_questions.first(), percent=9, panel_round=2, by=judges[4], at=LATER
        )


# --- Rounds ------------------------------------------------------------------------------------


def test_the_second_round_waits_for_three_judges(panel, judges, bank_keeper):
    for judge in judges[:2]:
        _rate_all(panel, judge, 50)

    with pytest.raises(JudgesAreNotReady):
        open_second_round(panel, by=bank_keeper, at=LATER)


def test_opening_the_second_round_twice_changes_nothing(rated, bank_keeper):
    open_second_round(rated, by=bank_keeper, at=LATER)

    again = open_second_round(rated, by=bank_keeper, at=LATER)

    assert again.round == 2
    assert AuditEntry.objects.filter(act="panel_round_opened").count() == 1


def test_a_panel_is_not_closed_in_its_first_round(rated, bank_keeper):
    with pytest.raises(PanelIsInItsFirstRound):
        close_panel(rated, by=bank_keeper, at=LATER)


def test_closing_twice_keeps_the_first_moment(closed, bank_keeper):
    again = close_panel(closed, by=bank_keeper, at=LATER + MINUTE)

    assert again.closed_at == LATER


def test_judges_open_and_close_no_rounds(rated, judges):
    for act in (open_second_round, close_panel):
        with pytest.raises(NotAllowed):
            act(rated, by=judges[0], at=LATER)


def test_the_second_round_shows_all_ratings_without_names(rated, judges, bank_keeper):
    seat = seats_open_to(judges[1]).get()
    asked = rated.panel_questions.first()
    QuestionQuality.objects.create(
        question=asked.question, calculated_at=NINE, answers=90, difficulty=0.75
    )
    before = ballot(seat, asked)

    open_second_round(rated, by=bank_keeper, at=LATER)
    after = ballot(seats_open_to(judges[1]).get(), asked)

    assert (before.first_round, before.everybody, before.average) == (None, "", "")
    assert after.first_round.said.replace("\u00a0", " ") == "55 %, 57 %, 59 %, 61 %, 63 %"
    assert after.first_round.own == "57\u00a0%"
    assert after.everybody.startswith("75")
    assert after.average
    assert (after.percent, after.is_rated) == (57, False)


def test_the_chair_sees_no_figures_before_the_panel_is_closed(rated, bank_keeper):
    assert panel_page(rated).found is None


# --- The cut score -----------------------------------------------------------------------------


def test_a_decision_makes_the_line_count(closed, bank_keeper):
    made = set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)

    assert made.judges == 5
    assert made.share == pytest.approx(0.495, abs=0.01)
    assert made.theta == pytest.approx(0, abs=0.2)
    assert made.se > 0
    [cut] = cuts_of(closed.scale, LATER)
    assert (cut.level, cut.theta) == ("CB2", made.theta)


def test_the_same_decision_sent_again_changes_nothing(closed, bank_keeper):
    made = set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)

    assert set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER) == made


def test_another_decision_needs_another_panel(closed, bank_keeper):
    set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)

    with pytest.raises(CutScoreIsSet):
        set_cut_score(closed, **{**DECIDED, "decision_number": "13/QĐ"}, by=bank_keeper, at=LATER)


def test_a_cut_score_never_changes(closed, bank_keeper):
    made = set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)

    with pytest.raises(DatabaseError), transaction.atomic():
        CutScore.objects.filter(pk=made.pk).update(theta=9)


def test_only_who_runs_panels_decides(closed, judges):
    with pytest.raises(NotAllowed):
        set_cut_score(closed, **DECIDED, by=judges[0], at=LATER)


def test_nothing_is_decided_while_judges_rate(rated, bank_keeper):
    with pytest.raises(PanelIsNotClosed):
        set_cut_score(rated, **DECIDED, by=bank_keeper, at=LATER)


@pytest.mark.parametrize(
    "lacking",
    [{"decision_number": " "}, {"reason": ""}, {"decided_on": date(2026, 11, 22)}],
)
def test_a_decision_has_a_number_a_day_and_a_reason(closed, bank_keeper, lacking):
    with pytest.raises(DecisionIsIncomplete):
        set_cut_score(closed, **{**DECIDED, **lacking}, by=bank_keeper, at=LATER)


def test_a_second_rating_counts_and_where_there_is_none_the_first_stands(
    rated, judges, bank_keeper
):
    second = open_second_round(rated, by=bank_keeper, at=LATER)
    _rate_all(second, judges[0], 56, panel_round=2)  # 46 before: half the panel's spread less
    found = panel_page(close_panel(second, by=bank_keeper, at=LATER)).found

    made = set_cut_score(second, **DECIDED, by=bank_keeper, at=LATER)

    assert made.share == pytest.approx(0.515, abs=0.01)
    assert [line.number for line in found.rounds] == [1, 2]
    assert found.rounds[0].share != found.rounds[1].share


def test_a_judge_who_stands_apart_is_named_to_the_chair_and_may_be_left_out(
    panel, judges, bank_keeper
):
    for at, judge in enumerate(judges):
        _rate_all(panel, judge, 100 if at == 4 else 48 + at)
    open_second_round(panel, by=bank_keeper, at=LATER)
    closed = close_panel(panel, by=bank_keeper, at=LATER)
    [(apart, name)] = panel_page(closed).found.outlying

    made = set_cut_score(closed, **DECIDED, left_out=[apart], by=bank_keeper, at=LATER)

    assert name == "Giám khảo 4"
    assert (made.judges, made.left_out) == (4, [apart])
    assert made.share == pytest.approx(0.49, abs=0.01)


def test_nobody_is_left_out_for_an_opinion(closed, bank_keeper):
    somebody = closed.judges.first().pk

    with pytest.raises(JudgeIsNotOutlying):
        set_cut_score(closed, **DECIDED, left_out=[somebody], by=bank_keeper, at=LATER)


def test_leaving_out_must_leave_three(panel, judges, bank_keeper):
    for judge, share in zip(judges[:3], (40, 41, 95), strict=True):
        _rate_all(panel, judge, share)
    open_second_round(panel, by=bank_keeper, at=LATER)
    closed = close_panel(panel, by=bank_keeper, at=LATER)
    [(apart, _)] = panel_page(closed).found.outlying

    with pytest.raises(TooFewJudges):
        set_cut_score(closed, **DECIDED, left_out=[apart], by=bank_keeper, at=LATER)


def test_a_line_no_ability_reaches_is_refused(panel, judges, bank_keeper):
    for judge in judges:
        for asked in panel.panel_questions.all():
            rate_question(asked, percent=100, panel_round=1, by=judge, at=NINE)
    open_second_round(panel, by=bank_keeper, at=LATER)
    closed = close_panel(panel, by=bank_keeper, at=LATER)

    with pytest.raises(CutScoreIsOutOfReach):
        set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)
    assert panel_page(closed).found is None


def test_levels_do_not_cross(closed, bank_keeper):
    _cut_before(closed.scale, "CB1", 2.0)

    with pytest.raises(LevelsWouldCross):
        set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)


def _cut_before(scale, level, theta):
    CutScore.objects.create(
        scale=scale,
        level=level,
        share=0.5,
        theta=theta,
        se=0.1,
        judges=3,
        decision_number="1/QĐ",
        decided_on=date(2026, 1, 1),
        set_at=NINE,
    )


# --- Rules -------------------------------------------------------------------------------------


@given(difficulties=st.lists(st.floats(-3, 3), min_size=1, max_size=60), wanted=st.integers(1, 60))
def test_questions_are_spread_from_the_easiest_to_the_hardest(difficulties, wanted):
    places = spread_evenly(difficulties, wanted)

    chosen = [difficulties[at] for at in places]
    assert len(places) == len(set(places)) == min(wanted, len(difficulties))
    assert chosen == sorted(chosen)
    if wanted > 1:
        assert {min(difficulties), max(difficulties)} <= set(chosen)


@given(
    given_ratings=st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 2)), st.integers(0, 100)
    )
)
def test_only_judges_with_a_whole_first_round_count(given_ratings):
    found = ratings(range(4), range(4), given_ratings, rounds=2)

    whole = [j for j in range(4) if all((j, q, 1) in given_ratings for q in range(4))]
    assert found.judge_ids == tuple(whole)
    for row, judge in enumerate(whole):
        first = [given_ratings[judge, q, 1] / 100 for q in range(4)]
        second = [given_ratings.get((judge, q, 2), given_ratings[judge, q, 1]) / 100
                  for q in range(4)]  # fmt: skip
        assert np.allclose(found.rounds[0][row], first)
        assert np.allclose(found.rounds[1][row], second)


@pytest.mark.parametrize(
    ("correlation", "expected"),
    [
        (float("nan"), None),
        (-0.2, Agreement.POOR),
        (0.6, Agreement.MODERATE),
        (0.8, Agreement.GOOD),
        (0.95, Agreement.EXCELLENT),
    ],
)
def test_agreement_has_a_word(correlation, expected):
    assert agreement(correlation) is expected


def test_a_level_lies_between_its_neighbours():
    upwards, cuts = ["CB1", "CB2", "TC1"], {"CB1": -1.0, "TC1": 1.0}

    assert between_neighbours("CB2", 0.0, cuts, upwards)
    assert between_neighbours("CB1", 0.9, cuts, upwards)  # its own old line does not bind it
    assert not between_neighbours("CB2", 1.0, cuts, upwards)
    assert not between_neighbours("CB2", -1.5, cuts, upwards)


def test_equal_ratings_stand_on_top_of_each_other():
    strip = dot_strip([50, 40, 50], own=40)

    lowest, middle, top = strip.dots
    assert middle.x == top.x > lowest.x
    assert top.y < middle.y == lowest.y
    assert strip.own == lowest.x


# --- Pages -------------------------------------------------------------------------------------


def _form(**more):
    return {
        "level": "CB2",
        "title": "Hội đồng",
        "borderline": "Người vừa đủ",
        "judges": "",
        "codes": "",
        "component": "",
        "how_many": "12",
        **more,
    }


def test_a_panel_is_opened_on_a_page_with_questions_from_easy_to_hard(
    client, scale, calibration, judges, bank_keeper
):
    names = "\n".join(each.account.username for each in judges)
    client.force_login(bank_keeper.account)

    answer = client.post(reverse("measurement:open_panel", args=[scale.pk]), _form(judges=names))

    made = Panel.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("measurement:panel", args=[made.pk]),
    )
    codes = list(made.panel_questions.values_list("question__code", flat=True))
    assert (len(codes), codes[0], codes[-1]) == (12, "Q00", "Q29")


def test_names_and_codes_that_lead_nowhere_are_named_in_the_form(
    client, scale, calibration, judges, bank_keeper
):
    client.force_login(bank_keeper.account)
    client.cookies["django_language"] = "en"

    answer = client.post(
        reverse("measurement:open_panel", args=[scale.pk]),
        _form(judges="nobody-here", codes="Q01 NOPE"),
    )

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "nobody-here" in said
    assert "NOPE" in said
    assert not Panel.objects.exists()


def test_a_refusal_of_opening_stands_in_the_form(client, panel, scale, judges, colleague):
    names = " ".join(each.account.username for each in judges)
    client.force_login(colleague.account)

    answer = client.post(reverse("measurement:open_panel", args=[scale.pk]), _form(judges=names))

    assert answer.status_code == 422
    assert Panel.objects.count() == 1


def test_a_judge_goes_from_question_to_question_without_scripts(client, panel, judges):
    client.force_login(judges[0].account)
    start = client.get(reverse("measurement:judge", args=[panel.pk]))

    places = []
    address = start["Location"]
    while "/rate/" in address:
        page = client.get(address)
        assert page.status_code == 200
        places.append(page.context["page"].question.position)
        address = client.post(address, {"percent": "40", "panel_round": "1"})["Location"]

    assert places == list(range(1, 21))
    assert address == reverse("measurement:panel", args=[panel.pk])
    assert AngoffRating.objects.filter(judge__person=judges[0]).count() == 20


def test_a_rating_that_is_none_is_told_beside_its_field(client, panel, judges):
    client.force_login(judges[0].account)
    address = reverse("measurement:rate", args=[panel.pk, 1])

    answer = client.post(address, {"percent": "140", "panel_round": "1"})

    assert answer.status_code == 422
    assert not AngoffRating.objects.exists()


def test_the_rating_page_of_a_closed_panel_leads_back_to_the_panel(client, closed, judges):
    client.force_login(judges[0].account)

    answer = client.get(reverse("measurement:rate", args=[closed.pk, 1]))

    assert answer["Location"] == reverse("measurement:panel", args=[closed.pk])


def test_the_whole_way_from_the_first_round_to_the_document(client, rated, bank_keeper):
    client.force_login(bank_keeper.account)
    client.cookies["django_language"] = "en"

    client.post(reverse("measurement:second_round", args=[rated.pk]))
    client.post(reverse("measurement:close_panel", args=[rated.pk]))
    form = client.get(reverse("measurement:set_cut_score", args=[rated.pk]))
    answer = client.post(
        reverse("measurement:set_cut_score", args=[rated.pk]),
        {**DECIDED, "decided_on": "2026-11-21"},
    )
    document = client.get(answer["Location"]).content.decode()
    history = client.get(reverse("measurement:cut_scores")).content.decode()

    assert form.status_code == 200
    assert "Modified Angoff method" in document
    assert "12/QĐ" in document
    assert "Q05" in document
    assert "12/QĐ" in history


def test_a_refused_decision_stands_in_the_form(client, closed, bank_keeper):
    client.force_login(bank_keeper.account)

    answer = client.post(
        reverse("measurement:set_cut_score", args=[closed.pk]),
        {**DECIDED, "decided_on": "2199-01-01"},
    )

    assert answer.status_code == 422
    assert not CutScore.objects.exists()


def test_names_of_judges_are_the_chairs_alone(client, closed, judges, bank_keeper):
    client.force_login(judges[0].account)

    said = client.get(reverse("measurement:panel", args=[closed.pk])).content.decode()

    assert judges[1].full_name not in said


def test_panels_open_to_their_judges_and_to_who_runs_them(panel, judges, colleague, officer):
    assert list(panels_open_to(judges[0])) == [panel]
    assert list(panels_open_to(colleague)) == [panel]
    assert list(panels_open_to(officer)) == []


@pytest.mark.parametrize("name", ["panel", "judge", "panel_document", "set_cut_score"])
def test_a_panel_out_of_reach_is_not_there(client, panel, officer, name):
    client.force_login(officer.account)

    assert client.get(reverse(f"measurement:{name}", args=[panel.pk])).status_code == 404


@pytest.mark.parametrize("name", ["second_round", "close_panel", "set_cut_score"])
def test_judges_find_no_page_of_the_chair(client, panel, judges, name):
    client.force_login(judges[0].account)

    assert client.post(reverse(f"measurement:{name}", args=[panel.pk])).status_code == 404


def test_the_lists_show_what_there_is(client, closed, judges, bank_keeper):
    set_cut_score(closed, **DECIDED, by=bank_keeper, at=LATER)

    client.force_login(bank_keeper.account)
    panels = client.get(reverse("measurement:panels"))
    file = client.get(reverse("measurement:cut_scores"), {"format": "xlsx"})
    client.force_login(judges[0].account)
    own = client.get(reverse("measurement:panels"))

    assert (panels.context["page"].count, own.context["page"].count) == (1, 1)
    assert file.headers["Content-Type"].endswith("sheet")
