"""Signing in and out, one's own account."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hocvu.kernel.errors import NotPossible
from hocvu.people.actions import PasswordIsTheSame, change_password, sign_in
from hocvu.people.forms import PasswordForm, SignInForm
from hocvu.people.models import Account, SignedInRequest
from hocvu.people.queries.people import record_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
_HOME = "portal:home"


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("password")], "dispatch"
)
class SignIn(View):
    """A refusal is answered in the form itself, with status 422."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Account):
            return HttpResponseRedirect(_after_sign_in(request, request.user))
        return self._page(request, SignInForm(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            account = sign_in(
                form.cleaned_data["username"], form.cleaned_data["password"], at=now()
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
            return self._page(request, form, 422)
        login(request, account, backend=BACKEND)
        return HttpResponseRedirect(_after_sign_in(request, account), status=303)

    def _page(self, request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
        context = {
            "form": form,
            "next": request.POST.get("next", request.GET.get("next", "")),
            "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        }
        return render(request, "people/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is here."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else resolve_url(_HOME)


def _after_sign_in(request: HttpRequest, account: Account) -> str:
    """A password that somebody else issued is changed first; then on to where one wanted to go."""
    if not account.must_change_password:
        return _next(request)
    return f"{reverse('people:change_password')}?{urlencode({'next': _next(request)})}"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("portal:front"), status=303)


def account(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    record = record_of(person)
    post = record.main_post
    facts = [
        (_("Sign-in name"), request.user.username),
        (_("Date of birth"), person.birth_text),
        (_("Identity number"), person.identity_number),
        (_("Unit"), post.unit.name if post else ""),
        (_("Post"), post.title if post else ""),
        (_("Telephone"), person.phone),
        (_("E-mail"), person.email),
    ]
    return render(request, "people/account.html", {"record": record, "facts": facts})


@method_decorator([never_cache, sensitive_post_parameters("present", "new", "again")], "dispatch")
class ChangePassword(View):
    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request, PasswordForm(), 200)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = PasswordForm(request.POST)
        if form.is_valid():
            onwards = f"{reverse('people:account')}?changed=1"
            if request.user.must_change_password:
                onwards = _next(request)
            try:
                change_password(
                    request.user, form.cleaned_data["present"], form.cleaned_data["new"], at=now()
                )
            except PasswordIsTheSame as refused:
                form.add_error("new", str(refused))
            except NotPossible as refused:
                form.add_error("present", str(refused))
            else:
                request.user.refresh_from_db()
                update_session_auth_hash(request, request.user)
                return HttpResponseRedirect(onwards, status=303)
        return self._page(request, form, 422)

    def _page(self, request: SignedInRequest, form: PasswordForm, status: int) -> HttpResponse:
        context = {
            "form": form,
            "next": request.POST.get("next", request.GET.get("next", "")),
            "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        }
        return render(request, "people/password.html", context, status=status)
