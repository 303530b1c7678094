"""Scales and adaptive tests that come with the program, and the rules they are written with."""

from datetime import date
from fractions import Fraction
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.scenes import NINE
from hocvu.competency.actions import load_frameworks
from hocvu.competency.models import Component
from hocvu.measurement.actions import (
    ScaleWasEdited,
    TestIsFlawed,
    TestWasEdited,
    load_scales,
    load_tests,
)
from hocvu.measurement.actions.packaged import SCALES, TESTS
from hocvu.measurement.models import AdaptiveTest, Scale
from hocvu.measurement.rules.drawing import HIGHEST, LOWEST, WIDTH, place_of, scale_picture
from hocvu.measurement.rules.measuring import Cut, Estimate, contradict, in_order, standing
from hocvu.measurement.rules.timing import months_after
from hocvu.questions.actions import load_bank
from hocvu.questions.models import Question


@pytest.fixture
def frameworks(db):
    load_frameworks(at=NINE)


@pytest.fixture
def own_copy(tmp_path):
    """The packaged tests, to be changed."""
    return copytree(TESTS, tmp_path / "tests")


def rewrite(folder, name, old, new):
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_packaged_tests_load_once(frameworks):
    loaded = load_tests(at=NINE)

    assert loaded == AdaptiveTest.objects.count() == 3
    assert load_tests(at=NINE) == 0
    assert load_scales(at=NINE) == 0


def test_domains_get_the_share_of_components_they_have(frameworks):
    load_tests(at=NINE)

    codes = list(Component.objects.filter(framework__code="circular-02-2025").values_list("code"))
    domains = [code.partition(".")[0] for (code,) in codes]
    for test in AdaptiveTest.objects.all():
        shares = {domain: Fraction(share) for domain, share in test.quotas.items()}
        assert shares == {d: Fraction(domains.count(d), len(domains)) for d in set(domains)}


def test_the_packaged_bank_has_questions_for_every_quota_of_every_test(frameworks):
    load_tests(at=NINE)
    load_bank(at=NINE)

    for test in AdaptiveTest.objects.all():
        questions = Question.objects.in_use()
        if test.target_group:
            questions = questions.filter(target_group=test.target_group)
        codes = questions.values_list("component_code", flat=True)
        domains = [code.partition(".")[0] for code in codes]
        for domain, share in test.quotas.items():
            assert domains.count(domain) >= Fraction(share) * test.least_questions


def test_a_test_edited_under_the_same_version_is_refused(frameworks, own_copy):
    load_tests(at=NINE)
    rewrite(own_copy, "digital-skills.toml", "target_se = 0.35", "target_se = 0.6")

    with pytest.raises(TestWasEdited):
        load_tests(at=NINE, folder=own_copy)


def test_a_new_version_is_a_new_test(frameworks, own_copy):
    load_tests(at=NINE)
    rewrite(own_copy, "digital-skills.toml", "version = 1", "version = 2")

    assert load_tests(at=NINE, folder=own_copy) == 1


def test_a_scale_edited_under_the_same_code_is_refused(frameworks, tmp_path):
    load_scales(at=NINE)
    folder = copytree(SCALES, tmp_path / "scales")
    rewrite(folder, "circular-02-2025.toml", '"2pl"', '"3pl"')

    with pytest.raises(ScaleWasEdited):
        load_scales(at=NINE, folder=folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('1 = "1/8"', '7 = "1/8"'),
        ('1 = "1/8"', '1 = "7/8"'),
        ('scale = "circular-02-2025"', 'scale = "elsewhere"'),
    ],
)
def test_a_test_that_cannot_be_run_is_not_loaded(frameworks, own_copy, old, new):
    rewrite(own_copy, "digital-skills.toml", old, new)

    with pytest.raises(TestIsFlawed):
        load_tests(at=NINE, folder=own_copy)

    assert not AdaptiveTest.objects.exists()


def test_a_scale_needs_its_framework(db):
    with pytest.raises(TestIsFlawed):
        load_scales(at=NINE)

    assert not Scale.objects.exists()


# --- Rules -------------------------------------------------------------------------------------

thetas = st.floats(-4, 4)


@given(theta=thetas, se=st.floats(0.05, 1), cuts=st.lists(thetas, unique=True, max_size=5))
def test_a_level_is_reached_exactly_when_its_cut_score_is(theta, se, cuts):
    names = [f"L{at}" for at in range(len(cuts))]
    ladder = in_order(dict(zip(names, sorted(cuts), strict=True)), names)

    found = standing(Estimate(theta, se), ladder)

    reached = [cut.level for cut in ladder if cut.theta <= theta]
    assert found.level == (reached[-1] if reached else "")
    assert found.low < theta < found.high


def test_a_level_that_begins_below_the_one_under_it_contradicts():
    cuts = (Cut("CB1", 0.5), Cut("CB2", 0.4))

    assert contradict(cuts)
    assert standing(Estimate(3.0, 0.2), cuts).level == ""


def test_levels_without_a_cut_score_are_left_out():
    assert in_order({"TC1": 1.0, "CB1": -1.0}, ["CB1", "CB2", "TC1"]) == (
        Cut("CB1", -1.0),
        Cut("TC1", 1.0),
    )


@given(theta=st.floats(-9, 9), reach=st.floats(0.01, 6))
def test_everything_is_drawn_inside_the_picture(theta, reach):
    picture = scale_picture(theta, theta - reach, theta + reach, [("CB1", theta)])

    assert 0 <= picture.start <= picture.point <= picture.start + picture.width <= WIDTH
    assert place_of(LOWEST) <= picture.cuts[0].x <= place_of(HIGHEST)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-22", 24, "2028-11-22"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-05", 1, "2027-01-05"),
    ],
)
def test_months_end_with_their_last_day(day, months, then):
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)
