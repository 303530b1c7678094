"""Every page of the house, looked at sharply: two widths, both languages, light and dark."""

from dataclasses import dataclass

import pytest
from browser_scene import (
    ADMINISTRATOR,
    COORDINATOR,
    LATECOMER,
    LEADER,
    LEARNER,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    player,
)
from django.urls import get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import expect
from visitors import DESK, PHONE

from hocvu.classes.models import Enrolment, Roll, TrainingClass
from hocvu.classes.queries import code_for
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.samples import write_samples
from hocvu.credentials.models import Certificate, RecognitionDecision
from hocvu.exams.actions import start_attempt
from hocvu.exams.models import Attempt, Sitting
from hocvu.people.actions import import_roster, upload_roster
from hocvu.people.models import Person, RosterImport
from hocvu.units.queries import unit_with_code

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Door:
    """A page, who opens it, and what it names."""

    name: str
    username: str = ""
    names: object = None

    @property
    def path(self):
        named = self.names() if self.names else []
        return reverse(self.name, args=named if isinstance(named, list) else [named.pk])


def _today():
    return TrainingClass.objects.get(code="AI-K2")


def _over():
    return TrainingClass.objects.get(code="AI-K1")


def _point():
    return _today().bridge_points.get(is_main=False)


def _roll():
    return Roll.objects.get(bridge_point=_point(), session__number=1)


def _enrolment():
    return Enrolment.objects.get(training_class=_today(), person=player(LEARNER))


def _sitting():
    return Sitting.objects.get(training_class=_today())


def _attempt():
    return start_attempt(_sitting(), by=player(NEIGHBOUR), at=timezone.now())


def _result():
    return Attempt.objects.get(person=player(LEARNER), handed_in_at__isnull=False)


def _roster(*, imported):
    """The sample roster, waiting or taken over."""
    officer, now = player(OFFICER), timezone.now()
    found = RosterImport.objects.filter(imported_at__isnull=not imported).first()
    if found is None:
        file = write_samples()
        city = unit_with_code(cast.CITY)
        found = upload_roster(city, file.name, file.read_bytes(), by=officer, at=now)
        if imported:
            import_roster(found, accepted_proposals=(), by=officer, at=now)
    return found


def _newcomer():
    return Person.objects.filter(account=None).first()


def _certificate():
    return Certificate.objects.get(entry__person=player(LEARNER))


DOORS = (
    Door("portal:front"),
    Door("people:sign_in"),
    Door("credentials:verify"),
    Door("credentials:verify_code", "", lambda: [_certificate().verification_code]),
    Door("portal:home", LEARNER),
    Door("people:account", LEARNER),
    Door("people:change_password", LEARNER),
    Door("classes:check_in", LEARNER),
    Door("classes:scan", LEARNER, lambda: [code_for(_roll(), timezone.now()).token]),
    Door("competency:mine", LEARNER),
    Door("exams:mine", LEARNER),
    Door("exams:sitting", LEARNER, _sitting),
    Door("exams:attempt", NEIGHBOUR, _attempt),
    Door("exams:hand_in", NEIGHBOUR, _attempt),
    Door("exams:result", LEARNER, _result),
    Door("credentials:mine", LEARNER),
    Door("credentials:certificate", LEARNER, _certificate),
    Door("classes:duties", COORDINATOR),
    Door("classes:roll", COORDINATOR, _roll),
    Door("classes:roll_learner", COORDINATOR, lambda: [_roll().pk, _enrolment().pk]),
    Door("classes:code", COORDINATOR, _roll),
    Door("classes:close_roll", COORDINATOR, _roll),
    Door("classes:sheet", COORDINATOR, _roll),
    Door("people:list", OFFICER),
    Door("people:person", OFFICER, lambda: player(LEARNER)),
    Door("people:units", OFFICER),
    Door("people:unit", OFFICER, lambda: unit_with_code(cast.WARD)),
    Door("people:rosters", OFFICER),
    Door("people:upload_roster", OFFICER),
    Door("people:roster", OFFICER, lambda: _roster(imported=False)),
    Door("people:roster", OFFICER, lambda: _roster(imported=True)),
    Door("classes:list", OFFICER),
    Door("classes:open", OFFICER),
    Door("classes:detail", OFFICER, _today),
    Door("classes:close", OFFICER, _today),
    Door("classes:bridge_points", OFFICER, _today),
    Door("classes:add_bridge_points", OFFICER, _today),
    Door("classes:bridge_point", OFFICER, _point),
    Door("classes:appoint", OFFICER, lambda: [_point().pk, "chair"]),
    Door("classes:session", OFFICER, lambda: _roll().session),
    Door("classes:learners", OFFICER, _today),
    Door("classes:enrol", OFFICER, _today),
    Door("classes:enrol_unit", OFFICER, _today),
    Door("classes:print_list", OFFICER, _today),
    Door("classes:withdraw", OFFICER, _enrolment),
    Door("exams:open", OFFICER, _today),
    Door("exams:sittings", OFFICER),
    Door("exams:results", OFFICER, lambda: Sitting.objects.get(training_class=_over())),
    Door("credentials:classes", REGISTRAR),
    Door("credentials:candidates", REGISTRAR, _over),
    Door("credentials:decide", REGISTRAR, _over),
    Door("credentials:decision", REGISTRAR, RecognitionDecision.objects.get),
    Door("credentials:register", REGISTRAR),
    Door("credentials:revoke", REGISTRAR, _certificate),
    Door("campaigns:start", REGISTRAR),
    Door("campaigns:unit", LEADER, lambda: unit_with_code(cast.NATION)),
    Door("campaigns:unit", LEADER, lambda: unit_with_code(cast.CITY)),
    Door("campaigns:missing", LEADER, lambda: unit_with_code(cast.WARD)),
    Door("people:grant_role", ADMINISTRATOR, lambda: player(LEARNER)),
    Door("people:create_account", ADMINISTRATOR, _newcomer),
    Door("people:reset_password", ADMINISTRATOR, lambda: player(LATECOMER)),
)
NOT_PAGES = {
    "set_language",  # changes something and goes back
    "people:sign_out",
    "people:end_role",
    "people:tick_proposals",
    "people:import_roster",
    "people:give_up_roster",
    "classes:open_roll",
    "classes:mark",
    "credentials:resume",
    "people:roster_template",  # gives a file
    "people:roster_outcome_file",
    "credentials:file",
    "classes:marks",  # answers a script
    "exams:answer",
    "classes:checked_in",  # walked through by the tests of checking in
}
IN_ENGLISH = (
    "portal:front", "people:sign_in", "credentials:verify", "credentials:verify_code",
    "portal:home", "classes:check_in", "exams:sitting", "exams:attempt", "exams:result",
    "credentials:certificate", "classes:roll", "classes:code", "people:list", "people:roster",
    "classes:detail", "classes:learners", "credentials:candidates", "credentials:decision",
    "campaigns:unit",
)  # fmt: skip
AT_ANY_WIDTH = ("portal:front", "portal:home", "classes:roll", "campaigns:unit", "people:list")


def _each(names=None):
    chosen = [door for door in DOORS if names is None or door.name in names]
    return pytest.mark.parametrize("door", chosen, ids=lambda door: door.name)


@pytest.fixture(scope="module")
def visit(visitor):
    """Open a door as the one it is for; each person keeps their browser."""
    arrived = {}

    def enter(door, *, language="vi", **options):
        key = (door.username, language, *options.items())
        if key not in arrived:
            arrived[key] = visitor(PHONE, door.username, **options).reads(language)
        someone = arrived[key]
        someone.page.set_viewport_size({"width": PHONE, "height": 844})
        answer = someone.page.goto(someone.address + door.path)
        assert answer.status == 200, f"{door.name}: {answer.status}"
        return someone

    return enter


def test_every_page_is_looked_at():
    named = {f"{space}:{name}" if space else name for space, name in _addresses(get_resolver())}

    assert named - {door.name for door in DOORS} == NOT_PAGES


@_each()
def test_a_page_is_fit_for_everybody(visit, door):
    someone = visit(door)

    someone.looks(door.name.replace(":", "-"))
    someone.looks(door.name.replace(":", "-"), width=DESK)


def test_the_slip_of_a_new_password_is_fit_for_everybody(visitor):
    administrator = visitor(PHONE, ADMINISTRATOR)
    administrator.opens(reverse("people:reset_password", args=[player(LATECOMER).pk]))

    administrator.presses("Cấp mật khẩu")

    administrator.sees(player(LATECOMER).full_name, "Mật khẩu dùng một lần")
    administrator.looks("people-slip")


@_each(IN_ENGLISH)
def test_a_page_is_fit_for_everybody_in_english(visit, door):
    someone = visit(door, language="en")

    expect(someone.page.locator("html")).to_have_attribute("lang", "en")
    someone.looks(f"en-{door.name.replace(':', '-')}")


@_each(AT_ANY_WIDTH)
def test_a_page_is_fit_for_the_dark(visit, door):
    someone = visit(door, color_scheme="dark")

    someone.looks(f"dark-{door.name.replace(':', '-')}")


@pytest.mark.parametrize("narrow_or_wide", [360, 1920])
@_each(AT_ANY_WIDTH)
def test_a_page_fits_small_phones_and_walls(visit, door, narrow_or_wide):
    someone = visit(door)

    someone.page.set_viewport_size({"width": narrow_or_wide, "height": 800})

    someone.fits(door.name)


def _addresses(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern, pattern.namespace or pattern.app_name or space)
        else:
            yield space, pattern.name
