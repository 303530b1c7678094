"""Links under which a holder shows certificates for a while, and when they were opened."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person
from hocvu.wallet.rules.shares import MOST_DAYS


class Share(models.Model):
    """A link that shows certificates for one purpose until a moment.

    The link itself is not kept: `seed` and the installation's key make it, and only its hash is
    here to find it by. Whoever reads this table can open nothing.
    """

    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # made with the form: sent twice, made once
    purpose = models.CharField(max_length=200)
    with_file = models.BooleanField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    seed = models.BinaryField()
    token_sha256 = models.BinaryField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "client_id"], name="a_form_of_a_holder_makes_one_share"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_share_says_what_it_is_for"),
            models.CheckConstraint(
                condition=Q(
                    expires_at__gt=F("made_at"),
                    expires_at__lte=F("made_at") + timedelta(days=MOST_DAYS + 1),
                ),
                name="a_share_ends_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class SharedCertificate(models.Model):
    """One certificate of a share, at its place on the page."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="shown")
    position = models.PositiveSmallIntegerField()
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["share_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["share", "position"], name="positions_are_unique_in_a_share"
            ),
            models.UniqueConstraint(
                fields=["share", "certificate"], name="a_share_shows_a_certificate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_id}/{self.position}"


class Way(models.TextChoices):
    """What somebody did with a link. Who it was is never kept."""

    PAGE = "page", _("the page was opened")
    FILE = "file", _("a file was downloaded")


class ShareOpening(models.Model):
    """How often a link was used in one minute; nothing of who used it."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="openings")
    minute = models.DateTimeField()
    way = models.CharField(max_length=4, choices=Way.choices)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["share", "minute", "way"], name="openings_are_counted_once_a_minute"
            ),
        ]
        indexes = [models.Index(fields=["minute"], name="openings_by_minute")]

    def __str__(self) -> str:
        return f"{self.share_id} {self.minute}: {self.count}"
