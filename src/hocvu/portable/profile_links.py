"""A link that puts a certificate into somebody's public profile, filled in, for them to confirm.

The address and its parameters are LinkedIn's "Add to profile" for certifications. It holds what the
holder is about to publish and nothing about the holder: not the name, not the verification code.
"""

from datetime import date
from typing import Final
from urllib.parse import urlencode

ADD_TO_PROFILE: Final = "https://www.linkedin.com/profile/add"


def add_to_profile(
    *,
    name: str,
    institution: str,
    serial_number: str,
    address: str,
    issued_on: date,
    expires_on: date | None = None,
) -> str:
    """Return the link; `address` is where others check the certificate: a link of the holder."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": institution,
        "issueYear": issued_on.year,
        "issueMonth": issued_on.month,
        "certUrl": address,
        "certId": serial_number,
    }
    if expires_on is not None:
        fields |= {"expirationYear": expires_on.year, "expirationMonth": expires_on.month}
    return f"{ADD_TO_PROFILE}?{urlencode(fields)}"
