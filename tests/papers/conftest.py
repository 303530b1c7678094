"""The scene of the tests of `exams`, without anybody sitting."""

from exams.conftest import (  # noqa: F401 — the fixtures themselves
    commune,
    framework,
    learner,
    nation,
    officer,
    other_commune,
    paper,
    questions,
    sitting,
    stranger,
    training_class,
)
