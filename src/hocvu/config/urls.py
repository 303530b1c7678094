"""Root addresses. Each room names its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("hocvu.verification.urls")),  # first: the whole country asks these
    path("", include("hocvu.portal.urls")),
    path("", include("hocvu.people.urls")),
    path("", include("hocvu.classes.urls")),
    path("", include("hocvu.questions.urls")),
    path("", include("hocvu.papers.urls")),
    path("", include("hocvu.exams.urls")),
    path("", include("hocvu.marking.urls")),
    path("", include("hocvu.situations.urls")),
    path("", include("hocvu.measurement.urls")),
    path("", include("hocvu.competency.urls")),
    path("", include("hocvu.stationery.urls")),
    path("", include("hocvu.wallet.urls")),
    path("", include("hocvu.recognition.urls")),
    path("", include("hocvu.credentials.urls")),
    path("", include("hocvu.inspection.urls")),
    path("", include("hocvu.campaigns.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
]
