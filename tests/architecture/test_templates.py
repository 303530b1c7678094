"""Templates hold no script, no style and no unescaped text: the strict CSP stays strict."""

import re

import pytest
from house import ROOMS, shown, templates

COMMENT = re.compile(r"{#.*?#}|{% comment.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"""\sstyle\s*=\s*["'{]""", re.IGNORECASE),
    "an event handler": re.compile(r"""\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=\s*["'{]""", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off"),
    "an address of another site": re.compile(
        r"""<(?:script|link|img)[^>]+["'](?:https?:)?//""", re.IGNORECASE
    ),
}


def _faults(text):
    markup = COMMENT.sub("", text)
    return [fault for fault, pattern in FORBIDDEN.items() if pattern.search(markup)]


@pytest.mark.parametrize("room", [room for room in ROOMS if templates(room)])
def test_templates_hold_nothing_the_policy_would_refuse(room):
    pages = [file for file in templates(room) if file.suffix != ".txt"]  # plain text is no markup
    found = {shown(file): _faults(file.read_text(encoding="utf-8")) for file in pages}

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>go()</script>",
        '<script nonce="{{ request.csp_nonce }}">go()</script>',
        "<style>p { }</style>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<a href="javascript:go()">',
        "{{ name|safe }}",
        "{% autoescape off %}",
        '<script src="https://elsewhere.example/x.js"></script>',
    ],
)
def test_the_check_sees(markup):
    assert _faults(markup)


@pytest.mark.parametrize(
    "markup",
    ['<script type="module" src="{% static "x.js" %}"></script>', "{# |safe #}", "<p>on = 1</p>"],
)
def test_the_check_allows(markup):
    assert not _faults(markup)
