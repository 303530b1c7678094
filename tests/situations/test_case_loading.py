import pytest

from hocvu.competency.actions import load_frameworks
from hocvu.situations.actions import load_cases
from hocvu.situations.actions.cases import CASES, CaseIsFlawed, CaseWasEdited
from hocvu.situations.models import Case
from hocvu.situations.rules.cases import NodeKind
from hocvu.situations.rules.scoring import range_of
from situations.situation_scene import NINE


@pytest.fixture
def frameworks(db):
    load_frameworks(at=NINE)


@pytest.fixture
def folder(tmp_path):
    text = (CASES / "one-stop-desk.toml").read_text(encoding="utf-8")
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
    return tmp_path


def change(folder, before, after):
    file = folder / "desk.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_packaged_cases_load_once(frameworks):
    assert load_cases(at=NINE) >= 6
    assert load_cases(at=NINE) == 0


def test_every_packaged_case_has_pressure_something_to_write_and_several_endings(frameworks):
    load_cases(at=NINE)

    for case in Case.objects.all():
        nodes = case.written.nodes.values()
        kinds = [node.kind for node in nodes]
        assert any(node.seconds for node in nodes), case.code
        assert 4 <= len(kinds) - kinds.count(NodeKind.ENDING) <= 8, case.code
        assert kinds.count(NodeKind.DISPOSITION) >= 1, case.code
        assert kinds.count(NodeKind.ENDING) >= 2, case.code
        assert case.written.sources, case.code


def test_in_every_packaged_case_the_expert_earns_all_and_somebody_can_fail(frameworks):
    load_cases(at=NINE)

    for case in Case.objects.all():
        found = range_of(case.written)
        assert found.best_score.share == 1, case.code
        assert found.worst_score.share < case.required_share / 2, case.code


def test_a_case_edited_under_the_same_version_is_refused(frameworks, folder):
    load_cases(at=NINE, folder=folder)
    change(folder, "Bà xé mảnh giấy", "Bà giữ mảnh giấy")

    with pytest.raises(CaseWasEdited):
        load_cases(at=NINE, folder=folder)


def test_a_changed_case_comes_as_a_new_version_beside_the_old_one(frameworks, folder):
    load_cases(at=NINE, folder=folder)
    change(folder, "version = 1", "version = 2")

    assert load_cases(at=NINE, folder=folder) == 1
    assert list(Case.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('to = "outage"', 'to = "nowhere"', "leads_nowhere"),
        (
            'framework = "circular-02-2025"',
            'framework = "no-such"',
            "not in force|hết hiệu lực|không còn hiệu lực",
        ),
        ('level = "TC1"', 'level = "XX"', "not know the level|không có bậc"),
        ('"5.1" = 2', '"9.9" = 2', "9.9"),
        ("credit = 0", 'credit = "much"', "not a number"),
    ],
)
def test_a_case_that_cannot_be_run_is_refused_and_says_why(frameworks, folder, before, after, said):
    change(folder, before, after)

    with pytest.raises(CaseIsFlawed, match=said):
        load_cases(at=NINE, folder=folder)
    assert not Case.objects.exists()
