from datetime import date

import pytest

from hocvu.portable.statement import StatementFacts
from portable.sessions import KeyInMemory


@pytest.fixture(scope="session")
def session():
    return KeyInMemory()


@pytest.fixture(scope="session")
def key(session):
    return session.public()


@pytest.fixture
def facts():
    return StatementFacts(
        holder_name="Nguyễn Thị Ánh Tuyết",
        serial_number="HVCTQG-2026-000123",
        programme_code="ai-automation-state-agencies",
        issued_on=date(2026, 2, 5),
        status_place=1_234_567,
    )
