"""The common ancestor of everything the register refuses to believe or to do."""


class RegisterRefusal(Exception):  # noqa: N818  a refusal is named as a state of affairs (style 1)
    """Something presented to the register is not what it claims to be."""
