"""The page that checks without a network, and what a browser needs to keep it."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hocvu.verification.views.public import cacheable, language_of
from hocvu.verification.views.rendering import tag_of

# Everything the page is made of. The names are those of static files.
PARTS = (
    "ui/lamp.svg",
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/components.css",
    "ui/css/print.css",
    "ui/js/theme-switch.js",
    "ui/js/confirm-once.js",
    "ui/js/filter-rows.js",
    "ui/js/leave-device.js",
    "ui/js/tick-all.js",
    "ui/fonts/BeVietnamPro-Regular.woff2",
    "django_htmx/htmx-2.min.js",
    "verification/css/verification.css",
    "verification/js/offline-check.js",
    "verification/js/statement-reader.js",
    "verification/js/checking.js",
    *(
        f"verification/js/verifier/{module}.js"
        for module in ("verify", "cbor", "issuers", "status", "refusals")
    ),
)


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Scan, paste or open a QR code's content; nothing leaves the device."""
    language = language_of(request)
    with translation.override(language):
        body = render_to_string("verification/offline.html", {"language": language}).encode()
    return cacheable(request, (body, tag_of(body)))


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """So that the page can be installed (W3C Web Application Manifest)."""
    language = language_of(request)
    start = reverse("verification:offline")
    with translation.override(language):
        said = {
            "name": _("Verify a certificate"),
            "short_name": _("Verify"),
            "lang": language,
            "start_url": f"{start}?lang={language}",
            "scope": start,
            "id": start,
            "display": "standalone",
            "background_color": "#FBF8F3",
            "theme_color": "#FBF8F3",
            "icons": [{"src": static("ui/lamp.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
    response = JsonResponse(said, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@login_not_required
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker: which parts to keep, and where its code is."""
    start = reverse("verification:offline")
    kept = {
        "pages": [f"{start}?lang={language}" for language in ("vi", "en")],
        "parts": [static(part) for part in PARTS],
        "fresh": [reverse("verification:issuers"), reverse("verification:snapshot")],
        "start": start,
    }
    code = static("verification/js/worker.js")
    script = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(code)});\n"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
