"""What the pages of this room show, gathered from the rooms below."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvu.campaigns.models import Campaign
from hocvu.campaigns.queries.coverage import (
    Coverage,
    Yardstick,
    coverage_shown_by,
    current_campaign,
    lit_units,
    top_units_for,
    with_coverage,
    yardstick_of,
)
from hocvu.campaigns.queries.maps import national_map
from hocvu.classes.models import TrainingClass
from hocvu.classes.queries import SessionAhead, class_sessions_ahead_of, duties_ahead_of
from hocvu.competency.queries import Skill, framework_shown_for, skills_of
from hocvu.credentials.queries.changes import questions_open_to
from hocvu.credentials.queries.runs import overdue_decisions
from hocvu.credentials.queries.waiting import files_waiting_for
from hocvu.exams.queries.learner import SittingForLearner, sittings_ahead_of
from hocvu.kernel.time import day_of
from hocvu.marking.queries.waiting import answers_to_mark_by, is_a_marker
from hocvu.notices.models import Delivery
from hocvu.notices.queries.inbox import unread_count
from hocvu.notices.queries.ledger import deliveries_in_trouble, late_count
from hocvu.people.models import Person
from hocvu.people.queries.rosters import imports_open_to
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.queries.reach import files_open_to
from hocvu.recognition.queries.candidates import classes_to_recognise
from hocvu.recognition.queries.proposals import proposals_open_to, waiting_for
from hocvu.situations.queries.access import dispositions_to_mark_by
from hocvu.situations.queries.learner import ExerciseMet, exercises_ahead_of
from hocvu.ui.templatetags.figures import number
from hocvu.units.models import COMMUNAL_KINDS, Unit
from hocvu.wallet.queries.requests import requests_open_to

MOST_LAMPS: Final = 3  # somebody with more units finds them on the page of coverage


@dataclass(frozen=True)
class Finding:
    """The one thing the front page says about the movement. Figures of units, never of people."""

    campaign: Campaign
    yardstick: Yardstick
    lit: int
    units: int
    map: SafeString


def finding_of_the_day() -> Finding | None:
    """The movement's figure and map; nothing before the first campaign and units are loaded."""
    campaign = current_campaign()
    if campaign is None:
        return None
    yardstick = yardstick_of(campaign)
    return Finding(
        campaign,
        yardstick,
        lit_units(campaign, yardstick.share),
        Unit.objects.filter(kind__in=COMMUNAL_KINDS, closed_on=None).count(),
        national_map(campaign, yardstick, with_links=False),
    )


@dataclass(frozen=True)
class UnitLamp:
    """A unit somebody answers for, with its coverage against the movement's target."""

    unit: Unit
    coverage: Coverage
    target: Fraction


def lamps_of(person: Person) -> list[UnitLamp]:
    """The units whose coverage a person answers for, the highest ones; empty for most people."""
    tops, campaign = top_units_for(person), current_campaign()
    if campaign is None or not tops:
        return []
    share = yardstick_of(campaign).share
    return [
        UnitLamp(unit, coverage_shown_by(unit, share), share)
        for unit in with_coverage(tops, campaign)[:MOST_LAMPS]
    ]


@dataclass(frozen=True)
class AgendaItem:
    """Something a person has to do: when, what, where, and the button that begins it."""

    at: datetime
    is_deadline: bool  # `at` is the last moment, not the first
    heading: str
    place: str
    href: str
    button: str


def agenda_of(person: Person, at: datetime) -> list[AgendaItem]:
    """What is next for a person, in order of time: tests that are open count by their last day."""
    duties = duties_ahead_of(person, at)
    on_duty = {each.roll_id for each in duties}
    items = [
        *(
            _check_in(each)
            for each in class_sessions_ahead_of(person, at)
            if not each.is_checked_in and each.roll_id not in on_duty
        ),
        *(_roll_call(each) for each in duties),
        *(_test(each, at) for each in sittings_ahead_of(person, at)),
        *(_case(each, at) for each in exercises_ahead_of(person, at)),
    ]
    return sorted(items, key=lambda item: item.at)


def _check_in(session: SessionAhead) -> AgendaItem:
    return AgendaItem(
        session.starts_at,
        False,
        session.topic,
        f"{session.class_name} · {session.bridge_point}",
        reverse("classes:check_in"),
        _("Check in"),
    )


def _roll_call(session: SessionAhead) -> AgendaItem:
    return AgendaItem(
        session.starts_at,
        False,
        _("Roll call: %(topic)s") % {"topic": session.topic},
        f"{session.class_name} · {session.bridge_point}",
        reverse("classes:roll", args=[session.roll_id]),
        _("Call the roll"),
    )


def _test(test: SittingForLearner, at: datetime) -> AgendaItem:
    sitting = test.sitting
    return AgendaItem(
        sitting.closes_at if sitting.opens_at <= at else sitting.opens_at,
        sitting.opens_at <= at,
        test.title,
        sitting.training_class.name,
        reverse("exams:sitting", args=[sitting.pk]),
        _("Continue the test") if test.under_way else _("Go to the test"),
    )


def _case(met: ExerciseMet, at: datetime) -> AgendaItem:
    exercise, point = met.exercise, met.bridge_point
    class_name = exercise.training_class.name
    return AgendaItem(
        exercise.closes_at if exercise.opens_at <= at else exercise.opens_at,
        exercise.opens_at <= at,
        met.title,
        f"{class_name} · {point.name}" if point else class_name,
        reverse("situations:exercise", args=[exercise.pk]),
        _("Go to the case"),
    )


@dataclass(frozen=True)
class WaitingWork:
    """Work without an hour of its own: how much of it there is, and where it is done."""

    heading: str
    href: str
    button: str


def work_waiting_for(person: Person, at: datetime) -> list[WaitingWork]:
    """What somebody else began and this person has to finish; what is oldest in use first."""
    today = day_of(at)
    late = late_count(at) if keeps_the_installation(person) else 0
    answers = answers_to_mark_by(person).count() if is_a_marker(person) else 0
    reports = dispositions_to_mark_by(person).count()
    unread = {"uploaded_by": person, "given_up_at": None}
    files = files_open_to(person).filter(**unread, taken_at=None).count()
    rosters = imports_open_to(person).filter(**unread, imported_at=None).count()
    proposals = waiting_for(person).count()
    signatures = files_waiting_for(person)
    requests = requests_open_to(person).filter(settled_at=None).count()
    questioned = questions_open_to(person).filter(settled_at=None).count()
    overdue = len(overdue_decisions(person, today))
    closed = _classes_without_decision(person).count()
    every = (
        (late, _emails_that_wait, "portal:deliveries", _("Look at the e-mails")),
        (unread_count(person.pk), _notices_to_read, "portal:notices", _("Read the notices")),
        (overdue, _certificates_to_issue, "recognition:decisions", _("Look at the decisions")),
        (questioned, _questions_to_settle, "credentials:questions", _("Look at the certificates")),
        (signatures, _files_to_sign, "credentials:waiting_decisions", _("Sign the certificates")),
        (proposals, _proposals_to_approve, "recognition:proposals", _("Look at the proposals")),
        (closed, _classes_to_recognise, "recognition:classes", _("Look at the classes")),
        (requests, _requests_to_answer, "wallet:requests", _("Look at the requests")),
        (answers, _answers_to_mark, "marking:marking", _("Mark the answers")),
        (reports, _reports_to_mark, "situations:marking", _("Mark the answers")),
        (files, _files_to_take, "questions:files", _("Look at the files")),
        (rosters, _rosters_to_take, "people:rosters", _("Look at the rosters")),
    )
    return [
        WaitingWork(words(count), reverse(page), button)
        for count, words, page, button in every
        if count
    ]


def _classes_without_decision(person: Person) -> QuerySet[TrainingClass]:
    """Classes that have closed, of which nobody was recognised and nothing is proposed yet."""
    proposed = proposals_open_to(person).filter(approved_at=None, returned_at=None)
    counted: QuerySet[Any] = classes_to_recognise(person)
    waiting = counted.filter(closed_at__isnull=False, recognised=0, learners__gt=0)
    return waiting.exclude(pk__in=proposed.order_by().values("training_class"))


def _emails_that_wait(count: int) -> str:
    """The alarm on silence: a mail server that is down tells nobody by itself."""
    words = ngettext(
        "%(n)s e-mail should have been sent more than an hour ago",
        "%(n)s e-mails should have been sent more than an hour ago",
        count,
    )
    return words % {"n": number(count)}


def _notices_to_read(count: int) -> str:
    words = ngettext("%(n)s notice to read", "%(n)s notices to read", count)
    return words % {"n": number(count)}


def _certificates_to_issue(count: int) -> str:
    words = ngettext(
        "%(n)s decision has certificates that are overdue",
        "%(n)s decisions have certificates that are overdue",
        count,
    )
    return words % {"n": number(count)}


def _questions_to_settle(count: int) -> str:
    words = ngettext(
        "%(n)s certificate has lost its ground and waits for a decision",
        "%(n)s certificates have lost their ground and wait for a decision",
        count,
    )
    return words % {"n": number(count)}


def _classes_to_recognise(count: int) -> str:
    words = ngettext(
        "%(n)s class has closed and nobody is recognised yet",
        "%(n)s classes have closed and nobody is recognised yet",
        count,
    )
    return words % {"n": number(count)}


def _proposals_to_approve(count: int) -> str:
    words = ngettext(
        "%(n)s proposed decision waits for your approval",
        "%(n)s proposed decisions wait for your approval",
        count,
    )
    return words % {"n": number(count)}


def _files_to_sign(count: int) -> str:
    words = ngettext(
        "%(n)s certificate waits for your signature",
        "%(n)s certificates wait for your signature",
        count,
    )
    return words % {"n": number(count)}


def _requests_to_answer(count: int) -> str:
    words = ngettext("%(n)s request for a correction", "%(n)s requests for corrections", count)
    return words % {"n": number(count)}


def _answers_to_mark(count: int) -> str:
    words = ngettext("%(n)s written answer to mark", "%(n)s written answers to mark", count)
    return words % {"n": number(count)}


def _reports_to_mark(count: int) -> str:
    words = ngettext(
        "%(n)s report of a situation to mark", "%(n)s reports of situations to mark", count
    )
    return words % {"n": number(count)}


def _files_to_take(count: int) -> str:
    words = ngettext(
        "%(n)s file of questions waits for your decision",
        "%(n)s files of questions wait for your decision",
        count,
    )
    return words % {"n": number(count)}


def _rosters_to_take(count: int) -> str:
    words = ngettext(
        "%(n)s roster waits for your decision", "%(n)s rosters wait for your decision", count
    )
    return words % {"n": number(count)}


def keeps_the_installation(person: Person) -> bool:
    """An administrator of the whole tree: e-mails go out for everybody in it.

    A root's path holds one code; nothing is asked of the database that the scope does not know.
    """
    granted = scope_of(person).paths(Permission.GRANT_ROLES)
    return any(path.count(".") == 1 for path in granted)


def deliveries_with_names() -> QuerySet[Delivery]:
    """E-mails in trouble with `recipient_name` and `recipient_key`, for administrators."""
    recipient = Person.objects.filter(pk=OuterRef("recipient_id"))
    return deliveries_in_trouble().annotate(
        recipient_name=Subquery(recipient.values("full_name")[:1]),
        recipient_key=Subquery(recipient.values("sort_key")[:1]),
    )


def skills_shown_by(person: Person, on: date) -> list[Skill]:
    """What a person has been shown to be able to do: their lamps, in the framework's order."""
    framework = framework_shown_for(person, on)
    if framework is None:
        return []
    domains = skills_of(person, framework, on=on).domains
    return [skill for domain in domains for skill in domain.skills if skill.ratio is not None]
