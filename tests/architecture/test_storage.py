"""No context walks up through the ORM or writes another's tables; migrations go both ways."""

import ast
import re

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import SeparateDatabaseAndState
from house import CONTEXTS, imports_in, parsed, python_files, shown

WRITES = frozenset({"create", "update", "delete", "save", "bulk_create", "bulk_update"}) | {
    *("get_or_create", "update_or_create"),
}
SQL_WRITE = re.compile(
    r'\b(?:INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+"?(\w+)', re.IGNORECASE
)
OURS = [model for model in apps.get_models() if model.__module__.startswith("hocvu.")]
TABLES = {model._meta.db_table: model._meta.app_label for model in OURS}
MODELS = {(f"hocvu.{model._meta.app_label}", model.__name__) for model in OURS}


def _root(node):
    """The name a chain of calls and attributes starts from."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _foreign_models(tree, room):
    return {
        name
        for module, name in imports_in(tree)
        if not module.startswith(f"hocvu.{room}.")
        and (".".join(module.split(".")[:2]), name) in MODELS
    }


def _names_that_hold(foreign, scope):
    """The models themselves, and names that were given a queryset or row of one in this scope."""
    held = set(foreign)
    for node in ast.walk(scope):
        given, targets = None, []
        if isinstance(node, ast.Assign):
            given, targets = node.value, node.targets
        elif isinstance(node, ast.For | ast.NamedExpr):
            given, targets = getattr(node, "iter", None) or node.value, [node.target]
        if given is not None and _root(given) in held:
            held |= {
                n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)
            }
    return held


def _orm_writes(tree, foreign):
    for scope in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)] or [tree]:
        held = _names_that_hold(foreign, scope)
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            makes_a_row = isinstance(call.func, ast.Name) and call.func.id in foreign
            writes = isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
            if makes_a_row or (writes and _root(call.func.value) in held):
                yield call.lineno, ast.unparse(call.func)


def _sql_writes(tree, room):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for table in SQL_WRITE.findall(node.value):
                if TABLES.get(table, room) != room:
                    yield node.lineno, f"SQL on {table}"


def _writes_elsewhere(tree, room):
    """Lines that write a model of another context: by its manager, by a queryset, by SQL."""
    yield from _orm_writes(tree, _foreign_models(tree, room))
    yield from _sql_writes(tree, room)


def _hocvu_migrations():
    loader = MigrationLoader(None)
    return {key: each for key, each in loader.disk_migrations.items() if key[0] in CONTEXTS}


def test_a_key_to_another_context_cannot_be_followed_backwards():
    walkable = [
        str(field)
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label != model._meta.app_label
        and not (field.remote_field.related_name or "").endswith("+")
    ]

    assert walkable == []


@pytest.mark.parametrize("room", CONTEXTS)
def test_a_context_writes_only_its_own_tables(room):
    found = {
        f"{shown(file)}:{line} {what}"
        for file in python_files(room)
        for line, what in _writes_elsewhere(parsed(file), room)
    }

    assert found == set()


@pytest.mark.parametrize(
    "line",
    [
        "Person.objects.filter(pk=1).update(phone='')",
        "Person.objects.create(full_name='')",
        "people = Person.objects.all(); people.delete()",
        "one = Person.objects.get(pk=1); one.save()",
        "Person(full_name='').save()",
        "run('DELETE FROM people_person')",
    ],
)
def test_the_check_sees_a_write_to_another_context(line):
    tree = ast.parse(f"from hocvu.people.models import Person\n{line}")

    assert list(_writes_elsewhere(tree, "classes"))
    assert not list(_writes_elsewhere(tree, "people"))


def test_the_check_lets_contexts_read():
    tree = ast.parse("from hocvu.people.models import Person\nPerson.objects.filter(pk=1).first()")

    assert not list(_writes_elsewhere(tree, "classes"))


def test_migrations_of_a_context_stand_in_one_line():
    loader = MigrationLoader(None)
    leaves = {room: [n for _, n in loader.graph.leaf_nodes(room)] for room in CONTEXTS}

    assert {room: names for room, names in leaves.items() if len(names) > 1} == {}


def test_every_model_has_its_migrations():
    migrated = {room for room, _ in _hocvu_migrations()}

    assert {model._meta.app_label for model in OURS} <= migrated


def test_every_migration_can_be_undone():
    stuck = [
        f"{room}.{name}: {operation.describe()}"
        for (room, name), migration in _hocvu_migrations().items()
        for operation in migration.operations
        for part in (
            operation.database_operations
            if isinstance(operation, SeparateDatabaseAndState)
            else [operation]
        )
        if not part.reversible
    ]

    assert stuck == []
