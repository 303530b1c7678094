"""Django's settings. What differs between machines comes from the environment."""

import contextlib
import logging
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

import hocvu_verifier
from hocvu.config import embedded

PACKAGE = Path(__file__).resolve().parent.parent
HOME = embedded.home()


def _database(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?host=/socket/folder` as Django wants it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }


def _email(url: str) -> dict[str, Any]:
    """`smtp://user:password@host:587/?tls=starttls`, `smtps://host:465`, or a folder of files."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("HOCVU_EMAIL begins with smtp://, smtps:// or file://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parse_qs(parts.query).get("tls") == ["starttls"],
    }


def _secret_key() -> str:
    """The installation's key: from the environment, or made once and kept in the data folder."""
    if "HOCVU_SECRET_KEY" in os.environ:
        return os.environ["HOCVU_SECRET_KEY"]
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=HOME, prefix=".secret-key-")  # mode 0600
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was first: its key holds
            os.link(unfinished, file)
        Path(unfinished).unlink()
    return file.read_text()


DEBUG = os.environ.get("HOCVU_DEBUG") == "1"
SECRET_KEY = _secret_key()
SITE_ADDRESS = os.environ.get("HOCVU_SITE", "http://127.0.0.1:8000").rstrip("/")
_SITE = urlsplit(SITE_ADDRESS)
ALLOWED_HOSTS = [_SITE.hostname or "127.0.0.1", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

# Lower floors first: Django finds templates and catalogues in this order reversed by need.
INSTALLED_APPS = [
    "hocvu.ui",
    "hocvu.audit",
    "hocvu.notices",
    "hocvu.units",
    "hocvu.people",
    "hocvu.competency",
    "hocvu.questions",
    "hocvu.courses",
    "hocvu.classes",
    "hocvu.papers",
    "hocvu.exams",
    "hocvu.marking",
    "hocvu.recognition",
    "hocvu.situations",
    "hocvu.measurement",
    "hocvu.stationery",
    "hocvu.trust",
    "hocvu.credentials",
    "hocvu.verification",
    "hocvu.inspection",
    "hocvu.wallet",
    "hocvu.campaigns",
    "hocvu.portal",
    "hocvu.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "template_partials",
    "django_htmx",
]

# Short on purpose: middleware costs more than templates (see docs/decisions).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hocvu.config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hocvu.config.middleware.OwnPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hocvu.config.middleware.IdleMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hocvu.config.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "hocvu.config.urls"
WSGI_APPLICATION = "hocvu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hocvu.ui.navigation.navigation",
            ],
        },
    },
]

DATABASES = {
    "default": _database(
        os.environ.get("DATABASE_URL", f"postgresql://postgres@/postgres?host={HOME / 'postgres'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:front"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},  # TCVN 14423:2026: at least 14 without a second factor
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 15 * 60  # TCVN 14423:2026: a session locks after 15 idle minutes
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SITE.scheme == "https"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["hocvu.config.formats"]
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # filled at set-up
_IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WEB_FONTS = HOME / "web-fonts"
# Where faces as wide as Times New Roman may lie (Decree 30/2020, annex I): see `document_face`.
DOCUMENT_FONTS = tuple(
    Path(each)
    for each in os.environ.get(
        "HOCVU_DOCUMENT_FONTS",
        "/usr/share/fonts/truetype/croscore:/usr/share/fonts/truetype/liberation2",
    ).split(":")
)
WEB_FONTS.mkdir(parents=True, exist_ok=True)  # filled at set-up
STATICFILES_DIRS = [
    ("ui/fonts", WEB_FONTS),
    ("verification/js/verifier", Path(hocvu_verifier.__file__).parent / "web"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "hocvu.config.statics.HashedFiles"
            if _IS_COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not _IS_COLLECTED

# Networks of the proxies in front; only they are believed about where a request comes from.
TRUSTED_PROXIES = [each for each in os.environ.get("HOCVU_PROXIES", "").split(",") if each]

DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Without a mail server, messages are files in the data folder: a demonstration sends none.
globals().update(_email(os.environ.get("HOCVU_EMAIL", (HOME / "mail").as_uri())))
EMAIL_TIMEOUT = 10  # seconds, for each step of talking to the mail server
DEFAULT_FROM_EMAIL = os.environ.get(
    "HOCVU_EMAIL_FROM", f"Học vụ <no-reply@{_SITE.hostname or 'localhost'}>"
)

AUTHORITY_FOLDER = HOME / "authority"
REGISTER_FOLDER = HOME / "register"
REGISTER_ORIGIN = os.environ.get("HOCVU_REGISTER_ORIGIN", "register.hocvu.example")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "actions"
PROCRASTINATE_ON_APP_READY = None

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(
        logging.getLevelNamesMapping()[os.environ.get("HOCVU_LOG", "INFO")]
    ),
    logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "WARNING"},
    },
}
