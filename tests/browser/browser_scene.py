"""The country these tests walk through: the real units, fictional people, a few classes.

Made once a worker through the same actions as everything else; each test file gets a copy.
"""

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.db import connection
from django.utils import timezone

from hocvu.campaigns.actions import load_campaigns, rebuild_coverage
from hocvu.classes.actions import (
    SignedSheet,
    add_bridge_points,
    appoint,
    close_class,
    enrol_learners,
    enter_sheets,
    open_class,
    open_roll,
)
from hocvu.classes.models import Enrolment, Presence
from hocvu.competency.actions import load_frameworks
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.fiction import Fiction
from hocvu.courses.actions import load_catalogue
from hocvu.courses.queries import programme_in_force
from hocvu.credentials.actions import issue_certificates
from hocvu.exams.actions import AnswerSheet, open_sitting, take_in_answer_sheets
from hocvu.kernel.time import day_of
from hocvu.measurement.actions import load_scales, load_tests
from hocvu.papers.actions import load_papers
from hocvu.papers.models import PaperQuestion
from hocvu.papers.queries.papers import latest_papers
from hocvu.people.actions import add_people, create_account
from hocvu.people.models import Person, Post
from hocvu.questions.actions import load_bank
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.situations.actions import load_cases
from hocvu.stationery.actions.packaged import load_templates
from hocvu.trust.actions import set_up_trust
from hocvu.units.actions import load_units
from hocvu.units.models import COMMUNAL_KINDS, Unit
from hocvu.units.queries import unit_with_code

OFFICER, REGISTRAR, LEADER, ADMINISTRATOR = "daotao", "vanthu", "lanhdao", "quantri"
TEACHER, NATIONAL = "giangvien", "daotao.quocgia"
COORDINATOR = "dieuphoi"
LEARNER, NEIGHBOUR, LATECOMER = "hocvien", "hocvien2", "hocvien3"
_FIRST_KEY = 12_345  # a country's tables are not young: keys are long, and get grouped if printed
_WARDS_WITH_PEOPLE = 12


def make_country() -> None:
    """Everything the pages need, at this moment."""
    now = timezone.now()
    _age_the_tables()
    load_units(at=now)
    load_frameworks(at=now)
    load_bank(at=now)
    load_catalogue(at=now)
    load_papers(at=now)
    load_cases(at=now)
    load_scales(at=now)
    load_tests(at=now)
    load_templates(at=now)
    load_campaigns(at=now)
    set_up_trust(at=now)
    _settle_people(now)
    _class_of_last_month(now)
    _class_of_today(now)
    rebuild_coverage(at=now)


def player(username: str) -> Person:
    return cast.player(username)


def bring_to_now(session) -> None:
    """Let a half day be held at this hour, whatever hour it is where the tests run."""
    now = timezone.now()
    session.held_on = day_of(now)
    session.starts_at, session.ends_at = now - timedelta(minutes=5), now + timedelta(hours=3)
    session.save()


def hold_every_other_session(training_class, *, absent=()) -> None:
    """The remaining half days, from signed sheets; `absent` are people who never came."""
    by = player(OFFICER)
    for session in training_class.sessions.exclude(rolls__closed_at__isnull=False):
        sheets = [_sheet(point, absent) for point in training_class.bridge_points.order_by("pk")]
        enter_sheets(session, sheets, by=by, at=timezone.now())


def right_choices(paper) -> dict[int, tuple[str, ...]]:
    """The right options of each question of a paper, by question."""
    return {
        asked.question_id: tuple(o["id"] for o in asked.question.options if o["right"])
        for asked in PaperQuestion.objects.filter(paper=paper).select_related("question")
    }


def _age_the_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND n.nspname = 'public'"
        )
        for (sequence,) in cursor.fetchall():
            cursor.execute("SELECT setval(%s, %s)", [sequence, _FIRST_KEY])


def _settle_people(now: datetime) -> None:
    fiction = Fiction(1945)
    cast.engage(fiction, at=now)
    cast.engage_teacher(at=now)
    ward = unit_with_code(cast.WARD)
    near = Unit.objects.filter(parent=ward.parent, kind__in=COMMUNAL_KINDS).exclude(pk=ward.pk)
    far = Unit.objects.filter(kind__in=COMMUNAL_KINDS).exclude(parent=ward.parent)
    lived_in = [ward, *near.order_by("path")[:_WARDS_WITH_PEOPLE]]
    lived_in += list(islice(far.order_by("path").iterator(), 0, None, 150))
    people = [person for unit in lived_in for person in fiction.of_commune(unit)]
    people += fiction.of_department(unit_with_code(cast.DEPARTMENT))
    add_people(people, by=None, at=now)
    staff = Post.objects.filter(unit=ward).order_by("pk").select_related("person")
    for username, post in zip(
        (COORDINATOR, LEARNER, NEIGHBOUR, LATECOMER), staff[1:5], strict=True
    ):
        create_account(post.person, username, cast.password(), by=None, at=now)


def _class_of_last_month(now: datetime) -> None:
    """Held, tested, closed and recognised: what is over can be looked at."""
    training_class = _open("AI-K1", days_ago=30, now=now)
    by = player(OFFICER)  # who runs a class's tests does not learn in it
    staff = Post.objects.filter(unit=unit_with_code(cast.DEPARTMENT)).exclude(person=by)
    learners = list(staff.order_by("pk").values_list("person_id", flat=True)[:12])
    learners.append(player(LEARNER).pk)
    enrol_learners(training_class, dict.fromkeys(learners), by=by, at=now)
    hold_every_other_session(training_class, absent=learners[:1])
    sitting = _offer_test(training_class, opens_at=now - timedelta(days=25), now=now)
    right = right_choices(sitting.paper)
    chance = Random(1945)
    sheets = [
        AnswerSheet(
            person_id=person_id,
            started_at=now - timedelta(days=2),
            handed_in_at=now - timedelta(days=2) + timedelta(minutes=20),
            answers={q: o for q, o in right.items() if index > 1 or chance.random() < 0.4},
        )
        for index, person_id in enumerate(learners)
    ]
    take_in_answer_sheets(sitting, sheets, by=by, at=now)
    close_class(training_class, by=by, at=now)
    text = DecisionText(
        number=31,
        symbol="QĐ-SKHCN",
        decided_on=day_of(now),
        place="Hải Phòng",
        capacity="KT. GIÁM ĐỐC",
        signer_title="PHÓ GIÁM ĐỐC",
        signer_name="Lương Khánh Bách",
    )
    approve_results(training_class, by=by, at=now)
    proposal = propose_decision(training_class, text, by=player(REGISTRAR), at=now)
    decision = approve_proposal(proposal, by=player(LEADER), at=now)
    issue_certificates(decision, by=player(REGISTRAR), at=now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # done just now, without a worker


def _class_of_today(now: datetime) -> None:
    """Under way in the ward, its roll open, its test on offer."""
    training_class = _open("AI-K2", days_ago=0, now=now)
    ward, by = unit_with_code(cast.WARD), player(OFFICER)
    add_bridge_points(training_class, [ward], by=by, at=now)
    point = training_class.bridge_points.get(unit=ward)
    coordinator = player(COORDINATOR)  # supervises the test, so takes none here
    posts = Post.objects.filter(unit=ward).exclude(person=coordinator)
    people = posts.values_list("person_id", flat=True)
    enrol_learners(training_class, dict.fromkeys(people, point.pk), by=by, at=now)
    appoint(point, coordinator=coordinator, technical_contact=coordinator, by=by, at=now)
    session = training_class.sessions.get(number=1)
    bring_to_now(session)
    open_roll(point.rolls.get(session=session), by=coordinator, at=now)
    _offer_test(training_class, opens_at=now - timedelta(hours=1), now=now)


def _open(code: str, *, days_ago: int, now: datetime):
    starts_on = day_of(now) - timedelta(days=days_ago)
    programme = programme_in_force("ai-automation-state-agencies", starts_on)
    return open_class(
        programme,
        code=code,
        name=f"{programme.name}, khóa {code[-1]}",
        host_unit=unit_with_code(cast.DEPARTMENT),
        starts_on=starts_on,
        supervisor=player(OFFICER),
        opening_decision="152/QĐ-SKHCN",
        by=player(OFFICER),
        at=now,
    )


def _offer_test(training_class, *, opens_at: datetime, now: datetime):
    return open_sitting(
        latest_papers().get(code=training_class.programme.paper_code),
        training_class,
        opens_at=opens_at,
        closes_at=now + timedelta(days=7),
        by=player(OFFICER),
        at=now,
    )


def _sheet(point, absent) -> SignedSheet:
    learners = Enrolment.objects.active().filter(bridge_point=point)
    presences = {
        each.pk: Presence.ABSENT if each.person_id in absent else Presence.PRESENT
        for each in learners
    }
    heads = sum(presence == Presence.PRESENT for presence in presences.values())
    return SignedSheet(bridge_point_id=point.pk, presences=presences, head_count=heads)
