"""The common ancestor of everything the register refuses to believe or to do."""


class RegisterRefusal(Exception):
    """Something presented to the register is not what it claims to be."""
