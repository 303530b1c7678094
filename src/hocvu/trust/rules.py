"""What `keys.toml` in the authority's folder may say: which key signs for whom.

    [[issuer]]
    code = "HCMA"                                # one signature: the organisation's
    module = "/usr/lib/softhsm/libsofthsm2.so"   # a token: the maker's PKCS#11 library
    token = "hocvu"
    label = "certificates"
    pin_from = "HOCVU_PIN_HCMA"                  # the environment, never a file
    authorities = "hcma-authorities.pem"
    subject = "HOC VIEN CTQG HCM"                # where the certificate names it otherwise
    profile = "B-LT"                             # or "B-B", "B-T"
    [issuer.statement]                           # where the key above is not P-256
    pkcs12 = "hcma-statements.p12"
    password_from = "HOCVU_PASSWORD_HCMA"

    [[issuer]]
    code = "TCT-31"                              # two: the competent person's, then this one's
    pkcs12 = "tct-31.p12"
    password_from = "HOCVU_PASSWORD_TCT_31"
    [[issuer.signer]]
    name = "Lương Khánh Bách"                    # as the decision names who signs
    service = "https://sign.example.vn/csc/v2"   # a remote signing service
    credential = "bach"
    bearer_from = "HOCVU_SERVICE_TCT_31"
    pin_from = "HOCVU_PIN_BACH"

    [[issuer]]
    code = "TCT-48"
    signs = "plug-in"                            # on the signer's own machine
    roots = "vgca-roots.pem"
    [[issuer.signer]]
    name = "Nguyễn Thị Hạnh"
    certificates = "hanh.pem"

    [installation]                               # lists of revoked certificates: P-256
    pkcs12 = "installation.p12"
    password_from = "HOCVU_PASSWORD"

    [timestamps]
    address = "http://tsa.example.vn"
    roots = "timestamp-roots.pem"

Two signatures are a competent person's and, behind it, the organisation's, which also stands for
its seal (Decree 30/2020/NĐ-CP, article 5). Levels are those of ETSI EN 319 142-1, 6.1. Files are
named as they lie beside `keys.toml`. What is misspelled is refused: a field that is passed over
could be the one that keeps somebody from signing.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

Named = TypeVar("Named", bound=Enum)


class KeysFileIsWrong(ValueError):
    """The file does not say what it should; the message tells where."""


class Signs(Enum):
    """Who holds the pen."""

    SERVER = "server"
    PLUG_IN = "plug-in"


class Profile(Enum):
    """How long a signature can be checked (ETSI EN 319 142-1, 6.1)."""

    B_B = "B-B"
    B_T = "B-T"  # with proof of time
    B_LT = "B-LT"  # and with what a later verifier needs


@dataclass(frozen=True)
class Pkcs12Entry:
    """A key in a file, whose password stands in the environment."""

    file: str
    password_from: str


@dataclass(frozen=True)
class TokenEntry:
    """A key in a token or hardware security module."""

    module: str
    token: str
    label: str
    pin_from: str
    authorities: str  # file with the certificates above the signer's, the nearest first


@dataclass(frozen=True)
class ServiceEntry:
    """A key at a remote signing service. `trusted`: authorities of its web server, if not known."""

    address: str
    credential: str
    bearer_from: str
    pin_from: str
    trusted: str


KeyEntry = Pkcs12Entry | TokenEntry | ServiceEntry


@dataclass(frozen=True)
class SignerEntry:
    """A competent person: their key, or, where a plug-in signs, the file of their certificates.

    `subject`: whom the certificate names, where it writes them otherwise.
    """

    name: str
    key: KeyEntry | None
    certificates: str
    subject: str = ""


@dataclass(frozen=True)
class IssuerEntry:
    """What an issuer signs with. Without `profile`, files get what the installation has."""

    code: str
    signs: Signs
    profile: Profile | None
    signers: tuple[SignerEntry, ...]
    organisation: KeyEntry | None
    statement: KeyEntry | None
    roots: str  # file of the authorities behind those who sign by plug-in
    subject: str = ""  # whom the organisation's certificate names, where it writes it otherwise


@dataclass(frozen=True)
class TimestampsEntry:
    """The timestamp authority, and the file of those whose word on time is taken."""

    address: str
    roots: str


@dataclass(frozen=True)
class KeysFile:
    """All of the file. An empty one names nobody."""

    issuers: tuple[IssuerEntry, ...] = ()
    installation: KeyEntry | None = None
    timestamps: TimestampsEntry | None = None

    def issuer(self, code: str) -> IssuerEntry | None:
        """What stands there about the issuer with this code."""
        return next((each for each in self.issuers if each.code == code), None)

    @property
    def keys(self) -> tuple[KeyEntry, ...]:
        """Every key that is named, each once, in the order of the file."""
        named: list[KeyEntry | None] = []
        for each in self.issuers:
            signers = [signer.key for signer in each.signers]
            named += [*signers, each.organisation, each.statement]
        named.append(self.installation)
        return tuple(dict.fromkeys(each for each in named if each is not None))


_PKCS12 = ("pkcs12", "password_from")
_TOKEN = ("module", "token", "label", "pin_from", "authorities")
_SERVICE = ("service", "credential", "bearer_from", "pin_from")
_KEY_FIELDS = frozenset({*_PKCS12, *_TOKEN, *_SERVICE, "trusted"})


def read_keys(text: str) -> KeysFile:
    """Read the file. Raises `KeysFileIsWrong`, whose sentence says where it is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as odd:
        raise KeysFileIsWrong(f"It is not readable: {odd}.") from odd
    _only(said, ("issuer", "installation", "timestamps"), "the file")
    issuers = tuple(_issuer(each) for each in _tables(said, "issuer", "the file"))
    _once((each.code for each in issuers), "issuer")
    installation = _table(said, "installation", "the file")
    return KeysFile(
        issuers,
        _key(installation, "[installation]") if installation is not None else None,
        _timestamps(_table(said, "timestamps", "the file")),
    )


def _issuer(said: Mapping[str, Any]) -> IssuerEntry:
    code = _text(said, "code", "[[issuer]]")
    where = f"issuer {code}"
    known = ("code", "signs", "profile", "roots", "signer", "organisation", "statement")
    _only(said, (*known, "subject", *_KEY_FIELDS), where)
    own = {name: each for name, each in said.items() if name in _KEY_FIELDS}
    apart, statement = (_table(said, name, where) for name in ("organisation", "statement"))
    if own and apart is not None:
        raise KeysFileIsWrong(f"{where}: the organisation's key is named twice.")
    organisation = apart if apart is not None else own or None
    signs = _one_of(Signs, said.get("signs", Signs.SERVER.value), where, "signs")
    signers = tuple(_signer(each, signs, where) for each in _tables(said, "signer", where))
    _once((each.name for each in signers), f"{where}: signer")
    if signs is Signs.SERVER and organisation is None:
        raise KeysFileIsWrong(f"{where}: no key is named for the organisation.")
    if signs is Signs.PLUG_IN and not (signers and "roots" in said):
        raise KeysFileIsWrong(f"{where}: a plug-in needs `roots` and at least one signer.")
    return IssuerEntry(
        code,
        signs,
        _one_of(Profile, said["profile"], where, "profile") if "profile" in said else None,
        signers,
        _key(organisation, where) if organisation is not None else None,
        _key(statement, f"{where}, statement") if statement is not None else None,
        _text(said, "roots", where) if "roots" in said else "",
        _subject(said, where),
    )


def _signer(said: Mapping[str, Any], signs: Signs, where: str) -> SignerEntry:
    name = _text(said, "name", f"{where}, signer")
    where = f"{where}, signer {name}"
    if signs is Signs.PLUG_IN:
        _only(said, ("name", "certificates"), where)
        return SignerEntry(name, None, _text(said, "certificates", where))
    key = {k: v for k, v in said.items() if k not in ("name", "subject")}
    return SignerEntry(name, _key(key, where), "", _subject(said, where))


def _subject(said: Mapping[str, Any], where: str) -> str:
    return _text(said, "subject", where) if "subject" in said else ""


def _key(said: Mapping[str, Any], where: str) -> KeyEntry:
    """The one way to a key that a table names."""
    ways = {"pkcs12": _PKCS12, "module": _TOKEN, "service": (*_SERVICE, "trusted")}
    named = [way for way in ways if way in said]
    if len(named) != 1:
        raise KeysFileIsWrong(f"{where}: name one of `pkcs12`, `module` or `service`.")
    _only(said, ways[named[0]], where)
    if named == ["pkcs12"]:
        return Pkcs12Entry(*(_text(said, each, where) for each in _PKCS12))
    if named == ["module"]:
        return TokenEntry(*(_text(said, each, where) for each in _TOKEN))
    address, credential, bearer, pin = (_text(said, each, where) for each in _SERVICE)
    trusted = _text(said, "trusted", where) if "trusted" in said else ""
    return ServiceEntry(address, credential, bearer, pin, trusted)


def _timestamps(said: Mapping[str, Any] | None) -> TimestampsEntry | None:
    if said is None:
        return None
    where = "[timestamps]"
    _only(said, ("address", "roots"), where)
    return TimestampsEntry(_text(said, "address", where), _text(said, "roots", where))


def _only(said: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(said.keys() - set(known))
    if unknown:
        raise KeysFileIsWrong(f"{where}: there is no field `{unknown[0]}` here.")


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise KeysFileIsWrong(f"{what} {name} is named twice.")
        seen.add(name)


def _text(said: Mapping[str, Any], name: str, where: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found.strip():
        raise KeysFileIsWrong(f"{where}: `{name}` is missing or is no text.")
    return found


def _one_of(kind: type[Named], value: object, where: str, name: str) -> Named:
    if value not in [each.value for each in kind]:
        known = ", ".join(f'"{each.value}"' for each in kind)
        raise KeysFileIsWrong(f"{where}: `{name}` is one of {known}.")
    return kind(value)


def _table(said: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any] | None:
    found = said.get(name)
    if found is not None and not isinstance(found, dict):
        raise KeysFileIsWrong(f"{where}: `{name}` is not written as a table.")
    return found


def _tables(said: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise KeysFileIsWrong(f"{where}: `{name}` is not written as [[…{name}]].")
    return found
