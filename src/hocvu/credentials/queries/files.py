"""A certificate's file as it is handed out today: as issued, with what was added to keep it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from hocvu.credentials.models import ArchivedFile, ArchiveRun, Certificate, RemadeFile
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

_KEPT = ArchivedFile.objects.filter(certificate=OuterRef("pk")).order_by("-ordinal")


def newest_file(certificate: Certificate) -> bytes:
    """The file as it was last made anew; or as issued, with every archive time stamp behind it.

    The older ones stay valid: those with fewer stamps stand whole in front.
    """
    remade = RemadeFile.objects.filter(certificate=certificate).select_related("form")
    if (newest := remade.order_by("-pk").first()) is not None:
        return newest.file
    return provable_file(certificate)


def provable_file(certificate: Certificate) -> bytes:
    """The file as issued, with every archive time stamp behind it."""
    added = ArchivedFile.objects.filter(certificate=certificate, ordinal__gt=0).order_by("ordinal")
    return certificate.file + b"".join(each.added for each in added)


def not_yet_examined() -> QuerySet[Certificate]:
    """Certificates of which nobody has looked until when they can be proved."""
    kept = ArchivedFile.objects.filter(certificate=OuterRef("pk"))
    return Certificate.objects.filter(~Exists(kept)).order_by("pk")


def ending_before(moment: datetime) -> QuerySet[ArchivedFile]:
    """The newest states of files whose proof ends before a moment, the first to end first."""
    newer = ArchivedFile.objects.filter(
        certificate=OuterRef("certificate"), ordinal__gt=OuterRef("ordinal")
    )
    return (
        ArchivedFile.objects.filter(~Exists(newer), protected_until__lt=moment)
        .select_related("certificate__form")
        .order_by("protected_until", "certificate")
    )


def certificates_kept_open_to(person: Person) -> QuerySet[Certificate]:
    """The register within reach, with `protected_until` and `stamps`, the archive time stamps."""
    reach = scope_of(person).reach(
        Permission.SEE_CERTIFICATES, "entry__decision__training_class__host_unit"
    )
    newest = ArchivedFile.objects.filter(certificate=OuterRef("pk")).order_by("-ordinal")
    return (
        Certificate.objects.filter(reach)
        .annotate(
            protected_until=Subquery(newest.values("protected_until")[:1]),
            stamps=Subquery(newest.values("ordinal")[:1]),
        )
        .defer("stored_file", "tail")
        .select_related("entry__decision", "correction", "issuer")
    )


@dataclass(frozen=True)
class Keeping:
    """How the files within reach stand."""

    kept: int  # can be proved beyond the day on which they would be renewed
    due: int  # end before it
    unknown: int  # nobody has looked yet
    last_run: ArchiveRun | None


def keeping(person: Person, *, renewed_before: datetime) -> Keeping:
    """The figures of what a person sees."""
    path = "entry__decision__training_class__host_unit"
    scope = scope_of(person)
    all_of = Certificate.objects.filter(scope.reach(Permission.SEE_CERTIFICATES, path)).count()
    within = scope.reach(Permission.SEE_CERTIFICATES, f"certificate__{path}")
    examined = ArchivedFile.objects.filter(within, ordinal=0).count()
    due = ending_before(renewed_before).filter(within).count()
    last_run = ArchiveRun.objects.order_by("-begun_at", "-pk").first()
    return Keeping(examined - due, due, all_of - examined, last_run)
