"""The process that loads a token's library: digests in, signatures out, one line of JSON each.

Run as a file of its own (`python -I token_process.py`), so that nothing but the library and its
binding shares the process with the key. First line in: where the key is. Every further line: a
batch of digests. An answer is `{"signatures": […]}` or `{"refused": kind, "sentence": …}`; after a
refusal the process ends.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import (
    ArgumentsBad,
    DeviceError,
    DeviceRemoved,
    KeyHandleInvalid,
    KeyTypeInconsistent,
    MechanismInvalid,
    MechanismParamInvalid,
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)

Sign = Callable[[bytes], bytes]
_KINDS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((PinIncorrect, PinInvalid, PinLenRange, PinLocked, ArgumentsBad), "pin"),
    ((NoSuchKey,), "missing"),
    ((MechanismInvalid, MechanismParamInvalid, KeyTypeInconsistent), "unsuitable"),
    ((NoSuchToken, DeviceRemoved, DeviceError, KeyHandleInvalid, PKCS11Error), "gone"),
    ((OSError, RuntimeError), "missing"),  # the library is not there, or is none
)
_FAILURES = tuple(kind for kinds, _name in _KINDS for kind in kinds)


def main() -> None:
    """Answer until the input ends or something is refused."""
    sign: Sign | None = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if sign is None:
                sign, answer = _opened(question)
            else:
                digests = [bytes.fromhex(each) for each in question["digests"]]
                answer = {"signatures": [sign(each).hex() for each in digests]}
        except _FAILURES as failure:
            _say(_refusal(failure))
            return
        _say(answer)


def _opened(question: dict[str, Any]) -> tuple[Sign, dict[str, Any]]:
    session = _token(question).open(user_pin=question["pin"])
    key = _key(session, question["key"])
    mechanism, parameters = _mechanism(question)
    if question["rsa"] is not None and key.key_type is not _kind(question):
        raise KeyTypeInconsistent(f"The key is of the kind {key.key_type.name}.")
    found = session.get_objects(
        {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: question["key"]}
    )
    certificates = [each[Attribute.VALUE].hex() for each in found]

    def sign(digest: bytes) -> bytes:
        return bytes(key.sign(digest, mechanism=mechanism, mechanism_param=parameters))

    return sign, {"certificate": certificates[0] if certificates else None}


def _token(question: dict[str, Any]) -> Any:
    module, name = question["module"], question["token"]
    try:
        library = pkcs11.lib(module)
    except (PKCS11Error, RuntimeError) as absent:
        if Path(module).exists():
            raise DeviceError(f"The library {module} finds no device.") from absent
        raise RuntimeError(f"There is no library {module}.") from absent
    try:
        return library.get_token(token_label=name)
    except NoSuchToken as absent:
        raise NoSuchToken(f"No token named {name} is in its place.") from absent


def _key(session: Any, name: str) -> Any:
    try:
        return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=name)
    except NoSuchKey as absent:
        raise NoSuchKey(f"The token holds no key named {name}.") from absent


def _kind(question: dict[str, Any]) -> KeyType:
    """Return the kind of key that is expected: some libraries crash on another one."""
    return KeyType.RSA if question["rsa"] else KeyType.EC


def _mechanism(question: dict[str, Any]) -> tuple[Mechanism, Any]:
    """Return how to sign a digest: CKM_ECDSA (6.3.12) or CKM_RSA_PKCS_PSS (6.1.10)."""
    if not question["rsa"]:
        return Mechanism.ECDSA, None
    name = question["hash"].upper()
    size = int(name[3:]) // 8
    return Mechanism.RSA_PKCS_PSS, (Mechanism[name], pkcs11.MGF[name], size)


def _refusal(failure: Exception) -> dict[str, str]:
    kind = next(name for kinds, name in _KINDS if isinstance(failure, kinds))
    if str(failure).endswith("."):
        return {"refused": kind, "sentence": str(failure)}
    said = f"{type(failure).__name__}: {failure}".rstrip(": ")
    asked = "refused the PIN" if kind == "pin" else "answered"
    return {"refused": kind, "sentence": f"The token {asked} ({said})."}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
