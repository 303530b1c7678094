from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from hocvu.audit.actions import record
from hocvu.audit.models import AuditEntry

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_audit_entry_can_be_neither_changed_nor_deleted(change):
    record("class_opened", "classes.trainingclass:1", by=None, at=NOON)
    entry = AuditEntry.objects.get()

    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        entry.save() if change == "update" else entry.delete()

    assert AuditEntry.objects.count() == 1
