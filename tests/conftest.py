"""What every test may lean on: a real PostgreSQL, and a small scene to act in."""

import pytest
from django.db import connections

from hocvu.config import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Start the embedded server of the tests (or use the one named by DATABASE_URL)."""
    import os

    if "DATABASE_URL" not in os.environ:
        from hocvu.config.settings import _database

        settings = connections["default"].settings_dict
        named = _database(embedded.start("test-postgres"))
        settings["HOST"], settings["PORT"], settings["USER"] = (
            named["HOST"],
            named["PORT"],
            named["USER"],
        )
    # A pool outlives the thread that opened it; tests open and close their own connections.
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)


@pytest.fixture(autouse=True)
def jobs_end_with_their_test(request: pytest.FixtureRequest, _django_db_marker: None):
    """A test that commits is cleaned up table by table; the queue's tables are not Django's."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connections["default"].cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
