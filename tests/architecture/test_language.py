"""All that people read is translated into Vietnamese; all our words are in the glossary."""

import ast
import re
from collections import defaultdict
from functools import cache
from io import BytesIO

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils.translation.template import templatize
from house import CONTEXTS, ROOMS, ROOT, SOURCE, modules, parsed, python_files, shown, templates

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|{\w*}")
CATALOGUES = sorted(SOURCE.glob("*/locale/vi/LC_MESSAGES/django.po"))


def _extracted(code):
    """Every (context, msgid, plural) in Python code; the plural is None where there is none."""
    for _, function, message, _ in extract_python(BytesIO(code.encode()), KEYWORDS, [], {}):
        parts = list(message) if isinstance(message, tuple) else [message]
        context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
        if parts and parts[0]:
            yield context, parts[0], parts[1] if function.startswith(("n", "un")) else None


def _as_python(template):
    """What a template asks to have translated, as lines of Python that Babel can read."""
    lines = templatize(template.read_text(encoding="utf-8"), str(template)).splitlines()
    return "\n".join(line.strip() for line in lines)


@cache
def _asked_for(room):
    """{(context, msgid): first file that asks for it}"""
    asked = {}
    for file in python_files(room):
        for context, message, _ in _extracted(file.read_text(encoding="utf-8")):
            asked.setdefault((context, message), shown(file))
    for file in templates(room):
        for context, message, _ in _extracted(_as_python(file)):
            asked.setdefault((context, message), shown(file))
    return asked


@cache
def _entries(catalogue):
    with catalogue.open("rb") as opened:
        return [message for message in read_po(opened, locale="vi") if message.id]


def _singular(message):
    return message.id[0] if message.pluralizable else message.id


def _translations(message):
    return list(message.string) if message.pluralizable else [message.string]


@cache
def _translated():
    return {
        (message.context, _singular(message))
        for catalogue in CATALOGUES
        for message in _entries(catalogue)
        if not message.fuzzy and all(_translations(message))
    }


@pytest.mark.parametrize("room", ROOMS)
def test_everything_a_room_says_is_translated(room):
    missing = sorted(
        f"{file}: {context or ''} {message!r}"
        for (context, message), file in _asked_for(room).items()
        if (context, message) not in _translated()
    )

    assert not missing, f"{len(missing)} texts without Vietnamese:\n" + "\n".join(missing)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=shown)
def test_a_translation_keeps_its_placeholders(catalogue):
    """Vietnamese has one form for every number: it keeps the placeholders of the plural."""
    changed = [
        f"{message.id} -> {said}"
        for message in _entries(catalogue)
        for said in _translations(message)
        if set(PLACEHOLDER.findall(message.id[-1] if message.pluralizable else message.id))
        != set(PLACEHOLDER.findall(said))
    ]

    assert changed == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=shown)
def test_a_catalogue_is_sure_of_itself(catalogue):
    """No entry is half done: none is fuzzy, none is empty."""
    unsure = [
        _singular(message)
        for message in _entries(catalogue)
        if message.fuzzy or not all(_translations(message))
    ]

    assert unsure == []


def test_catalogues_hold_nothing_that_nobody_says():
    asked = set().union(*(_asked_for(room) for room in ROOMS))
    idle = {
        f"{shown(catalogue)}: {_singular(message)}"
        for catalogue in CATALOGUES
        for message in _entries(catalogue)
        if (message.context, _singular(message)) not in asked
    }

    assert not idle, "\n".join(sorted(idle))


def test_an_english_text_has_one_translation():
    """Catalogues of all rooms are merged; where two differ, chance decides what a page says."""
    said = defaultdict(set)
    for catalogue in CATALOGUES:
        for message in _entries(catalogue):
            said[message.context, _singular(message)].add(tuple(_translations(message)))

    several = sorted(
        f"{key[1]!r}: {sorted(texts)}" for key, texts in said.items() if len(texts) > 1
    )
    assert not several, "\n".join(several)


def test_the_extraction_reads_python_and_templates(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<p>\n  {% trans "One" %} {% state "good" _("Two") %}\n   {{ _("Three") }}'
        "{% blocktrans count n=n %}{{ n }} four{% plural %}{{ n }} fours{% endblocktrans %}"
        "{% blocktrans trimmed with x=y %}\n  Five\n  {{ x }}\n{% endblocktrans %}\"it's"
    )

    in_page = {message for _, message, _ in _extracted(_as_python(page))}
    in_code = {message for _, message, _ in _extracted('_("A")\nngettext_lazy("B", "Bs", 2)')}

    assert in_page == {"One", "Two", "Three", "%(n)s four", "Five %(x)s"}
    assert in_code == {"A", "B"}


# --- The glossary ------------------------------------------------------------------------------


@cache
def _glossary():
    """Code identifiers in the third column of the glossary."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|") for line in lines if line.startswith("|")]
    return {name for row in cells for name in re.findall(r"`([\w.]+)`", row[3])}


def test_every_model_is_in_the_glossary():
    models = {m.__name__ for m in apps.get_models() if m.__module__.startswith("hocvu.")}

    assert sorted(models - _glossary()) == []


def test_every_event_is_in_the_glossary():
    events = {
        node.name
        for context in CONTEXTS
        for file in modules(context, "events")
        for node in parsed(file).body
        if isinstance(node, ast.ClassDef)
    }

    assert sorted(events - _glossary()) == []


def test_every_role_and_permission_is_in_the_glossary():
    from hocvu.people.models import Role
    from hocvu.people.rules.access import Permission

    named = {*Role.values, *(permission.name for permission in Permission)}

    assert sorted(named - _glossary()) == []
