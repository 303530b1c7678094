"""The school of the credentials' tests, whose register is inspected."""

from credentials.conftest import *  # noqa: F403 — its scenes are these tests' scenes
