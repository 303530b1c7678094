"""Codes that people read out, type in and write down."""

import secrets

# Crockford's Base32: no I, L, O, U, so nothing is misread on a screen or over the phone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BY_OCTET = (_ALPHABET * 8).encode("ascii")  # 256 is eight times 32: all are as likely
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", "-": "", " ": ""})


def readable_code(length: int) -> str:
    """A random code of `length` characters, five bits each."""
    return secrets.token_bytes(length).translate(_BY_OCTET).decode("ascii")


def as_typed(code: str) -> str:
    """What a person meant when typing a code: upper case, no gaps, misread letters mended."""
    return code.upper().translate(_MISREAD)


def in_groups(code: str, size: int = 4) -> str:
    """`ABCD-EFGH`: a long code as it is printed."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
