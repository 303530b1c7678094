"""The components of a page as tags: `{% load ui %}`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context, Library
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.ui import charts
from hocvu.ui.navigation import sections_of, tabs_of
from hocvu.ui.templatetags import figures

register = Library()
register.filters.update(figures.register.filters)

Text = str | Promise
Ratio = Fraction | Decimal | float


@dataclass(frozen=True)
class _Verdict:
    word: Text
    shape: str


# The five verdicts, in the order of the design. Only the first may ever be green.
_VERDICTS = {
    "valid": _Verdict(gettext_lazy("Valid"), "check"),
    "revoked": _Verdict(gettext_lazy("Revoked"), "cross"),
    "altered": _Verdict(gettext_lazy("Altered"), "unequal"),
    "superseded": _Verdict(gettext_lazy("Replaced"), "renewed"),
    "unknown": _Verdict(gettext_lazy("Cannot be determined"), "question"),
}

_TONES = {"good": "check", "warn": "mark", "bad": "cross", "act": "dot", "quiet": "ring"}


@register.simple_tag(takes_context=True)
def said_in(context: Context, block: str) -> SafeString:
    """What another block of this page says, without its markup: for the browser's title."""
    found = context.render_context[BLOCK_CONTEXT_KEY].get_block(block)
    said = strip_tags(found.render(context)) if found is not None else ""
    return SafeString(" ".join(said.split()))  # rendered once, so it is escaped already


@register.simple_tag
def lamp(ratio: Ratio | None, target: Ratio, *, label: bool = True) -> SafeString:
    """A lamp and its figure; `label=False` hides the figure from the eye, not from the ear."""
    said = _("no one in scope") if ratio is None else figures.percent(ratio)
    return format_html(
        '<span class="lamp-figure">{}<span{}>{}</span></span>',
        charts.lamp_svg(charts.lamp_level(ratio, target)),
        "" if label else SafeString(' class="visually-hidden"'),
        said,
    )


@register.simple_tag
def target_bar(share: Ratio | None, target: Ratio, *, label: str = "") -> SafeString:
    return charts.target_bar(share, target, label=label)


@register.inclusion_tag("ui/parts/verdict.html")
def verdict(kind: str, *, sentence: Text = "", checked: Iterable[Text] = ()) -> dict[str, object]:
    """What a check has found. A kind this page does not know is never shown as valid."""
    kind = str(kind) if str(kind) in _VERDICTS else "unknown"
    return {"kind": kind, "verdict": _VERDICTS[kind], "sentence": sentence, "checked": checked}


@register.inclusion_tag("ui/parts/state.html")
def state(tone: str, word: Text) -> dict[str, object]:
    return {"tone": tone, "shape": _TONES[tone], "word": word}


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int) -> dict[str, object]:
    """How far long work has come; of nothing, everything is done."""
    words = {"done": figures.number(done), "total": figures.number(total)}
    share = min(done, total) * 100 // total if total else 100
    return {"words": _("%(done)s of %(total)s") % words, "share": str(share)}


@register.inclusion_tag("ui/parts/stat.html")
def stat(value: object, label: Text, *, note: Text = "") -> dict[str, object]:
    return {"value": figures.shown(value), "label": label, "note": note}


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Label, help, the field itself, and its errors, all tied together for a screen reader."""
    return {"field": bound, "kind": _kind(bound)}


@register.inclusion_tag("ui/parts/field.html")
def filter_field(bound: BoundField) -> dict[str, object]:
    """A field of a filter: none of them is needed, so none says so."""
    return {"field": bound, "kind": _kind(bound), "quiet": True}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "group"
    return "tick" if isinstance(widget, CheckboxInput) else "plain"


@register.inclusion_tag("ui/parts/fields.html")
def fields(form: BaseForm) -> dict[str, object]:
    """All fields of a form in their order, under the errors that belong to none of them."""
    return {"form": form}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """What must be put right, with a link to each field; for a form longer than a screen."""
    return {"wrong": [form[name] for name in form.errors if name in form.fields], "form": form}


@register.simple_block_tag
def alert(content: SafeString, tone: str, heading: Text = "") -> SafeString:
    """Something the reader must know now; bad news interrupts a screen reader, other news waits."""
    role = {"bad": "alert", "warn": "status", "good": "status"}.get(tone, "note")
    head = format_html('<p class="alert-heading">{}</p>', heading) if heading else ""
    return format_html('<div class="alert {}" role="{}">{}{}</div>', tone, role, head, content)


@register.simple_block_tag
def section(content: SafeString, key: str, heading: Text) -> SafeString:
    """A part of a record that an anchor can lead to."""
    return format_html(
        '<section class="section" id="{}" aria-labelledby="{}-heading">'
        '<h2 id="{}-heading">{}</h2>{}</section>',
        key,
        key,
        key,
        heading,
        content,
    )


@register.simple_tag
def message_tone(message: Message) -> str:
    """Django's levels in the words of the design."""
    return {"error": "bad", "warning": "warn", "success": "good"}.get(message.level_tag, "quiet")


@register.inclusion_tag("ui/parts/empty_state.html")
def empty_state(
    heading: Text, sentence: Text = "", href: str = "", label: Text = ""
) -> dict[str, object]:
    return {"heading": heading, "sentence": sentence, "href": href, "label": label}


@register.inclusion_tag("ui/parts/facts.html")
def facts(pairs: Iterable[tuple[Text, object]]) -> dict[str, object]:
    return {"facts": [(term, figures.shown(said)) for term, said in pairs]}


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def tabs(context: Mapping[str, Any], page: str, thing: object) -> dict[str, object]:
    """What rooms above offer about a thing: `{% tabs "class" training_class %}`."""
    return {"tabs": tabs_of(page, context["request"], thing)}


@register.inclusion_tag("ui/parts/tab_buttons.html", takes_context=True)
def tab_buttons(context: Mapping[str, Any], page: str, thing: object) -> dict[str, object]:
    """The same beside the acts of the page itself: `{% tab_buttons "sitting" sitting %}`."""
    return {"tabs": tabs_of(page, context["request"], thing)}


@register.simple_tag(takes_context=True)
def sections(context: Mapping[str, Any], page: str, thing: object) -> SafeString:
    """What rooms above add to a page about a thing: `{% sections "result" page %}`."""
    request = context["request"]
    return SafeString(
        "".join(
            render_to_string(each.template, each.context(request, thing), request)
            for each in sections_of(page)
        )
    )


@register.inclusion_tag("ui/parts/unit_path.html")
def unit_path(items: Iterable[tuple[Text, str]]) -> dict[str, object]:
    """Where a thing belongs, widest first; an item without an address is not a link."""
    return {"items": items}


@register.inclusion_tag("ui/parts/steps.html")
def steps(at: int, of: int) -> dict[str, object]:
    numbers = range(1, of + 1)
    words = _("Step %(at)s/%(of)s") % {"at": at, "of": of}
    return {"words": words, "marks": ["done" if each <= at else "ahead" for each in numbers]}


@register.inclusion_tag("ui/parts/history.html")
def history(entries: Sequence[object]) -> dict[str, object]:
    """What happened, in sentences; each entry has `.at` and `.sentence`."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/back_link.html")
def back_link(href: str, label: Text) -> dict[str, object]:
    return {"href": href, "label": label}


@register.inclusion_tag("ui/parts/shape.html")
def shape(name: str) -> dict[str, object]:
    """A mark beside a word; `ui/parts/shape.html` holds them all."""
    return {"name": name}
