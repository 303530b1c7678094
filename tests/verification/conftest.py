"""The school of the credentials' tests, whose certificates strangers verify."""

from credentials.conftest import *  # noqa: F403 — its scenes are these tests' scenes
