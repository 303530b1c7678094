"""Every public act leaves an entry in the audit log."""

import ast

import pytest
from house import (
    CONTEXTS,
    ROOMS,
    functions_in,
    imports_in,
    modules,
    parameters_of,
    parsed,
    python_files,
)

# Public acts without an entry of their own, and what stands in its place.
EXCEPTIONS = {
    (
        "campaigns",
        "note_changes",
    ): "queues what an event told; the act behind the event is recorded",
    ("notices", "tell"): "the act behind the notice is recorded, and the notice's row says when",
    ("notices", "read_notice"): "the notice's row says when",
    ("notices", "take_returned_mail"): "the delivery's row says when and why",
    ("exams", "fold_exposures"): "counts what `papers.note_exposures` writes down and records",
    ("credentials", "refuse_unprintable"): "refuses or lets pass; what was asked for is recorded",
    ("trust", "desk_of"): "opens keys for a run; the run records what it signed",
    ("exams", "hear_device"): "for the board of a room, and no evidence",
    ("exams", "save_answer"): "the answer's row says who and when; a nation answers at one moment",
    ("wallet", "note_opening"): "a stranger looks at what a holder shows: counted, not acted",
}


def _functions(room):
    return {
        name: function
        for file in modules(room, "actions")
        for name, function in functions_in(parsed(file)).items()
    }


def _called_by(function):
    return {
        ast.unparse(node.func).rpartition(".")[2]
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def _leaves_an_entry(name, functions, seen=frozenset()):
    called = _called_by(functions[name]) - seen
    return "record" in called or any(
        _leaves_an_entry(each, functions, seen | called | {name})
        for each in called & set(functions)
    )


def _offered(room):
    """Names that the package offers, or that anybody outside it takes from one of its modules."""
    offered = set()
    for file in modules(room, "actions"):
        if file.name == "__init__.py":
            offered |= {name for _, name in imports_in(parsed(file))}
        elif file.name == "actions.py":
            offered |= set(functions_in(parsed(file)))
    actions = f"hocvu.{room}.actions"
    own = set(modules(room, "actions"))
    for other in ROOMS:
        for file in set(python_files(other)) - own:
            offered |= {n for m, n in imports_in(parsed(file)) if f"{m}.".startswith(f"{actions}.")}
    return offered


def _public_acts():
    """What takes `at` writes: who asks only to know has no need to say when it happened."""
    for room in CONTEXTS:
        if room == "audit":  # it is the log
            continue
        offered = _offered(room)
        for name, function in sorted(_functions(room).items()):
            if name in offered and not name.startswith("_") and "at" in parameters_of(function):
                yield room, name


@pytest.mark.parametrize(("room", "act"), list(_public_acts()))
def test_a_public_act_leaves_an_audit_entry(room, act):
    if (room, act) in EXCEPTIONS:
        return

    assert _leaves_an_entry(act, _functions(room)), f"{room}.actions.{act} never records"


def test_every_exception_still_stands():
    assert set(EXCEPTIONS) <= set(_public_acts())
