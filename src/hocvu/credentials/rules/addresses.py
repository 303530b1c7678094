"""Addresses that are printed on paper: they can never change."""

VERIFICATION_PATH = "/v/{code}"
VERIFICATION_PLACE = "/verify/"


def verification_address(site: str, code: str) -> str:
    """Where the QR code of a certificate leads; `site` has no stroke at its end."""
    return site + VERIFICATION_PATH.format(code=code)


def verification_place(site: str) -> str:
    """Where the code can be typed in, as it is printed: without the scheme."""
    return site.rsplit("//", maxsplit=1)[-1] + VERIFICATION_PLACE
