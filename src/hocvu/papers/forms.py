"""Writing a paper: what it is, and either a blueprint or a list of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hocvu.competency.models import Framework
from hocvu.papers import rules
from hocvu.papers.models import Paper, PaperPreset
from hocvu.papers.queries.blueprints import (
    Choices,
    cell_choices,
    found_questions,
    framework_levels,
    picked_questions,
    units_to_write_for,
)
from hocvu.papers.queries.papers import newest_of, presets_in_force
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.ui.languages import in_language
from hocvu.units.models import Unit

_LEAST_ROWS, _MORE_ROWS, _MOST_ROWS = 6, 6, 120


class PaperFilters(forms.Form):
    """Which papers to show."""

    q = forms.CharField(label=_("Title or code of the paper"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("retired", _("Retired")), ("all", _("All versions"))],
    )

    def narrow(self, papers: QuerySet[Paper]) -> QuerySet[Paper]:
        asked = self.cleaned_data if self.is_valid() else {"q": "", "state": ""}
        named = Q(title__icontains=asked["q"]) | Q(code__icontains=asked["q"])
        if asked["state"] == "all":
            return papers.filter(named)
        return newest_of(papers.filter(named), retired=asked["state"] == "retired")


class PresetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        preset = cast("PaperPreset", obj)
        return in_language(preset.name, preset.name_en)


class StartPaperForm(forms.Form):
    """The first step: after which document, and fixed or drawn."""

    preset = PresetField(
        PaperPreset.objects.none(),
        label=_("What does the test follow?"),
        required=False,
        empty_label=_("No document: I choose its length, time and pass mark"),
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Where do its questions come from?"),
        choices=[
            ("drawn", _("Drawn anew for each attempt, after a blueprint")),
            ("fixed", _("A fixed list of questions, the same for everybody")),
        ],
        initial="drawn",
        widget=forms.RadioSelect,
    )

    def __init__(self, on: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("PresetField", self.fields["preset"]).queryset = presets_in_force(on)


class RetireForm(forms.Form):
    """Why nobody is offered a paper any more."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the log of the paper."),
    )


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return cast("Unit", obj).name


class WritePaperForm(forms.Form):
    """Everything of a paper but its questions. What a preset prescribes is not asked."""

    title = forms.CharField(label=_("Title"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{1,58}[A-Za-z0-9]$",
        label=_("Code of the paper"),
        help_text=_("Letters, digits, dots and hyphens, such as HP-KNS-01; unique."),
    )
    owner = UnitField(Unit.objects.none(), label=_("Owned by"), empty_label=None)
    measured = forms.ChoiceField(label=_("Framework and level"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=rules.MOST_MINUTES, initial=30
    )
    pass_percent = forms.IntegerField(
        label=_("Percent of the points to pass"), min_value=1, max_value=100, initial=70
    )
    shuffle = forms.BooleanField(
        label=_("Shuffle questions and options for each attempt"), required=False, initial=True
    )

    shows_key = forms.ChoiceField(
        label=_("When are the right answers shown?"),
        choices=[
            (rules.ShowsKey.WHEN_CLOSED.value, _("When the test has closed for everybody")),
            (rules.ShowsKey.AT_ONCE.value, _("As soon as somebody hands in, to learn from them")),
        ],
        initial=rules.ShowsKey.WHEN_CLOSED.value,
        help_text=_("Never to somebody who may still be asked the same question in a test."),
    )

    def __init__(
        self,
        person: Person,
        on: date,
        *args: Any,
        preset: PaperPreset | None = None,
        before: Paper | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast("UnitField", self.fields["owner"]).queryset = units_to_write_for(person)
        cast("forms.ChoiceField", self.fields["measured"]).choices = framework_levels(on)
        prescribed = ["minutes", "pass_percent", "shuffle", "shows_key"]
        left_out = prescribed if preset else []
        for name in [*left_out, *(["code", "owner"] if before else [])]:
            del self.fields[name]


class CellForm(forms.Form):
    """One row of a blueprint."""

    component = forms.ChoiceField(label=_("Skill"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    questions = forms.IntegerField(
        label=_("Questions"), min_value=1, max_value=rules.MOST_QUESTIONS, required=False
    )
    section = forms.CharField(label=_("Section"), max_length=300, required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("component", "level", "topic"):
            offered = getattr(choices, name)
            cast("forms.ChoiceField", self.fields[name]).choices = offered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        says_where = any(cleaned.get(name) for name in ("component", "level", "topic"))
        if says_where and not cleaned.get("questions") and not self.errors:
            self.add_error("questions", _("Say how many questions, or empty the row."))
        return cleaned


class PickForm(forms.Form):
    """A word to find questions in the bank by."""

    find = forms.CharField(
        label=_("Find questions"),
        required=False,
        help_text=_("Words of the question, its code, skill (6.1) or topic."),
        widget=forms.TextInput({"type": "search"}),
    )


@dataclass
class PaperDraft:
    """A paper as it stands on the page: typed, sent in, or taken from another one.

    `sent` is None where nothing was sent; `act` says what for: `rows` and `find` only change the
    page, anything else wants the paper checked or made.
    """

    person: Person
    on: date
    kind: str
    sent: QueryDict | None = None
    preset: PaperPreset | None = None
    before: Paper | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)
    initial_cells: Sequence[Mapping[str, Any]] = ()
    initial_questions: Sequence[int] = ()
    sections_en: Mapping[str, str] = field(default_factory=dict)  # English titles, kept by title

    @property
    def act(self) -> str:
        return self.sent.get("act", "") if self.sent is not None else ""

    @property
    def is_to_be_checked(self) -> bool:
        return self.sent is not None and self.act not in {"rows", "find"}

    @cached_property
    def form(self) -> WritePaperForm:
        given: dict[str, Any] = {"initial": self.initial}
        if self.sent is not None:
            given = (
                {"data": self.sent}
                if self.is_to_be_checked
                else {"initial": self.sent.dict() | {"shuffle": "shuffle" in self.sent}}
            )
        return WritePaperForm(self.person, self.on, preset=self.preset, before=self.before, **given)

    @cached_property
    def rows(self) -> list[CellForm]:
        if self.kind != "drawn":
            return []
        choices = cell_choices(self.person, self.on)
        if self.sent is None:
            return [
                CellForm(prefix=f"cell-{n}", initial=row, choices=choices)
                for n, row in enumerate(
                    [*self.initial_cells, *[{}] * max(1, _LEAST_ROWS - len(self.initial_cells))]
                )
            ]
        asked = self.sent.get("rows", "")
        number = min(int(asked), _MOST_ROWS) if asked.isdecimal() else _LEAST_ROWS
        more = _MORE_ROWS if self.act == "rows" else 0
        return [
            CellForm(self.sent, prefix=f"cell-{n}", choices=choices)
            if n < number and self.is_to_be_checked
            else CellForm(prefix=f"cell-{n}", initial=self._typed_row(n), choices=choices)
            for n in range(min(number + more, _MOST_ROWS))
        ]

    def is_valid(self) -> bool:
        return (
            self.is_to_be_checked
            and self.form.is_valid()
            and not any([row.errors for row in self.rows])  # noqa: C419 — every row says what is wrong
        )

    @property
    def cells(self) -> tuple[rules.WrittenCell, ...]:
        """The rows that ask something. Only of a valid draft."""
        return tuple(
            rules.WrittenCell(
                rules.Place(typed["component"], typed["level"], typed["topic"]),
                typed["questions"],
                typed["section"].strip(),
                self.sections_en.get(typed["section"].strip(), ""),
            )
            for row in self.rows
            if (typed := row.cleaned_data).get("questions")
        )

    @property
    def owner(self) -> Unit | None:
        """Whose bank questions are picked from, as far as the page says already."""
        if self.before is not None:
            return self.before.owner
        offered = units_to_write_for(self.person)
        asked = (self.sent.get("owner", "") if self.sent is not None else "") or str(
            self.initial.get("owner", "")
        )
        named = offered.filter(pk=asked).first() if asked.isdecimal() else None
        return named or offered.first()

    @property
    def framework(self) -> Framework | None:
        asked = (self.sent.get("measured", "") if self.sent is not None else "") or str(
            self.initial.get("measured", "")
        )
        known = [str(value) for value, _said in self._measures()]
        chosen = asked if asked in known else next(iter(known), "")
        return Framework.objects.filter(pk=chosen.partition(":")[0] or 0).first()

    @cached_property
    def picked(self) -> list[Question]:
        """In the order they were picked in."""
        if self.kind != "fixed":
            return []
        sent = self.sent.getlist("question") if self.sent is not None else ()
        ids = [int(each) for each in sent if each.isdecimal()] or list(self.initial_questions)
        return picked_questions(self.owner, self.framework, ids)

    @property
    def found(self) -> list[Question]:
        if self.kind != "fixed" or self.framework is None:
            return []
        text = self.sent.get("find", "") if self.sent is not None else ""
        without = [question.pk for question in self.picked]
        return found_questions(self.owner, self.framework, text, without=without)

    @property
    def pick_form(self) -> PickForm:
        text = self.sent.get("find", "") if self.sent is not None else ""
        return PickForm(initial={"find": text})

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the paper as an action takes them. Only of a valid draft."""
        typed = self.form.cleaned_data
        framework, _colon, level = typed["measured"].partition(":")
        preset = self.preset
        return {
            "title": typed["title"],
            "title_en": typed["title_en"] or typed["title"],
            "code": self.before.code if self.before else typed["code"],
            "owner": self.before.owner if self.before else typed["owner"],
            "framework": Framework.objects.get(pk=framework),
            "level": level,
            "preset": preset,
            "minutes": preset.minutes if preset else typed["minutes"],
            "pass_mark": preset.pass_mark if preset else _share(typed["pass_percent"]),
            "shuffle": preset.shuffle if preset else typed["shuffle"],
            "shows_key": rules.ShowsKey(preset.shows_key if preset else typed["shows_key"]),
            "cells": self.cells,
            "question_ids": tuple(question.pk for question in self.picked),
        }

    def _measures(self) -> list[tuple[Any, Any]]:
        groups = cast("forms.ChoiceField", self.form.fields["measured"]).choices
        return [each for _name, group in cast("Any", groups) for each in group]

    def _typed_row(self, number: int) -> dict[str, str]:
        names = ("component", "level", "topic", "questions", "section")
        sent = self.sent or QueryDict()
        return {name: sent.get(f"cell-{number}-{name}", "") for name in names}


def _share(percent: int) -> str:
    return str(Fraction(percent, 100))
