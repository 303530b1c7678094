"""Classes that are recognised, and the one in which the demo learner earned a certificate."""

from hocvu.classes.actions import close_class
from hocvu.classes.models import TrainingClass
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.fiction import LEADER_TITLES
from hocvu.config.rehearsal.stage import Stage, officer
from hocvu.config.rehearsal.training import (
    enrol,
    hand_in_sheets,
    hold_everything,
    offer_test,
    opened,
)
from hocvu.people.models import Post
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.units.models import COMMUNAL_KINDS
from hocvu.units.queries import unit_with_code

_EARLIER_CLASS, _DAYS_AGO, _LEARNERS = "BDHVS-31-K1", 45, 30


def two_classes_are_recognised(stage: Stage) -> None:
    """The others wait for whoever tries the registrar's pages."""
    for number, code in ((12, "LDQL40-K1"), (31, "AI-TDH-K1")):
        _recognise(stage, TrainingClass.objects.get(code=code), number)


def learner_has_a_certificate(stage: Stage) -> None:
    """A class of six weeks ago, small and over, with the learner whom somebody plays."""
    learner = cast.player(cast.LEARNER)
    city = unit_with_code(cast.CITY)
    staff = Post.objects.filter(unit__parent=city, unit__kind__in=COMMUNAL_KINDS)
    others = staff.exclude(title__in=LEADER_TITLES).exclude(person__account__isnull=False)
    learners = {learner.pk, *others.order_by("pk").values_list("person_id", flat=True)[:_LEARNERS]}
    training_class = opened(stage, "digital-skills-for-all", _EARLIER_CLASS, cast.SCHOOL, _DAYS_AGO)
    enrol(stage, training_class, sorted(learners))
    hold_everything(stage, training_class, present=1)
    sitting = offer_test(stage, training_class)
    hand_in_sheets(stage, sitting, ability=0.995, share=1, only={learner.pk})
    hand_in_sheets(stage, sitting, ability=0.84, share=0.97, only=learners - {learner.pk})
    close_class(training_class, by=officer(), at=stage.at)
    _recognise(stage, training_class, 13)


def _recognise(stage: Stage, training_class: TrainingClass, number: int) -> None:
    """Results approved, a decision proposed, and approved by somebody else."""
    is_school = training_class.host_unit.code == cast.SCHOOL
    text = DecisionText(
        number=number,
        symbol="QĐ-TCT" if is_school else "QĐ-SKHCN",
        decided_on=stage.today,
        place="Hải Phòng",
        capacity="KT. HIỆU TRƯỞNG" if is_school else "KT. GIÁM ĐỐC",
        signer_title="PHÓ HIỆU TRƯỞNG" if is_school else "PHÓ GIÁM ĐỐC",
        signer_name="Lương Khánh Bách",
    )
    approve_results(training_class, by=officer(), at=stage.at)
    proposal = propose_decision(training_class, text, by=cast.player("vanthu"), at=stage.at)
    approve_proposal(proposal, by=cast.player("lanhdao"), at=stage.at)
