"""The e-mail that a delivery stands for, in its recipient's language."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hocvu.notices.models import Delivery, Notice
from hocvu.notices.rules.channels import Letter
from hocvu.notices.rules.kinds import Words, kind_of, page_of

_MOST_IN_FULL = 20
_LINE = "-" * 40


def letter_of(delivery: Delivery) -> Letter:
    """One notice as it is; several under a heading that says how many."""
    notices = list(delivery.notices.order_by("pk"))
    with override(delivery.language):
        subject = _subject(notices)
        parts = [_written(each) for each in notices[:_MOST_IN_FULL]]
        if more := len(notices) - _MOST_IN_FULL:
            parts += [_and_more(more)] if more > 0 else []
        body = f"\n\n{_LINE}\n\n".join([*parts, _closing()])
    return Letter(delivery.message_id, delivery.address, subject, f"{body}\n")


def words_of(notice: Notice) -> Words:
    """In the language that is active."""
    return kind_of(notice.kind).words(notice.facts)


def _subject(notices: list[Notice]) -> str:
    headings = {words_of(each).heading for each in notices}
    if len(headings) == 1:
        return headings.pop()
    words = ngettext("%(n)s notice from Học vụ", "%(n)s notices from Học vụ", len(notices))
    return words % {"n": len(notices)}


def _written(notice: Notice) -> str:
    words = words_of(notice)
    address = f"{settings.SITE_ADDRESS}{page_of(notice.pk) or words.path}"
    paragraphs = (words.heading, words.happened, words.meaning, words.what_to_do, address)
    return "\n\n".join(each for each in paragraphs if each)


def _and_more(count: int) -> str:
    words = ngettext("%(n)s more notice", "%(n)s more notices", count)
    return f"{words % {'n': count}}: {settings.SITE_ADDRESS}"


def _closing() -> str:
    return _(
        "This message was sent by Học vụ by itself; answers to it are not read. All notices stand "
        "on the site, after signing in, under “Notices”."
    )
