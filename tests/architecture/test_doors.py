"""Every page needs a login, but those that are meant for everybody."""

from django.conf import settings
from django.urls import URLPattern, get_resolver

# Anyone may open these without an account. Whoever adds one says here what it shows, and to whom.
PUBLIC = {
    "portal:front": "the movement in figures; no person",
    "classes:scan": "where the code on the screen leads: keeps the moment, asks to sign in",
    "credentials:plug_in": "one unsigned file for the signing plug-in that was sent for it",
    "credentials:published": "which certificates were corrected or revoked, and why; no person",
    "exams:sealed_days": "which days of tests are sealed, and how many attempts; no person",
    "exams:sealed_day": "one day's signed head, and whether a receipt belongs to it; never whose",
    "exams:sealed_day_note": "the signed head of a day as it is, for whoever keeps a copy",
    "people:sign_in": "how one gets in",
    "verification:verify": "type a code or hand in a file",
    "verification:code": "where a certificate's QR code leads; the least that identifies it",
    "verification:offline": "checks a QR code's statement on the device; sends nothing",
    "verification:manifest": "what a browser needs to keep that page",
    "verification:worker": "what a browser needs to keep that page",
    "verification:log": "the published log; salted hashes, no person",
    "verification:status": "which places of a list are revoked; no person",
    "verification:snapshot": "which places of every list are revoked; no person",
    "verification:issuers": "public keys",
    "verification:roots": "public certificates of authorities",
    "verification:register_key": "public keys",
    "verification:did": "public keys",
    "verification:bulk": "many codes at once by a workbook; answers as the single page does",
    "verification:api": "the same for programs",
    "verification:programs": "how programs ask; no person",
    "verification:description": "how programs ask, for programs; no person",
    "wallet:open": "a holder shows certificates to whoever has the link; the least that is needed",
    "wallet:open_file": "the signed file, where the holder shows it, too",
    "wallet:achievement": "what a programme's certificate stands for; no person",
    "wallet:issuer": "who issues certificates; no person",
    "wallet:image": "a picture",
    "set_language": "Vietnamese or English, signed in or not",
}


def _pages(resolver=None, names=()):
    """Every (full name, view) below a resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*names, entry.name or str(entry.pattern)]), entry.callback
        else:
            yield from _pages(entry, (*names, *filter(None, [entry.namespace])))


def _needs_login(view):
    return getattr(view, "login_required", True)  # as LoginRequiredMiddleware asks


def test_the_guard_stands_at_the_door():
    guard = "django.contrib.auth.middleware.LoginRequiredMiddleware"

    assert guard in settings.MIDDLEWARE


def test_only_the_listed_pages_are_public():
    public = {name for name, view in _pages() if not _needs_login(view)}

    assert public - set(PUBLIC) == set()


def test_every_listed_page_is_public():
    """Somebody with a certificate in hand must not meet a sign-in form."""
    public = {name for name, view in _pages() if not _needs_login(view)}

    assert set(PUBLIC) - public == set()


def test_every_page_has_a_name_of_its_own():
    names = [name for name, _ in _pages()]

    assert sorted({name for name in names if names.count(name) > 1}) == []
