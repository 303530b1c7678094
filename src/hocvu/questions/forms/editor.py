"""The editor of a question: one form, and rows of options, parts or a rubric by its kind."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hocvu.items.content import Item, Kind, usual_scoring
from hocvu.questions.forms.bank import PlaceForm
from hocvu.questions.forms.rows import (
    TRUE_OR_FALSE,
    CriterionRow,
    OptionRow,
    PartRow,
    Words,
    letters,
)
from hocvu.questions.forms.texts import (
    initial_of_main,
    initial_of_options,
    initial_of_parts,
    initial_of_rubric,
    item_as_typed,
)
from hocvu.questions.queries.places import Places
from hocvu.questions.queries.words import SCORING_WORDS, letter
from hocvu.questions.rules.places import Place

_WITH_OPTIONS = {
    *(Kind.SINGLE, Kind.MULTIPLE, Kind.SITUATION, Kind.IMAGE_CHOICE),
    *(Kind.MATCHING, Kind.STATEMENTS, Kind.ORDERING),
}
_WITH_PARTS = {Kind.TRUE_FALSE, Kind.MATCHING, Kind.STATEMENTS, Kind.CLOZE}
_WITH_RUBRIC = {Kind.ESSAY, Kind.FILE}
_WITH_KEYS = {Kind.SINGLE, Kind.MULTIPLE, Kind.SITUATION, Kind.IMAGE_CHOICE}
_LEAST_ROWS = {"options": 4, "parts": 4, "rubric": 3}
_NEW_ROWS = 2
_MOST_ROWS = 100
_MEDIA_LINE = re.compile(r"([\w.-]{1,100})=([0-9a-f]{64})", re.ASCII)

# Fields of the main form that only these kinds have.
_ONLY_FOR: Mapping[str, set[Kind]] = {
    "situation": {Kind.SITUATION},
    "situation_en": {Kind.SITUATION},
    "accepted": {Kind.NUMERIC, Kind.SHORT_TEXT},
    "case_matters": {Kind.SHORT_TEXT, Kind.CLOZE},
    "tones_matter": {Kind.SHORT_TEXT, Kind.CLOZE},
    "scoring": {Kind.MULTIPLE, *_WITH_PARTS, Kind.ORDERING},
    "shuffle": {*_WITH_OPTIONS, *_WITH_PARTS} - {Kind.CLOZE, Kind.ORDERING},
    "least_words": {Kind.ESSAY},
    "most_words": {Kind.ESSAY},
    "file_kinds": {Kind.FILE},
}
_ROW_FIELDS: Mapping[Kind, set[str]] = {
    Kind.IMAGE_CHOICE: {"picture", "description", "right", "share", "why", "why_en"},
    Kind.ORDERING: {"place"},
    Kind.MATCHING: set(),
    Kind.STATEMENTS: set(),
}
_MARKING = (
    *("scoring", "shuffle", "case_matters", "tones_matter"),
    *("least_words", "most_words", "file_kinds"),
)
_USUAL_ROW = {"right", "share", "why", "why_en"}
_PART_FIELDS: Mapping[Kind, set[str]] = {
    Kind.CLOZE: {"id", "kind", "answers", "why", "why_en"},
    Kind.TRUE_FALSE: {"id", "text", "text_en", "right", "why", "why_en"},
    Kind.MATCHING: {"id", "text", "text_en", "right", "why", "why_en"},
    Kind.STATEMENTS: {"id", "text", "text_en", "right", "why", "why_en"},
}


class MainForm(forms.Form):
    situation = Words(label=_("Situation"), rows=5)
    stem = Words(label=_("Question"), rows=4)
    accepted = Words(
        label=_("Accepted answers, one on a line"),
        rows=3,
        help_text=_(
            "A share, a tolerance and a reason may stand beside an answer: [50 %] 12,5 ± 0,1 # why."
            " In words, * stands for anything."
        ),
    )
    case_matters = forms.BooleanField(label=_("Capital letters matter"), required=False)
    tones_matter = forms.BooleanField(
        label=_("Tones matter: “Ha Noi” is not “Hà Nội”"), required=False
    )
    scoring = forms.ChoiceField(label=_("How points are given"), required=False)
    shuffle = forms.BooleanField(label=_("May be shown in another order"), required=False)
    least_words = forms.IntegerField(
        label=_("Least words"), required=False, min_value=0, max_value=20_000
    )
    most_words = forms.IntegerField(
        label=_("Most words"), required=False, min_value=0, max_value=20_000
    )
    file_kinds = forms.CharField(
        label=_("Kinds of files"), required=False, max_length=100, help_text=".docx .pdf"
    )
    points = forms.DecimalField(
        label=_("Points"), min_value=0, max_value=1_000, max_digits=7, decimal_places=3, initial=1
    )
    feedback = Words(label=_("Explanation shown with the result"))
    situation_en = Words(label=_("Situation in English"), rows=4)
    stem_en = Words(label=_("Question in English"), rows=3)
    feedback_en = Words(label=_("Explanation in English"))
    picture = forms.FileField(
        label=_("A picture for the text"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    description = forms.CharField(label=_("What the picture shows"), required=False, max_length=300)
    pictures = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, kind: Kind, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, kinds in _ONLY_FOR.items():
            if kind not in kinds:
                del self.fields[name]
        if "scoring" in self.fields:
            usual = SCORING_WORDS[usual_scoring(kind)]
            choices = [("", usual), *((each.value, words) for each, words in SCORING_WORDS.items())]
            field = self.fields["scoring"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 — declared above
            field.choices = choices


class Editor:
    """Everything that is typed for one question; `base` is the question as it was opened."""

    def __init__(
        self,
        base: Item,
        *,
        places: Places,
        place: Place = Place(),  # noqa: B008 — it never changes
        media: Mapping[str, str] | None = None,
        seen: str = "",
        data: QueryDict | None = None,
    ) -> None:
        self.base, self.kind = base, base.kind
        if data is not None:
            data = _with_asked_rows(data)
        typed: dict[str, Any] = {"data": data}
        names = {"pictures": media_lines(media or {}), "seen": seen}
        self.main = MainForm(**typed, initial={**initial_of_main(base), **names}, kind=self.kind)
        self.place_form = PlaceForm(**typed, initial=place.__dict__, places=places)
        self.rows = {
            name: _rows(name, base, typed)
            for name, kinds in _KINDS_WITH.items()
            if self.kind in kinds
        }
        self._fit_rows()

    @property
    def options(self) -> Any:
        return self.rows.get("options")

    @property
    def parts(self) -> Any:
        return self.rows.get("parts")

    @property
    def rubric(self) -> Any:
        return self.rows.get("rubric")

    @property
    def marking_fields(self) -> list[forms.BoundField]:
        return [self.main[name] for name in _MARKING if name in self.main.fields]

    @property
    def has_english(self) -> bool:
        return bool(self.base.stem_en or self.base.situation_en or self.base.feedback_en)

    def is_valid(self) -> bool:
        return not self.errors()

    def errors(self) -> list[ErrorDict]:
        forms_ = [self.main, self.place_form, *(row for rows in self.rows.values() for row in rows)]
        return [form.errors for form in forms_ if form.errors]

    def item(self) -> Item:
        """The question as it was typed; only when everything is valid."""
        rows = {name: [row.cleaned_data for row in formset] for name, formset in self.rows.items()}
        return item_as_typed(self.base, self.main.cleaned_data, rows)

    def media(self) -> dict[str, str]:
        return dict(_MEDIA_LINE.findall(self.main.cleaned_data["pictures"]))

    def _fit_rows(self) -> None:
        """Each row keeps the fields its kind has, and offers the answers there are."""
        if self.options is not None:
            kept = {"id", "text", "text_en", *_ROW_FIELDS.get(self.kind, _USUAL_ROW)}
            _keep_fields(self.options, kept)
            for at, row in enumerate(self.options):
                row.letter = letter(at)
        if self.parts is not None:
            _keep_fields(self.parts, _PART_FIELDS[self.kind])
            rows = self.options.total_form_count() if self.options is not None else 0
            offered = TRUE_OR_FALSE if self.kind is Kind.TRUE_FALSE else letters(rows)
            for row in self.parts:
                if "right" in row.fields:
                    row.fields["right"].choices = offered
                if self.kind is Kind.CLOZE:
                    row.fields["id"].widget = forms.TextInput({"autocomplete": "off"})
                    row.fields["id"].label = _("Name of the gap")


_KINDS_WITH = {"options": _WITH_OPTIONS, "parts": _WITH_PARTS, "rubric": _WITH_RUBRIC}
_ROWS: Mapping[str, tuple[type[forms.Form], Any]] = {
    "options": (OptionRow, initial_of_options),
    "parts": (PartRow, initial_of_parts),
    "rubric": (CriterionRow, initial_of_rubric),
}


def _rows(name: str, base: Item, typed: Mapping[str, Any]) -> Any:
    form, initial_of = _ROWS[name]
    initial = initial_of(base)
    extra = max(_LEAST_ROWS[name] - len(initial), 0)
    formset = forms.formset_factory(form, extra=extra, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS)
    # Rows that nobody touched are cleaned like the others.
    whole = {"empty_permitted": False}
    return formset(**typed, initial=initial, prefix=name, form_kwargs=whole)


def _keep_fields(rows: Any, kept: set[str]) -> None:
    for row in rows:
        for name in set(row.fields) - kept:
            del row.fields[name]


def _with_asked_rows(data: QueryDict) -> QueryDict:
    """The form as it was sent, with more rows where a button asks for them."""
    name = f"{data.get('add', '')}-TOTAL_FORMS"
    rows = str(data.get(name, ""))
    if not rows.isdecimal():
        return data
    more = data.copy()
    more[name] = str(min(int(rows) + _NEW_ROWS, _MOST_ROWS))
    return more


def media_lines(media: Mapping[str, str]) -> str:
    return " ".join(f"{name}={sha256}" for name, sha256 in media.items())


def empty_item(kind: Kind) -> Item:
    return Item(kind, "")
