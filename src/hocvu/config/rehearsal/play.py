"""The steps of the rehearsal, in order."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
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
)
from hocvu.classes.models import TrainingClass
from hocvu.config.rehearsal import cast
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
from hocvu.config.rehearsal.recognising import (
    learner_has_a_certificate,
    two_classes_are_recognised,
)
from hocvu.config.rehearsal.stage import Progress, Stage, officer
from hocvu.config.rehearsal.training import enrol, hold_everything, offer_test, opened, sit_test
from hocvu.credentials.actions import issue_certificates
from hocvu.kernel.time import day_of
from hocvu.people.actions import add_people, create_account
from hocvu.people.models import Category, Post
from hocvu.recognition.models import RecognitionDecision
from hocvu.units.models import COMMUNAL_KINDS, Unit, UnitKind
from hocvu.units.queries import unit_with_code

_SEED = 1945  # the year of the first popular education
_STEP = "rehearsal_step"


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
        training_class = opened(stage, "leadership-skills-4-0", code, cast.SCHOOL, days_ago)
        enrol(stage, training_class, _city_leaders()[first:last])
        hold_everything(stage, training_class, present=0.95)
        sit_test(stage, training_class, ability=0.86, share=0.97)
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
    training_class = opened(stage, "ai-automation-state-agencies", "AI-TDH-K1", cast.DEPARTMENT, 9)
    enrol(stage, training_class, ids[::2][:170])
    hold_everything(stage, training_class, present=0.94)
    sit_test(stage, training_class, ability=0.84, share=0.97)
    close_class(training_class, by=officer(), at=stage.at)


def _class_under_way(stage: Stage) -> None:
    """The class that starts today, for whoever wants to try every page with their own hands."""
    training_class = opened(stage, "ai-automation-state-agencies", "AI-TDH-K2", cast.DEPARTMENT, 0)
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
    offer_test(stage, training_class)


def _commune_leaders(stage: Stage) -> None:
    """(c) The refresher, live from the National Academy to a bridge point in every commune."""
    training_class = opened(stage, "commune-leaders-refresher", "CNKT-XPDK-K1", cast.ACADEMY, 20)
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
    hold_everything(stage, TrainingClass.objects.get(code="CNKT-XPDK-K1"), present=0.93)


def _commune_leaders_are_tested(stage: Stage) -> None:
    training_class = TrainingClass.objects.get(code="CNKT-XPDK-K1")
    sit_test(stage, training_class, ability=0.80, share=0.72)
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
    training_class = opened(stage, "digital-skills-for-all", "BDHVS-TOANQUOC", cast.ACADEMY, 30)
    in_scope = (
        Category.CADRE,
        Category.CIVIL_SERVANT,
        Category.PUBLIC_EMPLOYEE,
        Category.CONTRACT_WORKER,
    )
    posts = Post.objects.filter(category__in=in_scope, is_main=True).order_by("pk")
    learners = posts.exclude(person=officer())  # nobody runs the tests of a class they learn in
    enrol(stage, training_class, list(learners.values_list("person_id", flat=True)))
    others = posts.exclude(title__in=LEADER_TITLES).exclude(person__account__isnull=False)
    sit_test(
        stage,
        training_class,
        ability=0.82,
        share=0.75,
        only=set(others.values_list("person_id", flat=True)),
    )


# --- certificates --------------------------------------------------------------------------------


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
    ("decisions", gettext_noop("Recognition decisions"), two_classes_are_recognised),
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
    (
        "certificate",
        gettext_noop("The certificate of the learner somebody plays"),
        learner_has_a_certificate,
    ),
)
