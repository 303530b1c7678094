"""The school of the credentials' tests, and what its learners do with their certificates."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from credentials.conftest import *  # noqa: F403 — its scenes are these tests' scenes
from credentials.recognition_scene import NOON
from hocvu.credentials.actions import revoke_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.wallet.actions import make_share
from hocvu.wallet.rules.shares import Terms


@pytest.fixture
def holder(learners):
    """Whose certificate is `certificate`."""
    return learners[0]


@pytest.fixture
def terms():
    return Terms("Hồ sơ bổ nhiệm", NOON + timedelta(days=7), with_file=False)


@pytest.fixture
def share_of(terms, holder):
    """Make a link to these certificates, as their holder."""

    def made(*certificates, by=holder, at=NOON, client_id=None, terms=terms):
        return make_share(list(certificates), terms, client_id=client_id or uuid4(), by=by, at=at)

    return made


@pytest.fixture
def share(share_of, certificate):
    return share_of(certificate)


@pytest.fixture
def revoke(registrar):
    ruling = Ruling("09/QĐ-TCT", NOON.date(), "lent", "")
    return partial(revoke_certificate, ruling=ruling, by=registrar, at=NOON)
