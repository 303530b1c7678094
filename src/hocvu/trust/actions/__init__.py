"""Acts of this room, one module per noun."""

from hocvu.trust.actions.register_key import rotate_register_key, set_up_trust
from hocvu.trust.actions.witnessing import ask_witnesses, ask_witnesses_job

__all__ = ["ask_witnesses", "ask_witnesses_job", "rotate_register_key", "set_up_trust"]
