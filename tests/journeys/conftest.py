"""What journeys lean on: an authority and a register of their own, and an empty cache."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from hocvu.stationery.actions.packaged import load_templates
from hocvu.trust.actions import set_up_trust
from hocvu.trust.queries.believed import DID_FILE, ISSUERS_FILE


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("authority")


@pytest.fixture
def trust(db, settings, authority_folder, tmp_path):
    """The development authority of these tests, and a register nobody has published yet."""
    settings.AUTHORITY_FOLDER = authority_folder
    settings.REGISTER_FOLDER = tmp_path / "register"
    for published in (ISSUERS_FILE, DID_FILE):  # by another test, with these keys
        (authority_folder / published).unlink(missing_ok=True)
    set_up_trust(at=timezone.now())
    load_templates(at=timezone.now())


@pytest.fixture(autouse=True)
def unprepared_static_files(settings):
    """A fresh clone has collected no static files yet; its pages work all the same."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def empty_cache():
    """Counted verifications and drawn maps outlive no test."""
    cache.clear()
