"""Telling somebody something, inside the transaction of the act it is about."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from hocvu.notices.models import Notice, ReadingLanguage
from hocvu.notices.rules.kinds import Facts, kind_of
from hocvu.notices.rules.pace import pace

_FACTS = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` would make one for each

# Ten thousand certificates are told in the transactions that issue them: no row is made in Python.
_TELL = """
INSERT INTO notices_notice
  (recipient_id, kind, key, facts, address, is_urgent, told_at, due_at)
SELECT recipient_id, %(kind)s, key, facts::jsonb, address, %(is_urgent)s, %(told_at)s, %(due_at)s
FROM unnest(%(recipients)s::bigint[], %(keys)s::text[], %(facts)s::text[], %(addresses)s::text[])
  AS news (recipient_id, key, facts, address)
ON CONFLICT (recipient_id, kind, key) DO NOTHING
"""


@dataclass(frozen=True)
class News:
    """What one recipient is told. `key` names the fact: told again, it is told once."""

    key: str
    recipient_id: int
    address: str = ""
    facts: Facts = field(default_factory=dict)


def tell(kind: str, news: Iterable[News], *, at: datetime) -> None:
    """Put news of one kind into its recipients' lists; e-mails follow. One statement for all."""
    every = list(news)
    if not every:
        return
    is_urgent = kind_of(kind).is_urgent
    values: dict[str, Any] = {
        "recipients": [each.recipient_id for each in every],
        "keys": [each.key for each in every],
        "facts": [_FACTS.encode(dict(each.facts)) for each in every],
        "addresses": [each.address for each in every],
        "kind": kind,
        "is_urgent": is_urgent,
        "told_at": at,
        "due_at": pace().due_at(at, is_urgent=is_urgent),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)


def read_notice(notice: Notice, *, at: datetime) -> None:
    """Note when it was first opened."""
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)


def choose_language(recipient_id: int, language: str) -> None:
    """In which language e-mails to this recipient are written from now on."""
    ReadingLanguage.objects.update_or_create(
        recipient_id=recipient_id, defaults={"language": language}
    )
