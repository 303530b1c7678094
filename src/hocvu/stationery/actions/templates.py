"""Writing templates and putting them in use: one person writes, another puts in use."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.stationery import policies
from hocvu.stationery.models import CertificateTemplate, Kind, TemplateVersion
from hocvu.stationery.queries.checks import checks_of
from hocvu.stationery.rules.look import complete_look, flaws_of
from hocvu.units.models import Unit


class VersionIsKept(NotPossible):
    """A version that was put in use is never changed."""


class DraftHasChanged(NotPossible):
    """Somebody else wrote in this draft in the meantime."""


class DraftStands(NotPossible):
    """A template has one draft at a time."""


class NameIsTaken(NotPossible):
    """The issuer has a template of this kind and name."""


class LookIsFlawed(NotPossible):
    """A parameter of the look is empty, too long or too pale."""


class TemplateDoesNotPrint(NotPossible):
    """Sample texts do not print on the template as they should."""


class DayIsOver(NotPossible):
    """A template is put in use or retired from today on, never backwards."""


@transaction.atomic
def start_template(
    issuer: Unit,
    kind: Kind,
    name: str,
    *,
    based_on: TemplateVersion,
    by: Person,
    at: datetime,
) -> TemplateVersion:
    """Begin a template of an issuer from another version; its first draft."""
    _may_design(by, issuer)
    if CertificateTemplate.objects.filter(issuer=issuer, kind=kind, name=nfc(name)).exists():
        raise NameIsTaken(
            _("%s already has a template of this kind with this name.") % issuer.name,
            _("Choose another name, or write a new version of that template."),
        )
    template = CertificateTemplate.objects.create(
        issuer=issuer, kind=kind, name=nfc(name), made_at=at, made_by=by
    )
    version = TemplateVersion.objects.create(
        template=template,
        number=1,
        source=based_on.source,
        look=based_on.look,
        written_at=at,
        written_by=by,
    )
    record("template_started", template, by=by, at=at, version_id=version.pk)
    return version


@transaction.atomic
def start_version(
    template: CertificateTemplate, *, based_on: TemplateVersion, by: Person, at: datetime
) -> TemplateVersion:
    """Begin the next version of a template; the draft that stands already, if it is one's own."""
    locked = CertificateTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    _may_design(by, locked.issuer)
    draft = locked.versions.filter(approved_at=None).first()
    if draft is not None:
        raise DraftStands(
            _("This template already has a draft: version %d.") % draft.number,
            _("Go on writing that draft, or give it up first."),
        )
    last = locked.versions.aggregate(last=Max("number"))["last"]
    version = TemplateVersion.objects.create(
        template=locked,
        number=last + 1,
        source=based_on.source,
        look=based_on.look,
        written_at=at,
        written_by=by,
    )
    record("template_version_started", version, by=by, at=at, based_on=based_on.pk)
    return version


@transaction.atomic
def write_version(
    version: TemplateVersion,
    *,
    source: str,
    look: Mapping[str, Any],
    seen_at: datetime,
    by: Person,
    at: datetime,
) -> TemplateVersion:
    """Keep what was written in a draft. `seen_at` is when the draft they saw had been written."""
    draft = _locked(version)
    _may_design(by, draft.template.issuer)
    _still_a_draft(draft)
    if draft.written_at != seen_at:
        raise DraftHasChanged(
            _("Somebody else has written in this draft in the meantime."),
            _("Copy what you wrote, open the draft again and put it in there."),
        )
    full = complete_look(look)
    if flaws_of(full):
        raise LookIsFlawed(
            _("A parameter of this template is empty, too long, or a colour that is too pale."),
            _("Correct the fields that are marked."),
        )
    draft.source = source.replace("\r\n", "\n")
    draft.look = full
    draft.written_at, draft.written_by = at, by
    draft.save(update_fields=["source", "look", "written_at", "written_by"])
    record("template_version_written", draft, by=by, at=at)
    return draft


@transaction.atomic
def give_up_draft(version: TemplateVersion, *, by: Person, at: datetime) -> None:
    """Throw a draft away. A template that never had another version goes with it."""
    draft = _locked(version)
    _may_design(by, draft.template.issuer)
    _still_a_draft(draft)
    template = draft.template
    record("template_draft_given_up", draft, by=by, at=at, template_id=template.pk)
    draft.delete()
    if not template.versions.exists():
        template.delete()


def put_in_use(
    version: TemplateVersion, *, effective_from: date, by: Person, at: datetime
) -> TemplateVersion:
    """Put a draft in use from a day on. Only somebody who did not write it may.

    Everything the designer shows as a check is done once more first: setting the pages takes a
    few seconds, so it happens before anything is locked.
    """
    _may_put_in_use(by, version)
    _not_backwards(effective_from, at)
    if faults := [each for each in checks_of(version, at=at) if not each.passed]:
        raise TemplateDoesNotPrint(
            _("The template does not print as it should: %s") % faults[0].sentence,
            _("Correct the draft, look at its checks, then put it in use."),
        )
    with transaction.atomic():
        draft = _locked(version)
        _may_put_in_use(by, draft)
        _still_a_draft(draft)
        if draft.written_at != version.written_at:
            raise DraftHasChanged(
                _("Somebody else has written in this draft in the meantime."),
                _("Look at the draft again before you put it in use."),
            )
        draft.approved_at, draft.approved_by = at, by
        draft.effective_from = effective_from
        draft.save(update_fields=["approved_at", "approved_by", "effective_from"])
        record(
            "template_put_in_use", draft, by=by, at=at, effective_from=effective_from.isoformat()
        )
    return draft


@transaction.atomic
def retire_version(
    version: TemplateVersion, *, retired_on: date, reason: str, by: Person, at: datetime
) -> TemplateVersion:
    """Take a version out of use from a day on; what was in use before it counts again."""
    locked = _locked(version)
    _may_design(by, locked.template.issuer)
    if locked.is_draft or locked.retired_on is not None:
        raise VersionIsKept(_("Only a version that is in use can be taken out of use."))
    _not_backwards(retired_on, at)
    locked.retired_on, locked.retired_by = retired_on, by
    locked.save(update_fields=["retired_on", "retired_by"])
    record("template_retired", locked, by=by, at=at, reason=reason)
    return locked


def _locked(version: TemplateVersion) -> TemplateVersion:
    return (
        TemplateVersion.objects.select_for_update(of=("self",))
        .select_related("template__issuer")
        .get(pk=version.pk)
    )


def _may_design(by: Person, issuer: Unit | None) -> None:
    if not policies.can_design_for(by, issuer):
        raise NotAllowed(
            _("Only a registrar of the issuing unit can write its templates."),
            _("To change a template that came with the system, begin your own from it."),
        )


def _may_put_in_use(by: Person, version: TemplateVersion) -> None:
    if not policies.can_put_in_use(by, version):
        raise NotAllowed(
            _("A template is put in use by somebody who approves decisions and did not write it."),
            _("Ask another registrar or a leader of the unit."),
        )


def _still_a_draft(version: TemplateVersion) -> None:
    if not version.is_draft:
        raise VersionIsKept(
            _("Version %d was put in use and is never changed.") % version.number,
            _("Begin a new version from it."),
        )


def _not_backwards(day: date, at: datetime) -> None:
    if day < day_of(at):
        raise DayIsOver(_("The day must not lie in the past."), _("Choose today or a later day."))
