"""Keys as a real installation has them: files, and how `keys.toml` names them."""

from contextlib import contextmanager

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from hocvu.signing import Algorithm, DevelopmentTimestampAuthority, serving

PASSWORD = "a password"
SCHOOL = "Trường Chính trị mẫu"


def in_a_file(office, name, institution, algorithm=Algorithm.ECDSA_P256_SHA256):
    """A PKCS#12 file of this institution's key; how `keys.toml` names it."""
    key = office.key_for(institution, algorithm)
    octets = pkcs12.serialize_key_and_certificates(
        b"key",
        key.private_key,
        key.chain[0],
        key.chain[1:],
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )
    (office.folder / name).write_bytes(octets)
    return f'pkcs12 = "{name}"\npassword_from = "HOCVU_PASSWORD"\n'


def issuer(entry, more=""):
    return f'[[issuer]]\ncode = "TCT-31"\n{entry}{more}'


@contextmanager
def time_from(office):
    desk = DevelopmentTimestampAuthority(office.timestamp_key())
    with serving(desk) as address:
        yield f'[timestamps]\naddress = "{address}"\nroots = "root.crt"\n'
