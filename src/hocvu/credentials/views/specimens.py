"""Certificates of a proposed decision, looked at before anybody approves it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvu.credentials.queries.specimens import Specimen, specimen_among, specimen_of
from hocvu.credentials.queries.texts import specimen
from hocvu.people.models import SignedInRequest
from hocvu.recognition.models import Proposal, ResultLine
from hocvu.recognition.queries.proposals import lines_of, proposals_open_to

_PIXELS_PER_INCH = 130  # a name is read on a phone, and a picture stays under half a megabyte


def look(request: SignedInRequest, proposal_id: int, line_id: int) -> HttpResponse:
    """One certificate as it will print, with the way to those that are as tight."""
    proposal, line = _line_or_404(request, proposal_id, line_id)
    shown = specimen_among(proposal, line)
    context = {"proposal": proposal, "line": line, "specimen": shown, "facts": _facts(shown)}
    return render(request, "credentials/specimen.html", context)


def page(request: SignedInRequest, proposal_id: int, line_id: int) -> HttpResponse:
    """The same as a PDF file, to be printed on paper and laid beside a blank."""
    proposal, line = _line_or_404(request, proposal_id, line_id)
    issuer = proposal.training_class.host_unit
    made = specimen(specimen_of(proposal, line), issuer, at=timezone.now())
    response = _kept_by_nobody(HttpResponse(made, content_type="application/pdf"))
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return response


def picture(request: SignedInRequest, proposal_id: int, line_id: int) -> HttpResponse:
    """The same as an image, which every phone shows inside the page."""
    proposal, line = _line_or_404(request, proposal_id, line_id)
    issuer = proposal.training_class.host_unit
    made = specimen(
        specimen_of(proposal, line), issuer, at=timezone.now(), pixels_per_inch=_PIXELS_PER_INCH
    )
    return _kept_by_nobody(HttpResponse(made, content_type="image/png"))


def _line_or_404(
    request: SignedInRequest, proposal_id: int, line_id: int
) -> tuple[Proposal, ResultLine]:
    proposal = get_object_or_404(proposals_open_to(request.user.person), pk=proposal_id)
    return proposal, get_object_or_404(lines_of(proposal), pk=line_id)


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _facts(shown: Specimen) -> list[tuple[str, object]]:
    """What the register will say of the holder, printed or not."""
    holder = shown.holder
    sex = {"male": _("male"), "female": _("female")}.get(holder.sex, "")
    return [
        (_("Name"), holder.full_name),
        (_("Date of birth"), holder.birth_text),
        (_("Place of birth"), holder.birth_place),
        (_("Sex"), sex),
        (_("Nationality"), holder.nationality),
        (_("Post"), holder.post_title),
        (_("Unit"), holder.unit_name),
    ]
