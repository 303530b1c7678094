"""Writing questions: new ones, new versions, copies. Words that were in use are never changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.content import Item
from hocvu.items.identifiers import telling_nothing
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.questions.actions.locking import (
    locked,
    refuse_if_withheld,
    refuse_unless_can_write,
    refuse_unless_can_write_for,
)
from hocvu.questions.models import Question
from hocvu.questions.queries.items import content_of, item_of, question_from_item
from hocvu.questions.queries.places import mark_of, place_of
from hocvu.questions.queries.reach import questions_open_to
from hocvu.questions.rules.places import Place
from hocvu.questions.rules.sameness import search_key
from hocvu.questions.rules.states import QuestionState
from hocvu.units.models import Unit


@dataclass(frozen=True)
class Written:
    """What somebody wrote: the question, where it belongs, its pictures (SHA-256 by name)."""

    item: Item
    place: Place
    media: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> Item:
        """The question as it is stored: its identifiers give no key away."""
        return telling_nothing(self.item)


class QuestionHasNewerVersion(NotPossible):
    """Another version is being written, or stands in place of this one."""


class QuestionWasChanged(NotPossible):
    """Somebody changed the draft after it was opened."""


class QuestionStandsAlready(NotPossible):
    """The same words with the same key are in this bank."""


def write_question(
    written: Written, *, owner: Unit | None, by: Person, at: datetime, code: str = ""
) -> Question:
    """A new draft of a unit, or of everybody (no owner). The same draft written twice is one."""
    with transaction.atomic():
        refuse_unless_can_write_for(owner, by)
        Person.objects.select_for_update().get(pk=by.pk)  # a double click waits here
        question = question_from_item(
            written.kept,
            code=code or new_codes(1)[0],
            media=written.media,
            owner=owner,
            created_by=by,
            created_at=at,
            **asdict(written.place),
        )
        same = Question.objects.standing().filter(
            owner=owner,
            fingerprint=question.fingerprint,
            created_by__isnull=False,
            retired_at=None,
        )
        standing = same.order_by("pk").first()
        if standing and standing.created_by_id == by.pk and mark_of(standing) == mark_of(question):
            return standing
        if standing:
            raise QuestionStandsAlready(
                _("The same question stands in this bank already: %(question)s.")
                % {"question": standing},
                _("Please edit that one, or change the words of this one."),
            )
        question.save()
        record("question_written", question, by=by, at=at)
        return question


def edit_question(
    question: Question, written: Written, *, seen: str, by: Person, at: datetime
) -> Question:
    """The draft with its new words, or a new version of what others have seen.

    `seen` is `mark_of` the version that was opened, so that nobody overwrites anybody.
    """
    with transaction.atomic():
        question = locked(question)
        refuse_unless_can_write(question, by)
        refuse_if_withheld(question, by, at)
        _refuse_if_replaced(question)
        if seen != mark_of(question):
            raise QuestionWasChanged(
                _("Question %(question)s was changed after this page was opened.")
                % {"question": question},
                _("Please open it in another tab, compare, and then save again."),
            )
        if Written(item_of(question), place_of(question), question.media) == written:
            return question
        if _is_own_draft(question, by):
            return _rewrite(question, written, by=by, at=at)
        return _new_version(question, written, by=by, at=at)


def copy_question(question: Question, *, owner: Unit | None, by: Person, at: datetime) -> Question:
    """A draft of one's own with the words of a question that somebody else keeps."""
    if not questions_open_to(by).filter(pk=question.pk).exists():
        raise NotAllowed(
            _("You may not see question %(question)s.") % {"question": question},
            _("Please ask whoever keeps it to share it."),
        )
    refuse_if_withheld(question, by, at)
    written = Written(item_of(question), place_of(question), question.media)
    return write_question(written, owner=owner, by=by, at=at)


def new_codes(count: int) -> list[str]:
    """Codes that no question has had: `Q000042`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('questions_code_number') FROM generate_series(1, %s)", [count]
        )
        return [f"Q{number:06d}" for (number,) in cursor.fetchall()]


def _is_own_draft(question: Question, by: Person) -> bool:
    """Whether nobody but its author can have seen it as it is."""
    is_draft = question.state is QuestionState.DRAFT and question.returned_at is None
    return is_draft and question.created_by_id == by.pk


def _rewrite(question: Question, written: Written, *, by: Person, at: datetime) -> Question:
    content = content_of(written.kept, written.media)
    content["search_key"] = search_key(question.code, written.kept)
    for name, value in {**content, **asdict(written.place)}.items():
        setattr(question, name, value)
    question.save()
    record("question_rewritten", question, by=by, at=at)
    return question


def _new_version(question: Question, written: Written, *, by: Person, at: datetime) -> Question:
    """A draft beside a version in use; in place of a version that was never used."""
    pk = _reserved_pk()
    if question.put_in_use_at is None:
        question.retired_at, question.replaced_by_id = at, pk
        question.save(update_fields=["retired_at", "replaced_by"])
    version = question_from_item(
        written.kept,
        code=question.code,
        version=question.version + 1,
        media=written.media,
        pk=pk,
        owner=question.owner,
        is_shared=question.is_shared,
        created_by=by,
        created_at=at,
        **asdict(written.place),
    )
    version.save(force_insert=True)
    record("question_version_written", version, by=by, at=at, before=question.pk)
    return version


def _reserved_pk() -> int:
    """The key of a row to come: the old version names it before it stands there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('questions_question', 'id'))")
        return int(cursor.fetchone()[0])


def _refuse_if_replaced(question: Question) -> None:
    newer = Question.objects.filter(code=question.code, version__gt=question.version)
    latest = newer.order_by("-version").first()
    if latest:
        raise QuestionHasNewerVersion(
            _("Question %(question)s has a newer version: %(newer)s.")
            % {"question": question, "newer": latest},
            _("Please open that one and edit it."),
        )
    if question.state is QuestionState.RETIRED:
        raise QuestionHasNewerVersion(
            _("Question %(question)s is retired.") % {"question": question},
            _("Please make a copy of it and edit that."),
        )
