"""Tables that went to rooms of their own: renamed there, back, and there again, with their rows."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from credentials.recognition_scene import NOON, TEXT, certify
from hocvu.inspection.queries.register import audit_register
from hocvu.stationery.actions.number_formats import set_number_format
from hocvu.stationery.rules.numbering import NumberFormats

NEW_YEAR = date(2027, 1, 1)
MOVED = [
    *("recognition_resultrecord", "recognition_resultline", "recognition_proposal"),
    *("recognition_recognitiondecision", "recognition_decisionentry", "stationery_numberformat"),
]
BEFORE = [f"credentials_{table.partition('_')[2]}" for table in MOVED]


@pytest.fixture
def moved_again(transactional_db):
    """Where the test stops half way, every table is put where it belongs."""
    known = MigrationRecorder(connection).applied_migrations().keys()
    yield
    if MigrationRecorder(connection).applied_migrations().keys() != known:
        migrate_to_the_end()


def migrate_to_the_end():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def rows(table):
    """Every row as text, with all its columns."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(kept)::text FROM {table} AS kept ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def refuses_changes(table):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    except IntegrityError:
        return True
    return False


def test_tables_are_renamed_with_their_rows_their_triggers_and_their_log(
    moved_again, training_class, next_class, school, registrar
):
    set_number_format(school, NumberFormats(), valid_from=NEW_YEAR, by=registrar, at=NOON)
    certify(training_class, registrar)
    there = [rows(table) for table in MOVED]

    MigrationExecutor(connection).migrate([("stationery", "0002_kept"), ("recognition", None)])
    back = [rows(table) for table in BEFORE]
    kept_then = [refuses_changes(table) for table in BEFORE]
    migrate_to_the_end()

    assert all(there)
    assert back == there
    assert [rows(table) for table in MOVED] == there
    assert all(kept_then)
    assert all(refuses_changes(table) for table in MOVED)
    assert audit_register() == []
    assert certify(next_class, registrar, replace(TEXT, number=8))  # sequences went along
