"""A recipient's own list. Whose number it is, the room above knows."""

from django.conf import settings
from django.db.models import QuerySet

from hocvu.notices.models import Notice, ReadingLanguage


def notices_of(recipient_id: int) -> QuerySet[Notice]:
    """What this recipient was told, and nobody else."""
    return Notice.objects.filter(recipient_id=recipient_id).select_related("delivery")


def unread_count(recipient_id: int) -> int:
    return Notice.objects.filter(recipient_id=recipient_id, read_at=None).count()


def language_of(recipient_id: int) -> str:
    """In which language e-mails to this recipient are written."""
    wish = ReadingLanguage.objects.filter(recipient_id=recipient_id).first()
    return wish.language if wish else settings.LANGUAGE_CODE
