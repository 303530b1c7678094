"""Every page has a title of its own: tabs, histories and screen readers name it by that."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string

import hocvu

ROOMS = Path(hocvu.__file__).parent
TITLED = ("list", "home")  # by what they show
EXTENDS = re.compile(r'{% extends "ui/(\w+)\.html" %}')


def pages():
    for file in sorted(ROOMS.rglob("templates/**/*.html")):
        source = file.read_text(encoding="utf-8")
        if (
            (kind := EXTENDS.search(source))
            and file.name != "base.html"
            and "/ui/" not in str(file)
        ):
            yield pytest.param(kind[1], source, id=str(file.relative_to(ROOMS)))


@pytest.mark.parametrize(("kind", "source"), list(pages()))
def test_every_page_says_its_title(kind, source):
    if kind == "task":
        assert "{% block question %}" in source or "{% block title %}" in source
    elif kind not in TITLED:
        assert "{% block title %}" in source


def title_of(html):
    return re.search(r"<title>(.*) · Học vụ</title>", html)[1]


def page_asking(question):
    source = '{% extends "ui/task.html" %}{% block question %}' + question + "{% endblock %}"
    return engines["django"].from_string(source).render({"name": "Lê <An> & Bé"})


def test_a_task_is_called_by_its_question():
    html = page_asking('  Thu hồi giấy của <strong class="x">{{ name }}</strong>?\n')

    assert title_of(html) == "Thu hồi giấy của Lê &lt;An&gt; &amp; Bé?"
    assert html.count("<h1>") == 1


def test_a_task_that_asks_nothing_yet_stands():
    assert title_of(render_to_string("ui/task.html")) == ""
