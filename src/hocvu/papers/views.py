"""Papers: the list, making one, seeing one, a new version, retiring it."""

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.papers import actions, policies
from hocvu.papers.actions import WrittenPaper
from hocvu.papers.forms import PaperDraft, PaperFilters, RetireForm, StartPaperForm
from hocvu.papers.models import Paper, PaperPreset
from hocvu.papers.queries.blueprints import PaperContent, content_of, versions_of
from hocvu.papers.queries.history import history_of
from hocvu.papers.queries.papers import papers_open_to, presets_in_force
from hocvu.papers.rules import ShowsKey
from hocvu.people.queries.scope import scope_of
from hocvu.people.queries.signed_in import person_of
from hocvu.people.rules.access import Permission
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import percent

PAPER_COLUMNS = (
    Column(
        "title",
        gettext_lazy("Paper"),
        order_by="title",
        value=lambda paper: in_language(paper.title, paper.title_en),
        href=lambda paper: reverse("papers:paper", args=[paper.pk]),
    ),
    Column("code", gettext_lazy("Code"), order_by="code"),
    Column("version", gettext_lazy("Version"), order_by="version", numeric=True),
    Column(
        "owner",
        gettext_lazy("Owned by"),
        order_by="owner__sort_key",
        value=lambda paper: paper.owner.name if paper.owner else _("everybody"),
    ),
    Column("minutes", gettext_lazy("Minutes"), order_by="minutes", numeric=True),
    Column(
        "pass_mark",
        gettext_lazy("To pass"),
        value=lambda paper: percent(paper.required_share),
        numeric=True,
    ),
    Column("level", gettext_lazy("Level"), order_by="level"),
    Column("made_at", gettext_lazy("Made on"), order_by="made_at", on_phone=False),
)

_KEY_SHOWN = {
    ShowsKey.AT_ONCE: gettext_lazy("as soon as somebody hands in"),
    ShowsKey.WHEN_CLOSED: gettext_lazy("when the test has closed for everybody"),
}


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """The papers whose questions I may see."""
    person = person_of(request)
    filters = PaperFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(papers_open_to(person)),
        columns=PAPER_COLUMNS,
        default_sort="title",
        title=_("Papers"),
        filters=filters,
    )
    can_make = scope_of(person).may_anywhere(Permission.WRITE_QUESTIONS)
    return page.answer("papers/papers.html", {"can_make": can_make})


@require_safe
def start_paper(request: HttpRequest) -> HttpResponse:
    """Step one of two: after which document, fixed or drawn."""
    _must_write(request)
    return render(
        request, "papers/start_paper.html", {"form": StartPaperForm(day_of(timezone.now()))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def write_paper(request: HttpRequest) -> HttpResponse:
    """Step two: `?kind=` and `?preset=` from step one, or `?like=` another paper."""
    _must_write(request)
    person, at = person_of(request), timezone.now()
    like = _like(request)
    draft = _draft(request, like=like, preset=_preset(request, like))
    if draft.is_valid():
        try:
            made = actions.make_paper(WrittenPaper(**draft.fields), by=person, at=at)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            draft.form.add_error(None, str(refused))
        else:
            messages.success(request, _("The paper is made."))
            return go_to("papers:paper", made.pk)
    return _page(request, draft, {"like": like})


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it is, to be changed. Sittings keep the version they were opened with."""
    person, at = person_of(request), timezone.now()
    before = get_object_or_404(papers_open_to(person), pk=pk)
    _must_own(request, before)
    draft = _draft(request, like=before, preset=before.preset, before=before)
    if draft.is_valid():
        try:
            written = WrittenPaper(**draft.fields)
            made = actions.make_new_version(before, written, by=person, at=at)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            draft.form.add_error(None, str(refused))
        else:
            return go_to("papers:paper", made.pk)
    return _page(request, draft, {"before": before})


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """What it asks, whether it can be drawn, and how often its questions were shown."""
    person = person_of(request)
    reached = papers_open_to(person)
    seen = get_object_or_404(reached, pk=pk)
    content = content_of(seen)
    versions = versions_of(reached, seen)
    return render(
        request,
        "papers/paper.html",
        {
            "paper": seen,
            "title": in_language(seen.title, seen.title_en),
            "content": content,
            "facts": _facts(seen, content),
            "versions": versions,
            "is_latest": versions[0] == seen,
            "can_change": policies.can_write_papers(person, seen.owner),
            "history": history_of(*versions),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retire_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why, then retires."""
    person = person_of(request)
    seen = get_object_or_404(papers_open_to(person), pk=pk)
    _must_own(request, seen)
    form = RetireForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.retire_paper(seen, reason=reason, by=person, at=timezone.now())
        return go_to("papers:paper", pk)
    context = {"paper": seen, "title": in_language(seen.title, seen.title_en), "form": form}
    return render(request, "papers/retire_paper.html", context, status=422 if form.errors else 200)


def _draft(
    request: HttpRequest,
    *,
    like: Paper | None,
    preset: PaperPreset | None,
    before: Paper | None = None,
) -> PaperDraft:
    person, on = person_of(request), day_of(timezone.now())
    sent = request.POST if request.method == "POST" else None
    if like is None:
        kind = "fixed" if request.GET.get("kind") == "fixed" else "drawn"
        return PaperDraft(person, on, kind, sent, preset)
    cells = list(like.cells.order_by("position").select_related("section"))
    rows = [
        {
            "component": cell.component_code,
            "level": cell.level,
            "topic": cell.topic,
            "questions": cell.questions,
            "section": cell.section.title if cell.section else "",
        }
        for cell in cells
    ]
    return PaperDraft(
        person,
        on,
        "drawn" if rows else "fixed",
        sent,
        preset,
        before,
        initial={
            "title": like.title,
            "title_en": like.title_en,
            "measured": f"{like.framework_id}:{like.level}",
            "minutes": like.minutes,
            "pass_percent": int(like.required_share * 100),
            "shuffle": like.shuffle,
            "shows_key": like.shows_key,
        },
        initial_cells=rows,
        initial_questions=list(
            like.paper_questions.order_by("position").values_list("question", flat=True)
        ),
        sections_en={each.section.title: each.section.title_en for each in cells if each.section},
    )


def _page(request: HttpRequest, draft: PaperDraft, context: dict[str, Any]) -> HttpResponse:
    preset = draft.preset
    if preset is not None:
        context |= {
            "preset": preset,
            "preset_name": in_language(preset.name, preset.name_en),
            "preset_share": percent(Fraction(preset.pass_mark)),
        }
    status = 422 if draft.is_to_be_checked else 200
    return render(request, "papers/write_paper.html", {"draft": draft, **context}, status=status)


def _like(request: HttpRequest) -> Paper | None:
    """The paper named by `?like=`, to start from."""
    asked = request.GET.get("like", "")
    if not asked:
        return None
    pk = int(asked) if asked.isdecimal() else 0
    return get_object_or_404(papers_open_to(person_of(request)), pk=pk)


def _preset(request: HttpRequest, like: Paper | None) -> PaperPreset | None:
    asked = request.GET.get("preset", "")
    if like is not None or not asked.isdecimal():
        return like.preset if like else None
    return get_object_or_404(presets_in_force(day_of(timezone.now())), pk=int(asked))


def _facts(paper: Paper, content: PaperContent) -> list[tuple[str, object]]:
    preset, version = paper.preset, _("version %s") % paper.version
    return [
        (_("Code"), f"{paper.code}, {version}"),
        (_("Follows"), in_language(preset.name, preset.name_en) if preset else _("no document")),
        (_("Owned by"), paper.owner.name if paper.owner else _("everybody")),
        (_("Questions"), content.number),
        (_("Minutes"), paper.minutes),
        (_("To pass"), percent(paper.required_share)),
        (_("Framework"), in_language(paper.framework.name, paper.framework.name_en)),
        (_("Level"), paper.level),
        (_("Shuffled"), paper.shuffle),
        (_("Right answers shown"), _KEY_SHOWN[ShowsKey(paper.shows_key)]),
    ]


def _must_write(request: HttpRequest) -> None:
    if not scope_of(person_of(request)).may_anywhere(Permission.WRITE_QUESTIONS):
        raise NotAllowed(
            _("Only people who write questions for a unit can make and change its papers."),
            _("Please ask the training officer of your unit."),
        )


def _must_own(request: HttpRequest, paper: Paper) -> None:
    if not policies.can_write_papers(person_of(request), paper.owner):
        raise NotAllowed(
            _("Only people who write questions for a unit can make and change its papers."),
            _("You can make a paper of your own unit that is like this one."),
        )
