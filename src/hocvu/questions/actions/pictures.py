"""Keeping pictures under the hash of their bytes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.question_files import picture_type
from hocvu.questions.models import QuestionMedia

LARGEST_PICTURE = 5 * 1024 * 1024  # bytes
_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}


class PictureIsUnfit(NotPossible):
    """The file is no picture that browsers show safely, or is too large."""


@dataclass(frozen=True)
class KeptPicture:
    """What texts call the picture (`media:<name>`), and where its bytes are."""

    name: str
    sha256: str


def keep_picture(content: bytes, *, by: Person, at: datetime) -> KeptPicture:
    """Keep a picture that somebody uploads for a question. The same picture is kept once."""
    if not scope_of(by).may_anywhere(Permission.WRITE_QUESTIONS):
        raise NotAllowed(
            _("You may not add pictures to questions."),
            _("Please ask your unit for the role of teacher."),
        )
    content_type = picture_type(content)
    if not content_type or len(content) > LARGEST_PICTURE:
        raise PictureIsUnfit(
            _("The file is no PNG, JPEG, GIF or WebP picture, or is larger than 5 MB."),
            _("Please save the picture as PNG or JPEG and choose it again."),
        )
    with transaction.atomic():
        kept = keep_pictures([content])
        sha256 = kept[0]
        record("picture_kept", "questions.questionmedia", by=by, at=at, sha256=sha256)
        return KeptPicture(f"{sha256[:12]}{_ENDINGS[content_type]}", sha256)


def keep_pictures(contents: Iterable[bytes]) -> list[str]:
    """The SHA-256 of each, or "" for what is no picture; inside the caller's transaction."""
    named = [(_sha256_of(content), content) for content in contents]
    QuestionMedia.objects.bulk_create(
        [
            QuestionMedia(sha256=sha256, content_type=picture_type(content), content=content)
            for sha256, content in named
            if sha256
        ],
        ignore_conflicts=True,
        batch_size=20,
    )
    return [sha256 for sha256, _content in named]


def _sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if picture_type(content) else ""
