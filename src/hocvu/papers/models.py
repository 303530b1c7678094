"""Papers: fixed lists of questions, or blueprints from which each attempt draws its own.

Their tables are named as they were when `exams` kept them: what runs hot reads them by SQL.
"""

from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Q

from hocvu.competency.models import Framework
from hocvu.papers.rules.showing import ShowsKey
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.units.models import Unit

_SHOWS_KEY: dict[str, Any] = {
    "max_length": 11,
    "default": ShowsKey.WHEN_CLOSED.value,
    "db_default": ShowsKey.WHEN_CLOSED.value,
}


class PaperPreset(models.Model):
    """The shape a document prescribes for a test, with the dates it is in force."""

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    questions = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    pass_mark = models.CharField(max_length=12)
    attempts_allowed = models.PositiveSmallIntegerField(null=True)  # none: as often as they like
    shuffle = models.BooleanField(default=True)
    shows_key = models.CharField(**_SHOWS_KEY)  # see hocvu.papers.rules.showing
    issued_by = models.CharField(max_length=250)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    class Meta:
        db_table = "exams_paperpreset"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_preset_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """One version of a test: its questions, minutes and pass mark (an exact share, "7/10").

    A paper with blueprint cells is drawn anew for each attempt; one without is fixed.
    """

    log_label = "exams.paper"  # papers were first kept there, and a name in the log stays

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField()
    pass_mark = models.CharField(max_length=12)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6)
    shuffle = models.BooleanField(default=True)
    shows_key = models.CharField(**_SHOWS_KEY)
    preset = models.ForeignKey(PaperPreset, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+"
    )  # none: everybody's
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exams_paper"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_paper_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def required_share(self) -> Fraction:
        return Fraction(self.pass_mark)

    @property
    def shows_key_at_once(self) -> bool:
        return self.shows_key == ShowsKey.AT_ONCE


class PaperSection(models.Model):
    """A part of a paper with a title of its own; sections are never shuffled among each other."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "exams_papersection"
        ordering = ["paper_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"], name="a_section_has_its_place_in_a_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.position}"


class PaperQuestion(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="paper_questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    section = models.ForeignKey(PaperSection, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "exams_paperquestion"
        ordering = ["paper_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "question"], name="a_question_stands_once_in_a_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.position}"


class BlueprintCell(models.Model):
    """So many questions of one component, level and topic; an empty field means any."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="cells")
    section = models.ForeignKey(PaperSection, models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    component_code = models.CharField(max_length=12, blank=True)
    level = models.CharField(max_length=6, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    questions = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "exams_blueprintcell"
        ordering = ["paper_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"], name="a_cell_has_its_place_in_a_blueprint"
            ),
            models.CheckConstraint(condition=Q(questions__gt=0), name="a_cell_asks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.position}: {self.questions}"


class QuestionExposure(models.Model):
    """How many attempts have shown a question, folded from the attempts by a job."""

    question = models.OneToOneField(Question, models.PROTECT, related_name="+", primary_key=True)
    shown = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "exams_questionexposure"

    def __str__(self) -> str:
        return f"{self.question_id}: {self.shown}"
