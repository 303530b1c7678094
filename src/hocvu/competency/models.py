"""Frameworks, components and results."""

from django.db import models
from django.db.models import F, Q

from hocvu.people.models import Person


class Framework(models.Model):
    """A competence framework as its issuing document defines it, with the dates it is in force."""

    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    issued_by = models.CharField(max_length=250)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    levels = models.JSONField(
        default=list
    )  # [{"code": "CB1", "name_vi": …, "name_en": …}, …] upwards

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_framework_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """One component competence of a framework, such as 1.2 or 6.3."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="components")
    code = models.CharField(max_length=12)
    domain = models.CharField(max_length=250)
    domain_en = models.CharField(max_length=250)
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"], name="a_component_code_is_unique_in_its_framework"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ResultQuerySet(models.QuerySet["Result"]):
    def standing(self) -> "ResultQuerySet":
        """Without those that were withdrawn."""
        return self.filter(withdrawal=None)


class Result(models.Model):
    """What one marked assessment showed about a person.

    Never changed: where it turns out wrong it is withdrawn, and a new one follows.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6)
    passed = models.BooleanField()
    points = models.DecimalField(max_digits=8, decimal_places=3)
    out_of = models.DecimalField(max_digits=8, decimal_places=3)
    assessed_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    evidence = models.CharField(max_length=60, unique=True)  # `exams.attempt:123`

    objects = ResultQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "framework", "assessed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(out_of__gt=0, points__gte=0, points__lte=F("out_of")),
                name="points_lie_between_zero_and_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} {self.level}"


class ResultWithdrawal(models.Model):
    """A result counts no more: its key was wrong, its attempt was voided. Written once."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=600)
    withdrawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.result_id}: {self.reason}"


class ComponentResult(models.Model):
    """The part of a result that belongs to one component."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="components")
    component = models.ForeignKey(Component, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=8, decimal_places=3)
    out_of = models.DecimalField(max_digits=8, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["result", "component"], name="a_component_counts_once_in_a_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.component_id}"
