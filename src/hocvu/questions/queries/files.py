"""Files of questions between upload and outcome: what they hold, and what will become of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q

from hocvu.items.marking import item_flaws
from hocvu.items.storing import from_json
from hocvu.people.models import Person
from hocvu.question_files import Problem, Severity
from hocvu.questions.models import BankImport, FoundQuestion, Question
from hocvu.questions.queries.shown import QuestionShown, shown, without_key
from hocvu.questions.queries.withheld import keys_withheld_from
from hocvu.questions.queries.words import SEVERITY_TONES, sentence_of_flaw, sentence_of_problem
from hocvu.questions.rules.places import Place
from hocvu.questions.rules.sameness import used_media

ON_A_PAGE: Final = 10


@dataclass(frozen=True)
class Taken:
    """What became of the questions of a file."""

    added: int
    known: int  # stood in the bank already
    left_out: int  # by the person who took the file
    unread: int  # could not be read


@dataclass(frozen=True)
class Sentence:
    tone: str
    words: str


@dataclass(frozen=True)
class FoundShown:
    """One question of a file as the preview shows it."""

    number: int
    line: int
    question: QuestionShown | None
    sentences: tuple[Sentence, ...]
    place: Place
    is_chosen: bool
    known: Question | None  # the question of the bank that it is, or became
    withheld: bool  # its key is not shown to whoever reads

    @property
    def can_be_taken(self) -> bool:
        return self.question is not None and self.known is None


@dataclass(frozen=True)
class FilePage:
    """One page of a file's preview or outcome."""

    found: tuple[FoundShown, ...]
    counts: Taken  # before taking: what would become of them
    total: int
    with_problems: int
    page: int
    last_page: int
    notes: tuple[Sentence, ...]


def file_page(
    bank_import: BankImport, *, page: int, only_problems: bool, reader: Person, at: datetime
) -> FilePage:
    """A fixed number of queries, however long the file is."""
    found = FoundQuestion.objects.filter(bank_import=bank_import)
    troubled = found.exclude(diagnostics=[]) | found.filter(content__isnull=True)
    wanted = (troubled if only_problems else found).order_by("number")
    counted = wanted.count()
    last = max(1, -(-counted // ON_A_PAGE))
    page = min(max(1, page), last)
    rows = list(wanted.select_related("question")[(page - 1) * ON_A_PAGE : page * ON_A_PAGE])
    contents = {row.fingerprint for row in rows if row.fingerprint}
    known = known_questions(bank_import, contents)
    withheld = keys_withheld_from(reader, at).contents_among(contents)
    return FilePage(
        found=tuple(
            _shown(bank_import, row, known.get(row.fingerprint), row.fingerprint in withheld)
            for row in rows
        ),
        counts=outcome_of(bank_import) if bank_import.taken_at else outlook_of(bank_import),
        total=found.count(),
        with_problems=troubled.count(),
        page=page,
        last_page=last,
        notes=tuple(_sentences(bank_import.notes)),
    )


def known_questions(bank_import: BankImport, fingerprints: Collection[str]) -> dict[str, Question]:
    """Questions with this content that stand in the owner's bank, or are in use for everybody."""
    in_use_for_all = Q(put_in_use_at__isnull=False) & (Q(owner=None) | Q(is_shared=True))
    standing = Question.objects.filter(
        Q(owner=bank_import.owner) | in_use_for_all,
        fingerprint__in=[each for each in fingerprints if each],
        retired_at=None,
    )
    return {question.fingerprint: question for question in standing.order_by("-pk")}


def outcome_of(bank_import: BankImport) -> Taken:
    return Taken(
        **bank_import.found.aggregate(
            added=Count("pk", filter=Q(was_known=False)),
            known=Count("pk", filter=Q(was_known=True)),
            left_out=Count("pk", filter=Q(was_known=None, content__isnull=False)),
            unread=Count("pk", filter=Q(content__isnull=True)),
        )
    )


def outlook_of(bank_import: BankImport) -> Taken:
    """What would become of the questions if the file were taken now."""
    read = bank_import.found.filter(content__isnull=False)
    chosen = list(read.filter(is_left_out=False).values_list("fingerprint", flat=True))
    new = set(chosen) - known_questions(bank_import, set(chosen)).keys()
    return Taken(
        added=len(new),
        known=len(chosen) - len(new),
        left_out=read.filter(is_left_out=True).count(),
        unread=bank_import.found.filter(content__isnull=True).count(),
    )


def _shown(
    bank_import: BankImport,
    row: FoundQuestion,
    known: Question | None,
    withheld: bool,  # noqa: FBT001 — its key, from whoever reads
) -> FoundShown:
    sentences = list(_sentences(row.diagnostics))
    question = None
    if row.content is not None:
        item = from_json(row.content)
        question = shown(item, used_media(item, bank_import.media))
        question = without_key(question) if withheld else question
        sentences += [Sentence("warn", sentence_of_flaw(each, item)) for each in item_flaws(item)]
    return FoundShown(
        number=row.number,
        line=row.line,
        question=question,
        sentences=tuple(sentences),
        place=Place.from_json(row.place),
        is_chosen=not row.is_left_out,
        known=row.question or known,
        withheld=withheld,
    )


def _sentences(diagnostics: Iterable[dict[str, Any]]) -> Iterable[Sentence]:
    for said in diagnostics:
        words = sentence_of_problem(Problem(said["code"]), said["about"])
        yield Sentence(SEVERITY_TONES[Severity(said["severity"])], words)
