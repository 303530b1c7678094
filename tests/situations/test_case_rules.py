from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.situations.rules.drawing import numbers_of, picture_of
from hocvu.situations.rules.graph import Fault, Taken, expert_path, flaws_of, paths_of
from hocvu.situations.rules.marking import (
    MarkFlaw,
    agree,
    flaw_in,
    needs_another_mark,
    settled_share,
)
from hocvu.situations.rules.reading import CaseIsUnreadable, case_from
from hocvu.situations.rules.scoring import range_of, score_of
from situations.situation_scene import decision, node_of, small_case, written_case

CASE = small_case()
RUBRIC = CASE["note"].rubric
EXPERT = expert_path(CASE)


def faults(written):
    return {flaw.fault for flaw in flaws_of(case_from(written))}


def test_a_sound_case_has_no_flaws():
    assert flaws_of(CASE) == []


def remove_start(written):
    written["start"] = "nowhere"


def lead_nowhere(written):
    node_of(written, "desk")["decisions"][1]["to"] = "nowhere"


def add_an_island(written):
    written["nodes"].append({**node_of(written, "calm"), "id": "island"})


def lead_back(written):
    node_of(written, "flood")["decisions"].append(decision("back", "desk", 0))


def offer_enquiries_only(written):
    node_of(written, "desk")["decisions"] = [decision("ask", "desk")]


def offer_one_way(written):
    del node_of(written, "flood")["decisions"][1]


def repeat_a_decision(written):
    node_of(written, "desk")["decisions"].append(decision("good", "storm", 0))


def go_on_after_the_end(written):
    node_of(written, "calm")["decisions"] = [decision("more", "storm", 0)]


def forget_a_credit(written):
    del node_of(written, "desk")["decisions"][1]["credit"]


def give_too_much_credit(written):
    node_of(written, "desk")["decisions"][2]["credit"] = "3/2"


def know_no_right_way(written):
    node_of(written, "desk")["decisions"][1]["credit"] = "3/4"


def give_no_reason(written):
    node_of(written, "desk")["decisions"][1].update(why="", why_en="")


def weigh_nothing(written):
    node_of(written, "desk")["components"] = {}


def forget_the_time_out(written):
    del node_of(written, "flood")["time_out"]


def forget_the_rubric(written):
    node_of(written, "note")["rubric"] = []


def write_nothing(written):
    note = node_of(written, "note")
    note.update(kind="decision", decisions=[decision("a", "calm", 1), decision("b", "storm", 0)])


def forget_english(written):
    node_of(written, "desk")["decisions"][1]["why_en"] = ""


def ask_for_more_than_all(written):
    written["pass_mark"] = "6/5"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (remove_start, Fault.NO_START),
        (lead_nowhere, Fault.LEADS_NOWHERE),
        (add_an_island, Fault.NEVER_MET),
        (lead_back, Fault.GOES_ROUND),
        (offer_enquiries_only, Fault.NO_WAY_ON),
        (offer_one_way, Fault.TOO_FEW_DECISIONS),
        (repeat_a_decision, Fault.REPEATED_DECISION),
        (go_on_after_the_end, Fault.ENDING_GOES_ON),
        (forget_a_credit, Fault.NO_CREDIT),
        (give_too_much_credit, Fault.CREDIT_OUT_OF_RANGE),
        (know_no_right_way, Fault.NO_FULL_CREDIT),
        (give_no_reason, Fault.NO_REASON),
        (weigh_nothing, Fault.NO_WEIGHT),
        (forget_the_time_out, Fault.NO_TIME_OUT),
        (forget_the_rubric, Fault.NO_RUBRIC),
        (write_nothing, Fault.NO_DISPOSITION),
        (forget_english, Fault.ONE_LANGUAGE),
        (ask_for_more_than_all, Fault.ODD_REQUIREMENT),
    ],
)
def test_a_spoilt_case_says_what_is_wrong_with_it(spoil, fault):
    written = written_case()

    spoil(written)

    assert fault in faults(written)


def test_a_case_without_a_title_field_of_a_node_names_what_it_stumbled_on():
    written = written_case()
    del node_of(written, "desk")["decisions"][1]["to"]

    with pytest.raises(CaseIsUnreadable, match="desk: to"):
        case_from(written)


def test_every_way_through_a_case_comes_to_an_ending():
    ways = list(paths_of(CASE))

    assert len(ways) == 7
    assert {CASE[way[-1].node].decision(way[-1].decision).to for way in ways} == {"calm", "storm"}


def test_the_experts_way_earns_everything():
    score = score_of(CASE, EXPERT, {"note": Fraction(1)})

    assert score.total.points == score.total.out_of == 6
    assert score.passed


def test_a_bad_decision_that_ends_the_case_early_does_not_make_the_rest_disappear():
    score = score_of(CASE, [Taken("desk", "bad")], {})

    assert (score.total.points, score.total.out_of) == (0, 6)


def test_credit_counts_exactly():
    path = [Taken("desk", "half"), Taken("flood", "good"), Taken("note", "written")]

    score = score_of(CASE, path, {"note": Fraction(1, 3)})

    assert score.total.points == 1 + 2 + Fraction(2, 3)
    assert score.by_component["1.2"].points == 2
    assert score.passed  # 11/18 is more than 3/5


def test_an_enquiry_neither_earns_nor_costs():
    asked = score_of(CASE, [Taken("desk", "ask"), *EXPERT], {"note": Fraction(1)})

    assert asked.total == score_of(CASE, EXPERT, {"note": Fraction(1)}).total
    assert asked.steps[0].is_enquiry


def test_a_disposition_that_is_not_marked_yet_is_waited_for():
    assert score_of(CASE, EXPERT, {}).waits_for == ("note",)


def test_the_best_way_is_the_experts_and_the_worst_earns_nothing():
    found = range_of(CASE)

    assert found.best == EXPERT
    assert (found.best_score.share, found.worst_score.share) == (1, 0)


@given(st.data())
def test_nobody_earns_more_than_there_was(data):
    path = data.draw(st.sampled_from(list(paths_of(CASE))))
    share = data.draw(st.fractions(0, 1))

    score = score_of(CASE, path, {"note": share})

    assert 0 <= score.total.points <= score.total.out_of
    assert all(0 <= part.points <= part.out_of for part in score.by_component.values())


def test_the_picture_shows_the_way_taken_and_every_node_has_a_number_of_its_own():
    picture = picture_of(CASE, [Taken("desk", "bad")])

    assert {spot.node for spot in picture.spots if spot.was_met} == {"desk", "storm"}
    assert sum(arrow.was_taken for arrow in picture.arrows) == 1
    assert sorted(numbers_of(CASE).values()) == ["1", "2", "3", "A", "B"]


# --- Marking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "flaw"),
    [
        ({"who": Fraction(1), "when": Fraction(2)}, None),
        ({"who": Fraction(1)}, MarkFlaw.MISSING_CRITERION),
        ({"who": Fraction(1), "when": 2, "why": 1}, MarkFlaw.UNKNOWN_CRITERION),
        ({"who": Fraction(3), "when": Fraction(2)}, MarkFlaw.OUT_OF_RANGE),
        ({"who": Fraction(-1), "when": Fraction(2)}, MarkFlaw.OUT_OF_RANGE),
        ({"who": Fraction(1, 3), "when": Fraction(2)}, MarkFlaw.TOO_FINE),
    ],
)
def test_points_fit_the_rubric_or_the_flaw_is_named(points, flaw):
    assert flaw_in(RUBRIC, points) is flaw


def test_two_marks_agree_up_to_the_stated_distance_exactly():
    assert agree(RUBRIC, Fraction(3), Fraction(2))  # a quarter of four points
    assert not agree(RUBRIC, Fraction(3), Fraction(7, 4))


def test_one_mark_is_never_enough():
    assert needs_another_mark(RUBRIC, [Fraction(4)])
    assert settled_share(RUBRIC, [Fraction(4)]) is None


@pytest.mark.parametrize(
    ("totals", "points"),
    [
        ([3, 2], Fraction(5, 2)),  # they agree: their mean
        ([4, 1, 3], Fraction(7, 2)),  # 4 and 3 lie nearest
        ([4, 0, 1], Fraction(1, 2)),
        ([4, 0, 2], Fraction(2)),  # the middle one lies as far from both
    ],
)
def test_marks_settle_on_the_mean_of_the_two_nearest(totals, points):
    assert settled_share(RUBRIC, [Fraction(each) for each in totals]) == points / 4


QUARTERS = st.integers(0, 16).map(lambda n: Fraction(n, 4))


@given(st.lists(QUARTERS, min_size=3, max_size=3))
def test_the_order_of_the_markers_does_not_matter(totals):
    if agree(RUBRIC, *totals[:2]) or agree(RUBRIC, *totals[1:]):
        return

    assert settled_share(RUBRIC, totals) == settled_share(RUBRIC, totals[::-1])


@given(st.lists(QUARTERS, min_size=2, max_size=3))
def test_a_settled_share_lies_between_the_marks(totals):
    share = settled_share(RUBRIC, totals)

    assert share is None or min(totals) <= share * 4 <= max(totals)
