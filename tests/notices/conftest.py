"""Kinds of notices that only these tests know, and a mail server that listens here."""

import pytest

from hocvu.notices.rules import kinds
from hocvu.notices.rules.kinds import Kind, Words, register_kind
from notices.mail_server import mail_server


def words(facts):
    number = facts.get("number", 1)
    return Words(
        f"Decision {number}", f"It is decided: {number}.", "It holds.", "Read it.", f"/d/{number}/"
    )


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_page", [])
    register_kind(Kind("decided", words))
    register_kind(Kind("alarmed", words, is_urgent=True))


@pytest.fixture
def server(settings):
    """The settings name it as the mail server; a step of talking to it takes a second at most."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 1
        yield running
