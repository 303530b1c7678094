"""The school of the credentials' tests, and what signs for it."""

from credentials.conftest import *  # noqa: F403 — its scenes are these tests' scenes
