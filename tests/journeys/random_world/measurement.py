"""Scales, calibrations, adaptive tests and their runs, panels of judges, quality of questions."""

from datetime import timedelta

from hocvu.measurement.models import (
    AdaptiveRun,
    AdaptiveSitting,
    AdaptiveStep,
    AdaptiveTest,
    Calibration,
    CutScore,
    ItemCalibration,
    Panel,
    PanelJudge,
    PanelQuestion,
    QuestionQuality,
    Scale,
)

_HOUR = timedelta(hours=1)


def make_measurement(world):
    """One scale with a calibration that counts and one that waits for approval."""
    scale = Scale.objects.create(
        framework=world.framework, code=f"thang-{world.digits(6)}", name=f"Thang {world.mark()}",
        name_en="Scale", model="2pl", made_at=world.now,
    )  # fmt: skip
    world.scales.append(scale)
    asked = [each for each in world.questions if each.put_in_use_at and each.kind == "single"]
    counts = _calibration(world, scale, asked, 1, approved=True)
    _calibration(world, scale, asked, 2, approved=False)
    test = AdaptiveTest.objects.create(
        code=f"kn-{world.digits(6)}", version=1, title=f"Bài đo {world.mark()}", title_en="Test",
        scale=scale, purpose="measure", least_questions=1, most_questions=9, target_se=0.1,
        minutes=30, most_exposure=1, about=f"Ý nghĩa {world.mark()}",
    )  # fmt: skip
    for training_class in world.classes:
        _sitting(world, test, training_class, counts, asked[1:])
    _panels(world, scale, asked)
    _quality(world)


def _calibration(world, scale, asked, number, *, approved):
    calibration = Calibration.objects.create(
        scale=scale, number=number, asked_for_by=world.chance.choice(world.people),
        asked_for_at=world.now, begun_at=world.now, made_at=world.now, people=9,
        questions=len(asked), log_likelihood=-1, iterations=9, converged=True, reliability=0.8,
        population_mean=0, population_sd=1,
        approved_by=world.chance.choice(world.people) if approved else None,
        approved_at=world.now if approved else None,
    )  # fmt: skip
    world.off_the_scale = asked[0]  # too few answers: no skills test asks it
    ItemCalibration.objects.create(
        calibration=calibration, question=asked[0], answers=1, refused="too_few_answers"
    )
    ItemCalibration.objects.bulk_create(
        ItemCalibration(
            calibration=calibration, question=question, answers=9, a=1, b=at / 9 - 1, c=0, se_a=0.1,
            se_b=0.1, se_c=0,
        )
        for at, question in enumerate(asked[1:])
    )  # fmt: skip
    world.calibrations.append(calibration)
    return calibration


def _sitting(world, test, training_class, calibration, asked):
    sitting = AdaptiveSitting.objects.create(
        test=test, training_class=training_class, purpose="measure", opens_at=world.now - _HOUR,
        closes_at=world.now + _HOUR, opened_by=world.chance.choice(world.people),
    )  # fmt: skip
    world.skills_sittings.append(sitting)
    for enrolment in world.enrolments:
        if enrolment.training_class == training_class and world.chance.random() < 0.6:
            _run(world, sitting, enrolment.person, calibration, asked)


def _run(world, sitting, person, calibration, asked):
    """Under way at its second question, or ended after its first."""
    ended = world.chance.random() < 0.5
    run = AdaptiveRun.objects.create(
        sitting=sitting, person=person, number=1, calibration=calibration, seed=1,
        started_at=world.now - _HOUR / 4, must_end_at=world.now + _HOUR / 4,
        **({"ended_at": world.now, "stop_reason": "ended", "theta": 0.1, "se": 0.9,
            "plain_theta": 0.1, "plain_se": 0.9, "low": -1.7, "high": 1.9} if ended else {}),
    )  # fmt: skip
    run.asked = world.chance.sample(asked, 1 if ended else 2)
    for number, question in enumerate(run.asked, start=1):
        answered = number == 1
        AdaptiveStep.objects.create(
            run=run, number=number, question=question, a=1, b=0, c=0, theta_before=0, se_before=1,
            information=0.25, candidates=len(asked), shown_at=world.now,
            **({"chosen": ["a"], "answered_at": world.now, "right": True, "theta_after": 0.1,
                "se_after": 0.9} if answered else {}),
        )  # fmt: skip
    world.skills_runs.append(run)


def _panels(world, scale, asked):
    """One sits; another, which is closed, has set a cut score."""
    for closed in (False, True):
        panel = Panel.objects.create(
            scale=scale, level="CB2", title=f"Hội đồng {world.mark()}",
            borderline=f"Người vừa đạt {world.mark()}", round=2 if closed else 1,
            opened_by=world.chance.choice(world.people), opened_at=world.now,
            closed_at=world.now if closed else None,
        )  # fmt: skip
        panel.asked = asked[:3]
        world.panels.append(panel)
        PanelQuestion.objects.bulk_create(
            PanelQuestion(panel=panel, question=question, position=position)
            for position, question in enumerate(panel.asked, start=1)
        )
        world.judges += PanelJudge.objects.bulk_create(
            PanelJudge(panel=panel, person=person) for person in _writers(world)
        )
    world.cut_scores.append(
        CutScore.objects.create(
            scale=scale, level="CB2", panel=panel, calibration=world.calibrations[0], share=0.6,
            theta=0, se=0.1, judges=3, decision_number=f"9/QĐ-{world.mark()}",
            decided_on=world.today, reason=f"Vì {world.mark()}", set_at=world.now,
            decided_by=world.chance.choice(world.people),
        )
    )  # fmt: skip


def _writers(world):
    """Half of those who were ever allowed to write questions."""
    writers = {g.person for g in world.grants if g.role in {"teacher", "training_officer"}}
    return sorted(writers, key=lambda person: person.pk)[::2]


def _quality(world):
    QuestionQuality.objects.bulk_create(
        QuestionQuality(
            question=question, calculated_at=world.now, answers=9, difficulty=0.5,
            discrimination=0.3,
        )
        for question in world.questions
        if question.put_in_use_at
    )  # fmt: skip
