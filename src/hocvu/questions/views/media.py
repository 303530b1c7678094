"""Pictures of questions, by the hash of their bytes."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from hocvu.people.models import SignedInRequest
from hocvu.questions.models import QuestionMedia

_YEAR = 365 * 24 * 60 * 60  # seconds


@require_safe
def media(request: SignedInRequest, sha256: str) -> HttpResponse:  # noqa: ARG001 — signed in
    """Any signed-in person who knows the hash: learners are shown it with their question.

    The type was decided by the picture's first bytes; nothing here can run as a page.
    """
    picture = get_object_or_404(QuestionMedia, sha256=sha256)
    response = HttpResponse(bytes(picture.content), content_type=picture.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response
