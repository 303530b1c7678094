"""The scene of the tests of `credentials`: what is proposed has to be printed by that room."""

from credentials.conftest import (  # noqa: F401 — the fixtures themselves
    absentee,
    authority,
    city,
    hold,
    learners,
    nation,
    next_class,
    officer,
    other_city,
    own_keys,
    programme,
    registrar,
    school,
    stranger,
    training_class,
    trust,
    ward,
)
