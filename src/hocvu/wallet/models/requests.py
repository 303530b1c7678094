"""What holders ask their issuer to correct, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person


class Subject(models.TextChoices):
    """What on the certificate is wrong."""

    NAME = "name", _("full name")
    BIRTH = "birth", _("date or place of birth")
    UNIT = "unit", _("unit or post")
    OTHER = "other", _("something else")


class CorrectionRequest(models.Model):
    """A holder says what is wrong; a registrar corrects by a decision, or answers why not."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # made with the form: sent twice, asked once
    subject = models.CharField(max_length=5, choices=Subject.choices)
    should_say = models.CharField(max_length=300)
    evidence = models.CharField(max_length=1000)  # which paper shows it; the paper is not kept
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    new_edition = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)  # why it was not corrected

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "client_id"], name="a_form_of_a_holder_asks_once"
            ),
            models.UniqueConstraint(
                fields=["certificate", "subject"],
                condition=Q(settled_at=None),
                name="one_thing_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, new_edition=None, answer="")
                | Q(settled_at__isnull=False, new_edition__isnull=False, answer="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False, new_edition=None)
                    & ~Q(answer="")
                ),
                name="a_request_is_followed_or_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
