"""Every page of the house: who opens it, and what it names.

A new page is one line in `DOORS` (or its name in `NOT_PAGES`, if nobody looks at it).
"""

import zlib
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import browser_exams as exams
import browser_measurement as measurement
import browser_questions as questions
import browser_situations as situations
import browser_stationery as stationery
import browser_wallet as wallet
from browser_scene import (
    ADMINISTRATOR,
    COORDINATOR,
    LATECOMER,
    LEADER,
    LEARNER,
    NATIONAL,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    TEACHER,
    player,
)
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hocvu.classes.models import Enrolment, Roll, TrainingClass
from hocvu.classes.queries import code_for
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.samples import write_samples
from hocvu.credentials.actions.preparing import prepare_files
from hocvu.credentials.actions.remaking import ask_for_new_files
from hocvu.credentials.models import (
    Certificate,
    PreparedCopy,
    PreparedFile,
    QuestionedCertificate,
    RemakeOrder,
)
from hocvu.exams.actions import start_attempt
from hocvu.exams.models import Sitting
from hocvu.notices.models import Notice
from hocvu.people.actions import import_roster, upload_roster
from hocvu.people.models import Person, RosterImport
from hocvu.recognition.models import DecisionEntry, Proposal, RecognitionDecision
from hocvu.recognition.queries.proposals import lines_of
from hocvu.units.queries import unit_with_code


@dataclass(frozen=True)
class Door:
    """A page, who opens it, and what it names."""

    name: str
    username: str = ""
    names: object = None
    query: object = None

    @property
    def path(self):
        named = self.names() if self.names else []
        address = reverse(self.name, args=named if isinstance(named, list) else [named.pk])
        return f"{address}?{self.query()}" if self.query else address


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
    return Sitting.objects.get(training_class=_today(), is_supervised=False)


def _attempt():
    return start_attempt(_sitting(), by=player(NEIGHBOUR), at=timezone.now())


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


def _notice():
    """That the learner's certificate is ready."""
    return Notice.objects.filter(recipient_id=player(LEARNER).pk).earliest("pk")


def _decision():
    """The one of the scene; another one waits for a signature."""
    return RecognitionDecision.objects.earliest("pk")


def _waiting():
    """A decision whose one certificate is signed by a person, on their own computer."""
    found = PreparedFile.objects.first()
    if found is None:
        certificate, registrar = _certificate(), player(REGISTRAR)
        decision, entry = certificate.entry.decision, certificate.entry
        recognised = DecisionEntry.objects.values("enrolment")
        entry.enrolment = Enrolment.objects.exclude(pk__in=recognised).first()
        with transaction.atomic():
            decision.pk, decision.proposal_id, decision.number = None, None, decision.number + 50
            decision.learner_count, decision._state.adding = 1, True
            decision.save()
            entry.pk, entry.position, entry.result_line_id, entry.decision = None, 1, None, decision
            entry._state.adding = True
            entry.save()
        prepare_files(decision, by=registrar, moment=timezone.now)
        found = PreparedFile.objects.get()
    return found.entry.decision


def _unsigned_copy():
    """A copy from the register that waits for the signature of who is named on it."""
    found, file = PreparedCopy.objects.first(), b"%PDF-1.7"
    return found or PreparedCopy.objects.create(
        certificate=_certificate(),
        issuer=_certificate().issuer,
        year=2026,
        number=900,
        copy_number="00900/2026/BS",
        recipient="Phòng Nội vụ",
        place="Hải Phòng",
        signer_title="Trưởng phòng Đào tạo",
        signer_name="Lê Thị Mẫu",
        client_id=UUID(int=900),
        packed=zlib.compress(file),
        sha256=sha256(file).hexdigest(),
        prepared_by=player(REGISTRAR),
        prepared_at=timezone.now(),
    )


def _order():
    """That files be made anew; it waits for approval."""
    issuer = _certificate().issuer
    found = RemakeOrder.objects.first()
    return found or ask_for_new_files(
        issuer, "completion", reason="Mẫu mới", by=player(REGISTRAR), at=timezone.now()
    )


def _waiting_first():
    _waiting()
    return []


def _question():
    """Waiting for a registrar's word."""
    found, _ = QuestionedCertificate.objects.get_or_create(
        certificate=_certificate(),
        settled_at=None,
        defaults={"reasons": "low_attendance", "noted_at": timezone.now()},
    )
    return found


def _previewed():
    proposal = Proposal.objects.get()
    return [proposal.pk, lines_of(proposal).first().pk]


DOORS = (
    Door("portal:front"),
    Door("people:sign_in"),
    Door("verification:verify"),
    Door("verification:bulk"),
    Door("verification:programs"),
    Door("verification:offline"),
    Door("verification:code", "", lambda: [_certificate().verification_code]),
    Door("portal:home", LEARNER),
    Door("portal:notices", LEARNER),
    Door("portal:notice", LEARNER, _notice),
    Door("portal:deliveries", ADMINISTRATOR),
    Door("people:account", LEARNER),
    Door("people:change_password", LEARNER),
    Door("classes:check_in", LEARNER),
    Door("classes:scan", LEARNER, lambda: [code_for(_roll(), timezone.now()).token]),
    Door("competency:mine", LEARNER),
    Door("exams:mine", LEARNER),
    Door("exams:sitting", LEARNER, _sitting),
    Door("exams:attempt", NEIGHBOUR, _attempt),
    Door("exams:hand_in", NEIGHBOUR, _attempt),
    Door("exams:result", LEARNER, exams.result),
    Door("wallet:mine", LEARNER),
    Door("wallet:certificate", LEARNER, _certificate),
    Door("wallet:ask", LEARNER, _certificate),
    Door("wallet:new_share", LEARNER, query=lambda: f"certificate={_certificate().pk}"),
    Door("wallet:shares", LEARNER),
    Door("wallet:share", LEARNER, wallet.share),
    Door("wallet:open", "", wallet.token),
    Door("wallet:openings", LEARNER),
    Door("wallet:checks", LEARNER),
    Door("wallet:requests", REGISTRAR),
    Door("wallet:answer", REGISTRAR, wallet.request),
    Door("wallet:achievement", "", wallet.achievement),
    Door("wallet:issuer", "", wallet.issuer),
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
    Door("classes:move", OFFICER, lambda: _roll().session),
    Door("classes:call_off", OFFICER, lambda: _roll().session),
    Door("classes:supervisor", OFFICER, _today),
    Door("classes:learners", OFFICER, _today),
    Door("classes:enrol", OFFICER, _today),
    Door("classes:enrol_unit", OFFICER, _today),
    Door("classes:print_list", OFFICER, _today),
    Door("classes:withdraw", OFFICER, _enrolment),
    Door("exams:open", OFFICER, _today),
    Door("exams:sittings", OFFICER),
    Door("exams:results", OFFICER, lambda: Sitting.objects.get(training_class=_over())),
    Door("recognition:classes", REGISTRAR),
    Door("recognition:candidates", REGISTRAR, _over),
    Door("recognition:decide", REGISTRAR, _over),
    Door("recognition:decision", REGISTRAR, _decision),
    Door("recognition:decisions", REGISTRAR),
    Door("inspection:decision_chain", REGISTRAR, _decision),
    Door("recognition:proposals", LEADER),
    Door("recognition:proposal", LEADER, Proposal.objects.get),
    Door("recognition:return", LEADER, Proposal.objects.get),
    Door("credentials:preview", LEADER, _previewed),
    Door("stationery:number_formats", REGISTRAR),
    Door("stationery:set_number_format", REGISTRAR),
    Door("credentials:register", REGISTRAR),
    Door("credentials:revoke", REGISTRAR, _certificate),
    Door("credentials:correct", REGISTRAR, _certificate),
    Door("credentials:reinstate", REGISTRAR, _certificate),
    Door("inspection:certificate_chain", REGISTRAR, _certificate),
    Door("credentials:copy", REGISTRAR, _certificate),
    Door("credentials:questions", REGISTRAR),
    Door("credentials:settle", REGISTRAR, _question),
    Door("credentials:book", REGISTRAR),
    Door("credentials:copies", REGISTRAR),
    Door("credentials:give_up_copy", REGISTRAR, _unsigned_copy),
    Door("credentials:told", LEARNER),
    Door("credentials:received", OFFICER),
    Door("credentials:waiting_decisions", LEADER, _waiting_first),
    Door("credentials:waiting", LEADER, _waiting),
    Door("credentials:archive", REGISTRAR),
    Door("credentials:new_files", REGISTRAR),
    Door("credentials:ask_new_files", REGISTRAR),
    Door("credentials:new_files_order", LEADER, _order),
    Door("credentials:published"),
    Door("verification:keys", ADMINISTRATOR),
    Door("verification:grant", ADMINISTRATOR),
    # templates, images and blanks
    Door("stationery:templates", REGISTRAR),
    Door("stationery:begin", REGISTRAR),
    Door("stationery:template", REGISTRAR, lambda: stationery.draft().template),
    Door("stationery:version", REGISTRAR, stationery.draft),
    Door("stationery:version", LEADER, stationery.draft),
    Door("stationery:version", REGISTRAR, stationery.packaged_version),
    Door("stationery:checks", REGISTRAR, stationery.draft),
    Door("stationery:images", REGISTRAR),
    Door("stationery:add_image", REGISTRAR),
    Door("stationery:issuer_image", REGISTRAR, stationery.image),
    Door("stationery:books", REGISTRAR),
    Door("stationery:receive", REGISTRAR),
    Door("stationery:take", REGISTRAR),
    Door("stationery:book", REGISTRAR, stationery.book),
    Door("stationery:blank", REGISTRAR, stationery.blank),
    Door("stationery:journal", REGISTRAR),
    Door("campaigns:start", REGISTRAR),
    Door("campaigns:unit", LEADER, lambda: unit_with_code(cast.NATION)),
    Door("campaigns:unit", LEADER, lambda: unit_with_code(cast.CITY)),
    Door("campaigns:missing", LEADER, lambda: unit_with_code(cast.WARD)),
    Door("people:grant_role", ADMINISTRATOR, lambda: player(LEARNER)),
    Door("people:create_account", ADMINISTRATOR, _newcomer),
    Door("people:reset_password", ADMINISTRATOR, lambda: player(LATECOMER)),
    # questions
    Door("questions:bank", OFFICER),
    Door("questions:kinds", OFFICER),
    Door("questions:new", OFFICER, lambda: ["single"]),
    Door("questions:new", OFFICER, lambda: ["matching"]),
    Door("questions:new", OFFICER, lambda: ["essay"]),
    Door("questions:question", OFFICER, questions.packaged),
    Door("questions:edit", TEACHER, questions.draft),
    Door("questions:review", OFFICER, questions.sent_for_review),
    Door("questions:retire", TEACHER, questions.draft),
    Door("questions:files", OFFICER),
    Door("questions:upload", OFFICER),
    Door("questions:file", OFFICER, questions.bank_file),
    # papers, rooms, and what follows a test
    Door("papers:papers", OFFICER),
    Door("papers:start_paper", OFFICER),
    Door("papers:write_paper", OFFICER, query=lambda: "kind=drawn"),
    Door("papers:write_paper", OFFICER, query=lambda: "kind=fixed"),
    Door("papers:paper", OFFICER, exams.own_paper),
    Door("papers:paper", OFFICER, exams.packaged_paper),
    Door("papers:new_version", OFFICER, exams.own_paper),
    Door("papers:retire_paper", OFFICER, exams.own_paper),
    Door("exams:rooms", OFFICER, exams.supervised),
    Door("exams:open_room", OFFICER, exams.supervised),
    Door("exams:open_rooms", OFFICER, exams.supervised),
    Door("exams:extra_time", OFFICER, exams.supervised),
    Door("exams:sittings_on_paper", COORDINATOR),
    Door("exams:sheets", COORDINATOR, exams.supervised, lambda: f"room={exams.room().pk}"),
    Door("exams:booklet", COORDINATOR, exams.supervised),
    Door("exams:upload_sheets", COORDINATOR, exams.supervised),
    Door("exams:sheet_file", COORDINATOR, exams.sheet_file),
    Door("exams:my_rooms", COORDINATOR),
    Door("exams:room", COORDINATOR, exams.room),
    Door("exams:change_room", OFFICER, exams.room),
    Door("exams:close_room", COORDINATOR, exams.room),
    Door("exams:give_minutes", COORDINATOR, exams.room, lambda: f"row={exams.under_way().pk}"),
    Door("exams:hand_in_for", COORDINATOR, exams.room, lambda: f"row={exams.under_way().pk}"),
    Door("exams:void", COORDINATOR, exams.room, lambda: f"row={exams.under_way().pk}"),
    Door("marking:markers", OFFICER, exams.supervised),
    Door("marking:mark", TEACHER, exams.to_mark),
    Door("marking:marking", TEACHER),
    Door("marking:appeal", LEARNER, exams.result),
    Door("marking:answer_appeal", OFFICER, exams.appeal),
    Door("marking:appeals", OFFICER),
    Door("exams:late", OFFICER, exams.late),
    Door("exams:late_answers", OFFICER, lambda: exams.late().sitting),
    Door("marking:correctable", NATIONAL),
    Door("marking:correct", NATIONAL, questions.packaged),
    Door("marking:correction", NATIONAL, exams.correction),
    Door("marking:corrections", NATIONAL),
    Door("exams:receipt", LEARNER, exams.result),
    Door("exams:sealed_day", "", exams.sealed_day),
    Door("exams:sealed_days"),
    # situations
    Door("situations:exercise", LEARNER, situations.exercise),
    Door("situations:mine", LEARNER),
    Door("situations:run", LEARNER, situations.run),
    Door("situations:end", LEARNER, situations.run),
    Door("situations:debrief", NEIGHBOUR, situations.finished_run),
    Door("situations:exercises", OFFICER),
    Door("situations:results", OFFICER, situations.exercise),
    Door("situations:open", OFFICER, _today),
    Door("situations:cases", OFFICER),
    Door("situations:case", OFFICER, situations.case),
    Door("situations:mark", OFFICER, situations.to_mark),
    Door("situations:marking", OFFICER),
    # measurement
    Door("measurement:sitting", NEIGHBOUR, measurement.sitting),
    Door("measurement:mine", NEIGHBOUR),
    Door("measurement:run", NEIGHBOUR, measurement.run),
    Door("measurement:end", NEIGHBOUR, measurement.run),
    Door("measurement:result", LEARNER, measurement.ended_run),
    Door("measurement:explanation", LEARNER, measurement.ended_run),
    Door("measurement:sittings", OFFICER),
    Door("measurement:results", OFFICER, measurement.sitting),
    Door("measurement:offer", OFFICER, _today),
    Door("measurement:scales", OFFICER),
    Door("measurement:scale", NATIONAL, measurement.scale),
    Door("measurement:calibration", NATIONAL, measurement.calibration),
    Door("measurement:quality", OFFICER),
    Door("measurement:question_quality", OFFICER, questions.packaged),
    Door("measurement:open_panel", NATIONAL, measurement.scale),
    Door("measurement:panel", NATIONAL, measurement.panel),
    Door("measurement:panels", NATIONAL),
    Door("measurement:rate", OFFICER, lambda: [measurement.panel().pk, 1]),
    Door("measurement:set_cut_score", NATIONAL, measurement.closed_panel),
    Door("measurement:panel_document", NATIONAL, measurement.decided_panel),
    Door("measurement:cut_scores", NATIONAL),
)
NOT_PAGES = {
    "set_language",  # changes something and goes back
    "portal:notice_language",
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
    "credentials:copy_file",
    "credentials:unsigned",
    "credentials:unsigned_anew",
    "credentials:unsigned_copy",
    "credentials:unsigned_files",
    "credentials:plug_in",  # answers a program
    "credentials:next_file",  # answers a script
    "credentials:withdraw_correction",  # changes something and goes back
    "recognition:decision_document",
    "credentials:preview_page",
    "credentials:preview_picture",
    "credentials:volume",
    "recognition:approve",  # changes something and goes back
    "recognition:approve_results",
    "verification:api",  # answers a program
    "verification:description",
    "verification:did",
    "verification:issuers",
    "verification:log",
    "verification:register_key",
    "verification:roots",
    "verification:snapshot",
    "verification:status",
    "verification:manifest",
    "verification:worker",  # a script
    "verification:withdraw",
    "wallet:sign",  # changes something and goes back
    "wallet:withdraw",
    "wallet:credential",  # gives a file
    "wallet:open_file",
    "wallet:image",
    "stationery:begin_version",  # changes something and goes back
    "stationery:destroy",
    "stationery:give_up",
    "stationery:retire",
    "stationery:use",
    "stationery:withdraw_image",
    "stationery:preview",  # a part of a page
    "stationery:image",  # gives an image
    "stationery:image_file",
    "classes:marks",  # answers a script
    "exams:answer",
    "exams:file",  # gives a file
    "marking:answer_file",
    "exams:sealed_day_note",
    "exams:sheet_workbook",
    "exams:take_in_sheets",  # changes something and goes back
    "exams:give_up_sheets",
    "exams:worker",  # a script
    "questions:many",  # changes something and goes back
    "questions:send",
    "questions:use",
    "questions:share",
    "questions:copy",
    "questions:choose",
    "questions:take",
    "questions:give_up",
    "questions:template",  # gives a file
    "questions:media",
    "situations:decide",  # answers a script
    "situations:save",
    "measurement:calibrate",  # changes something and goes back
    "measurement:approve",
    "measurement:calculate_quality",
    "measurement:second_round",
    "measurement:close_panel",
    "measurement:judge",  # leads on to the next question
    "classes:checked_in",  # walked through by the tests of checking in
}
IN_ENGLISH = (
    "portal:front", "people:sign_in", "verification:verify", "verification:code",
    "verification:offline", "portal:home", "classes:check_in", "exams:sitting", "exams:attempt",
    "exams:result", "exams:booklet", "exams:sheet_file",
    "credentials:certificate", "classes:roll", "classes:code", "people:list", "people:roster",
    "classes:detail", "classes:learners", "recognition:candidates", "recognition:decision",
    "campaigns:unit", "questions:question", "exams:room", "papers:paper", "marking:answer_appeal",
    "situations:run", "situations:debrief", "measurement:run", "measurement:result",
    "measurement:explanation",
)  # fmt: skip
AT_ANY_WIDTH = (
    "portal:front", "portal:home", "classes:roll", "campaigns:unit", "people:list",
    "questions:bank", "exams:room", "situations:debrief", "measurement:explanation",
)  # fmt: skip
