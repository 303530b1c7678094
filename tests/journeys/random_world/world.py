"""Everything a random country holds, and the marks by which it is recognised."""

import re
import string
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.utils import timezone

from hocvu.audit.models import AuditEntry
from hocvu.campaigns.models import Standing
from hocvu.classes.models import (
    BridgePoint,
    ClassSession,
    Enrolment,
    Roll,
    RollMark,
    TrainingClass,
)
from hocvu.credentials.models import (
    Certificate,
    PreparedAnew,
    PreparedCopy,
    PreparedFile,
    QuestionedCertificate,
    RegisterCopy,
    RemakeOrder,
)
from hocvu.exams.models import (
    Answer,
    Attempt,
    ExamRoom,
    HandedInFile,
    KeyCorrection,
    Remarking,
    SealedDay,
    SheetFile,
    Sitting,
)
from hocvu.kernel.time import day_of
from hocvu.marking.models import Appeal, Marker, Marking
from hocvu.measurement.models import (
    AdaptiveRun,
    AdaptiveSitting,
    Calibration,
    CutScore,
    Panel,
    PanelJudge,
    Scale,
)
from hocvu.notices.models import Notice
from hocvu.papers.models import Paper
from hocvu.people.models import Person, Post, RoleGrant, RosterImport
from hocvu.questions.models import BankImport, Question, QuestionMedia, QuestionReview
from hocvu.recognition.models import DecisionEntry, Proposal, RecognitionDecision
from hocvu.situations.models import Case, Disposition, Exercise, Run, RunMember
from hocvu.stationery.models import (
    Blank,
    BlankBook,
    BlankEntry,
    IssuerImage,
    TemplateVersion,
)
from hocvu.units.models import Unit
from hocvu.wallet.models import CorrectionRequest, PortableCredential, Share


@dataclass
class World:
    chance: Random
    now: datetime = field(default_factory=timezone.now)
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    grants: list[RoleGrant] = field(default_factory=list)
    classes: list[TrainingClass] = field(default_factory=list)
    sessions: list[ClassSession] = field(default_factory=list)
    points: list[BridgePoint] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    rolls: list[Roll] = field(default_factory=list)
    marks: list[RollMark] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    decisions: list[RecognitionDecision] = field(default_factory=list)
    entries: list[DecisionEntry] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    copies: list[RegisterCopy] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    revoked: list[Certificate] = field(default_factory=list)
    questioned: list[QuestionedCertificate] = field(default_factory=list)
    prepared: list[PreparedFile] = field(default_factory=list)
    prepared_anew: list[PreparedAnew] = field(default_factory=list)
    prepared_copies: list[PreparedCopy] = field(default_factory=list)
    orders: list[RemakeOrder] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    requests: list[CorrectionRequest] = field(default_factory=list)
    credentials: list[PortableCredential] = field(default_factory=list)
    imports: list[RosterImport] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    reviews: list[QuestionReview] = field(default_factory=list)
    bank_files: list[BankImport] = field(default_factory=list)
    pictures: list[QuestionMedia] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    rooms: list[ExamRoom] = field(default_factory=list)
    sheet_files: list[SheetFile] = field(default_factory=list)
    handed_in: list[HandedInFile] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    markings: list[Marking] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    corrections: list[KeyCorrection] = field(default_factory=list)
    remarkings: list[Remarking] = field(default_factory=list)
    late: list[Attempt] = field(default_factory=list)  # with answers that came late
    sealed_days: list[SealedDay] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    dispositions: list[Disposition] = field(default_factory=list)
    members: list[RunMember] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    calibrations: list[Calibration] = field(default_factory=list)
    skills_sittings: list[AdaptiveSitting] = field(default_factory=list)
    skills_runs: list[AdaptiveRun] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    judges: list[PanelJudge] = field(default_factory=list)
    cut_scores: list[CutScore] = field(default_factory=list)
    template_versions: list[TemplateVersion] = field(default_factory=list)
    issuer_images: list[IssuerImage] = field(default_factory=list)
    blank_books: list[BlankBook] = field(default_factory=list)
    blanks: list[Blank] = field(default_factory=list)
    blank_entries: list[BlankEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    unreached: list[Person] = field(default_factory=list)  # whose e-mails did not arrive
    acted: dict[object, Person] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)  # of certificates, as typed and as printed

    @property
    def today(self):
        return day_of(self.now)

    def mark(self):
        """A word nobody else has."""
        return self._given("zq" + "".join(self.chance.choices("bcdfghjklmnpqrstvwxz", k=8)))

    def number(self, begins, length):
        """A telephone or identity number nobody else has."""
        rest = length - len(begins)
        return self._given(begins + "".join(self.chance.choices(string.digits, k=rest)))

    def digits(self, length):
        return "".join(self.chance.choices(string.digits, k=length))

    def _given(self, text):
        self.given.add(text)
        return text

    def marks_in(self, *texts):
        """The marks of this world that stand in these texts, each taken whole."""
        text = " ".join(texts).casefold()
        found = self.given.intersection(re.findall(r"zq[a-z]+|\d{10,12}", text))
        return found | {code for code in self.codes if code in text}


def note_acts(world, act, subjects):
    """Anybody may have acted: their name stands in the history of what they touched."""
    rows = []
    for subject in subjects:
        actor = world.chance.choice(world.people)
        world.acted[subject] = actor
        label = f"{subject._meta.label_lower}:{subject.pk}"
        rows.append(AuditEntry(at=world.now, actor_id=actor.pk, act=act, subject=label))
    AuditEntry.objects.bulk_create(rows)
