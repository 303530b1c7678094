"""The steps of the rehearsal, in order."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hocvu.audit.actions import record
from hocvu.audit.models import AuditEntry
from hocvu.campaigns.actions import rebuild_coverage
from hocvu.classes.actions import (
    Appointment,
    add_bridge_points,
    appoint_at_points,
    close_class,
    enrol_learners,
    enter_sheets,
    open_class,
)
from hocvu.classes.models import ClassSession, Enrolment, TrainingClass
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.answers import answer_sheets
from hocvu.config.rehearsal.exercises import (
    cases_are_run,
    desk_test_is_handed_in,
    questions_come_in,
    supervised_rooms,
)
from hocvu.config.rehearsal.fiction import (
    DEPARTMENT_LEADER_TITLES,
    LEADER_TITLES,
    LEADERS_OF_A_COMMUNE,
    Fiction,
)
from hocvu.config.rehearsal.judging import lines_are_drawn
from hocvu.config.rehearsal.measuring import scale_is_calibrated, skills_are_tested
from hocvu.config.rehearsal.sheets import signed_sheets
from hocvu.config.rehearsal.stage import Progress, Stage, officer
from hocvu.courses.queries import programme_in_force
from hocvu.credentials.actions import (
    approve_proposal,
    approve_results,
    issue_certificates,
    propose_decision,
)
from hocvu.credentials.models import RecognitionDecision
from hocvu.credentials.rules.decision_text import DecisionText
from hocvu.exams.actions import open_sitting, take_in_answer_sheets
from hocvu.exams.models import Sitting
from hocvu.kernel.time import VIETNAM, day_of
from hocvu.papers.queries.papers import latest_papers
from hocvu.people.actions import add_people, create_account
from hocvu.people.models import Category, Post
from hocvu.units.models import COMMUNAL_KINDS, Unit, UnitKind
from hocvu.units.queries import unit_with_code

_SEED = 1945  # the year of the first popular education
_STEP = "rehearsal_step"
_SHEETS_AT_ONCE = 2_000


def is_rehearsed() -> bool:
    """Whether every step has been played, also those that a later version brought."""
    return all(map(_is_done, ("end", *(name for name, _sentence, _step in _STEPS))))


def rehearse(*, at: datetime, progress: Progress) -> None:
    """Play what has not been played yet."""
    stage = Stage(at, day_of(at), Fiction(_SEED), Random(_SEED), progress)  # noqa: S311 — fiction
    for number, (name, sentence, step) in enumerate(_STEPS):
        progress(_(sentence), number, len(_STEPS))
        with _once(name, at=at) as is_to_do:
            if is_to_do:
                step(stage)
    _issue_what_is_missing(stage)
    with _once("end", at=at) as is_to_do:
        if is_to_do:
            rebuild_coverage(at=at)
    progress(_("The rehearsal is over"), len(_STEPS), len(_STEPS))


@contextmanager
def _once(name: str, *, at: datetime) -> Iterator[bool]:
    """A step is one transaction together with the line that says it is done."""
    with transaction.atomic():
        is_to_do = not _is_done(name)
        yield is_to_do
        if is_to_do:
            record(_STEP, f"rehearsal:{name}", by=None, at=at)


def _is_done(name: str) -> bool:
    return AuditEntry.objects.filter(subject=f"rehearsal:{name}", act=_STEP).exists()


# --- people -----------------------------------------------------------------------------------


def _people(stage: Stage) -> None:
    cast.engage(stage.fiction, at=stage.at)
    communes = Unit.objects.filter(kind__in=COMMUNAL_KINDS).order_by("path")
    departments = Unit.objects.filter(
        parent=unit_with_code(cast.CITY), kind=UnitKind.DEPARTMENT
    ).order_by("path")
    rows = [person for unit in communes for person in stage.fiction.of_commune(unit)]
    rows += [person for unit in departments for person in stage.fiction.of_department(unit)]
    add_people(rows, by=None, at=stage.at)


def _ward_accounts(stage: Stage) -> None:
    """A coordinator and a learner of one ward of Hải Phòng."""
    ward = unit_with_code(cast.WARD)
    staff = Post.objects.filter(unit=ward).order_by("pk").select_related("person")
    coordinator, learner = staff[3].person, staff[5].person
    for username, person in ((cast.COORDINATOR, coordinator), (cast.LEARNER, learner)):
        create_account(person, username, cast.password(), by=None, at=stage.at)


def _teacher(stage: Stage) -> None:
    cast.engage_teacher(at=stage.at)


# --- the four events --------------------------------------------------------------------------


def _leadership(stage: Stage) -> None:
    """(a) 115 leaders of the city's departments, three days in the hall, a field visit."""
    for code, days_ago, first, last in (("LDQL40-K1", 12, 0, 115), ("LDQL40-K2", 5, 115, 155)):
        training_class = _open(stage, "leadership-skills-4-0", code, cast.SCHOOL, days_ago)
        _enrol(stage, training_class, _city_leaders()[first:last])
        _hold_everything(stage, training_class, present=0.95)
        _sit_test(stage, training_class, ability=0.86, share=0.97)
        close_class(training_class, by=officer(), at=stage.at)


def _city_leaders() -> list[int]:
    city = unit_with_code(cast.CITY)
    posts = Post.objects.filter(unit__path__startswith=city.path, unit__kind=UnitKind.DEPARTMENT)
    wanted = posts.filter(title__in=DEPARTMENT_LEADER_TITLES)
    return list(wanted.order_by("pk").values_list("person_id", flat=True))


def _artificial_intelligence(stage: Stage) -> None:
    """(b) AI and automation for the city's departments and communes: the class that is over."""
    city = unit_with_code(cast.CITY)
    specialists = Post.objects.filter(unit__path__startswith=city.path).exclude(
        title__in=(*LEADER_TITLES, *DEPARTMENT_LEADER_TITLES)
    )
    ids = list(specialists.order_by("pk").values_list("person_id", flat=True))
    training_class = _open(stage, "ai-automation-state-agencies", "AI-TDH-K1", cast.DEPARTMENT, 9)
    _enrol(stage, training_class, ids[::2][:170])
    _hold_everything(stage, training_class, present=0.94)
    _sit_test(stage, training_class, ability=0.84, share=0.97)
    close_class(training_class, by=officer(), at=stage.at)


def _class_under_way(stage: Stage) -> None:
    """The class that starts today, for whoever wants to try every page with their own hands."""
    training_class = _open(stage, "ai-automation-state-agencies", "AI-TDH-K2", cast.DEPARTMENT, 0)
    city = unit_with_code(cast.CITY)
    wards = list(Unit.objects.filter(parent=city, kind__in=COMMUNAL_KINDS).order_by("path"))
    by = officer()
    add_bridge_points(training_class, wards, by=by, at=stage.at)
    points = dict(training_class.bridge_points.values_list("unit_id", "pk"))
    _appoint_everywhere(stage, training_class, points)
    posts = Post.objects.filter(unit__in=wards).order_by("pk")
    pairs = training_class.bridge_points.values_list("chair", "coordinator")
    on_duty = {person_id for pair in pairs for person_id in pair}  # who runs tests takes none there
    placements = {
        post.person_id: points[post.unit_id] for post in posts if post.person_id not in on_duty
    }
    enrol_learners(training_class, placements, by=by, at=stage.at)
    _offer_test(stage, training_class)


def _commune_leaders(stage: Stage) -> None:
    """(c) The refresher, live from the National Academy to a bridge point in every commune."""
    training_class = _open(stage, "commune-leaders-refresher", "CNKT-XPDK-K1", cast.ACADEMY, 20)
    by = officer()
    communes = Unit.objects.filter(kind__in=COMMUNAL_KINDS)
    add_bridge_points(training_class, communes, by=by, at=stage.at)
    points = dict(training_class.bridge_points.values_list("unit_id", "pk"))
    _appoint_everywhere(stage, training_class, points)
    leaders = Post.objects.filter(unit__in=communes, title__in=LEADER_TITLES).order_by("pk")
    placements = {
        person_id: points[unit_id]
        for person_id, unit_id in leaders.values_list("person_id", "unit_id")
    }
    enrol_learners(training_class, placements, by=by, at=stage.at)


def _commune_leaders_attend(stage: Stage) -> None:
    _hold_everything(stage, TrainingClass.objects.get(code="CNKT-XPDK-K1"), present=0.93)


def _commune_leaders_are_tested(stage: Stage) -> None:
    training_class = TrainingClass.objects.get(code="CNKT-XPDK-K1")
    _sit_test(stage, training_class, ability=0.80, share=0.72)
    close_class(training_class, by=officer(), at=stage.at)


def _appoint_everywhere(
    stage: Stage, training_class: TrainingClass, points: dict[int, int]
) -> None:
    """The secretary chairs, a vice-chairman coordinates, a specialist minds the line."""
    staff: defaultdict[int, list[int]] = defaultdict(list)
    posts = Post.objects.filter(unit__in=points).order_by("pk")
    for unit_id, person_id in posts.values_list("unit_id", "person_id"):
        staff[unit_id].append(person_id)
    duties = [
        Appointment(
            points[unit_id],
            chair_id=people[0],
            coordinator_id=people[3],
            technical_contact_id=people[5],
        )
        for unit_id, people in staff.items()
        if len(people) > LEADERS_OF_A_COMMUNE
    ]
    appoint_at_points(training_class, duties, by=officer(), at=stage.at)


def _everybody(stage: Stage) -> None:
    """(d) The movement's online course, open to everybody in scope; part of them have finished."""
    training_class = _open(stage, "digital-skills-for-all", "BDHVS-TOANQUOC", cast.ACADEMY, 30)
    in_scope = (
        Category.CADRE,
        Category.CIVIL_SERVANT,
        Category.PUBLIC_EMPLOYEE,
        Category.CONTRACT_WORKER,
    )
    posts = Post.objects.filter(category__in=in_scope, is_main=True).order_by("pk")
    learners = posts.exclude(person=officer())  # nobody runs the tests of a class they learn in
    _enrol(stage, training_class, list(learners.values_list("person_id", flat=True)))
    others = posts.exclude(title__in=LEADER_TITLES).exclude(person__account__isnull=False)
    _sit_test(
        stage,
        training_class,
        ability=0.82,
        share=0.75,
        only=set(others.values_list("person_id", flat=True)),
    )


# --- what the events have in common -----------------------------------------------------------


def _open(stage: Stage, programme: str, code: str, host: str, days_ago: int) -> TrainingClass:
    starts_on = stage.today - timedelta(days=days_ago)
    chosen = programme_in_force(programme, starts_on)
    unit = unit_with_code(host)
    by = officer()
    return open_class(
        chosen,
        code=code,
        name=chosen.name,
        host_unit=unit,
        starts_on=starts_on,
        supervisor=by,
        opening_decision=f"{days_ago + 100}/QĐ-{unit.code}",
        by=by,
        at=stage.at,
    )


def _enrol(stage: Stage, training_class: TrainingClass, person_ids: list[int]) -> None:
    placements: dict[int, int | None] = dict.fromkeys(person_ids)
    enrol_learners(training_class, placements, by=officer(), at=stage.at)


def _hold_everything(stage: Stage, training_class: TrainingClass, *, present: float) -> None:
    """Every session at every bridge point, from the signed sheets that came in."""
    places = list(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .order_by("bridge_point_id", "pk")
        .values_list("bridge_point_id", "pk")
    )
    for session in ClassSession.objects.filter(training_class=training_class).order_by("number"):
        sheets = signed_sheets(places, present=present, chance=stage.chance)
        enter_sheets(session, sheets, by=officer(), at=session.ends_at)


def _offer_test(stage: Stage, training_class: TrainingClass) -> Sitting:
    paper = latest_papers().get(code=training_class.programme.paper_code)
    opens = datetime.combine(training_class.starts_on, datetime.min.time(), VIETNAM)
    return open_sitting(
        paper,
        training_class,
        opens_at=opens,
        closes_at=opens + timedelta(days=60),
        by=officer(),
        at=stage.at,
    )


def _sit_test(
    stage: Stage,
    training_class: TrainingClass,
    *,
    ability: float,
    share: float,
    only: set[int] | None = None,
) -> None:
    """A share of the learners hand in their answers, better or worse from place to place."""
    sitting = _offer_test(stage, training_class)
    sheets = answer_sheets(
        sitting, ability=ability, share=share, only=only, chance=stage.chance, at=stage.at
    )
    for start in range(0, len(sheets), _SHEETS_AT_ONCE):
        batch = sheets[start : start + _SHEETS_AT_ONCE]
        take_in_answer_sheets(sitting, batch, by=officer(), at=stage.at)


def _decisions(stage: Stage) -> None:
    """Two classes are recognised; the others wait for whoever tries the registrar's pages."""
    registrar = cast.player("vanthu")
    for number, code in ((12, "LDQL40-K1"), (31, "AI-TDH-K1")):
        training_class = TrainingClass.objects.get(code=code)
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
        proposal = propose_decision(training_class, text, by=registrar, at=stage.at)
        approve_proposal(proposal, by=cast.player("lanhdao"), at=stage.at)


def _issue_what_is_missing(stage: Stage) -> None:
    """Batch by batch, each its own transaction: a killed rehearsal goes on with the next one."""
    for decision in RecognitionDecision.objects.order_by("pk"):
        label = _("Signing certificates of decision %(number)s") % {
            "number": decision.number_and_symbol
        }

        def show(issued: int, label: str = label, all_: int = decision.learner_count) -> None:
            stage.progress(label, issued, all_)

        issue_certificates(decision, by=decision.issued_by, at=stage.at, progress=show)


_STEPS: tuple[tuple[str, str, Callable[[Stage], None]], ...] = (
    (
        "people",
        gettext_noop("Inventing people for 3,321 communes and Hải Phòng's departments"),
        _people,
    ),
    ("accounts", gettext_noop("Engaging a coordinator and a learner"), _ward_accounts),
    ("leadership", gettext_noop("Event (a): leadership and management skills 4.0"), _leadership),
    (
        "ai",
        gettext_noop("Event (b): AI and automation in state agencies"),
        _artificial_intelligence,
    ),
    ("ai-today", gettext_noop("Event (b): the class that starts today"), _class_under_way),
    (
        "communes",
        gettext_noop("Event (c): 3,321 bridge points for commune leaders"),
        _commune_leaders,
    ),
    (
        "communes-rolls",
        gettext_noop("Event (c): roll calls of six half days"),
        _commune_leaders_attend,
    ),
    (
        "communes-test",
        gettext_noop("Event (c): tests of the commune leaders"),
        _commune_leaders_are_tested,
    ),
    ("everybody", gettext_noop("Event (d): digital skills for everybody in scope"), _everybody),
    ("decisions", gettext_noop("Recognition decisions"), _decisions),
    ("teacher", gettext_noop("Engaging a teacher"), _teacher),
    ("questions", gettext_noop("Questions of a file that wait to be looked at"), questions_come_in),
    (
        "supervised-rooms",
        gettext_noop("The test under Resolution 398 in supervised rooms"),
        supervised_rooms,
    ),
    ("essays", gettext_noop("Written answers that wait for markers"), desk_test_is_handed_in),
    ("cases", gettext_noop("Situations at a commune"), cases_are_run),
    ("scale", gettext_noop("Calibrating the scale of digital competence"), scale_is_calibrated),
    ("levels", gettext_noop("Judges draw the lines between levels"), lines_are_drawn),
    ("skills-test", gettext_noop("The adaptive skills test"), skills_are_tested),
)
