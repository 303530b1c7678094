"""A desk: every key that a run of issuing needs, opened once for the whole of it.

Opening a token or asking a signing service takes longer than signing a hundred certificates. What
must not wait until the end of the run is asked before every batch: whether each certificate, and
everybody's above it, still may sign at that moment (Circular 15/2025/TT-BKHCN).
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from cryptography import x509

from hocvu.portable.keys import PublicKey
from hocvu.signing import (
    Evidence,
    Session,
    TimestampClient,
    chain_to_root,
    fetch_answer,
    require_not_revoked,
)
from hocvu.trust.actions.evidence import Evidences
from hocvu.trust.queries.believed import trusted_roots
from hocvu.trust.queries.signing_keys import Keys, keys_of, public_key, timestamps
from hocvu.trust.rules import Profile
from hocvu.units.models import Unit


@dataclass(frozen=True)
class Desk:
    """What lies ready: one session for each signature of a file, in their order."""

    issuer: Unit
    keys: Keys
    signing: tuple[Session, ...]
    statement: Session
    stated_by: PublicKey
    timestamps: TimestampClient | None
    evidence: Evidence | None  # of B-LT: what a later verifier needs


@contextmanager
def desk_of(issuer: Unit, signer_name: str, *, at: datetime) -> Iterator[Desk]:
    """Open everything that signs a decision's certificates. Raises a `SigningRefused`."""
    keys = keys_of(issuer, signer_name)
    keys.require_usable(at)
    client = None if keys.profile is Profile.B_B else timestamps()
    evidence = _evidence(keys, client, at=at) if keys.profile is Profile.B_LT else None
    with ExitStack() as open_keys:
        sessions = {
            id(key): open_keys.enter_context(key.open())
            for key in {id(key): key for key in (*keys.signing, keys.statement)}.values()
        }
        yield Desk(
            issuer,
            keys,
            tuple(sessions[id(key)] for key in keys.signing),
            sessions[id(keys.statement)],
            public_key(keys.statement, issuer.name),
            client,
            evidence,
        )


def _evidence(keys: Keys, client: TimestampClient | None, *, at: datetime) -> Evidence:
    """What a later verifier needs of the signers' chains and of the timestamp authority's.

    Raises `EvidenceMissing` where an authority says nothing now, and `SignerWasRevoked`.
    """
    roots = (*trusted_roots(), *(client.roots if client else ()))
    chains = [chain_to_root(key.chain[0], key.chain, roots) for key in keys.signing]
    if client is not None:
        chains.append(client.proof_of(bytes(client.algorithm.hash.digest_size)).chain)
    certificates = tuple(dict.fromkeys(each for chain in chains for each in chain))
    listed = Evidences(roots, at=at).about(certificates)
    named = {each.issuer for each in listed.lists}
    links = dict.fromkeys(link for chain in chains for link in pairwise(chain))
    asked = [fetch_answer(*link) for link in links if link[1].subject not in named]
    evidence = replace(
        listed,
        lists=tuple(each for each in listed.lists if each.issuer in _subjects(certificates)),
        answers=tuple(each for each in asked if each is not None),
        certificates=certificates,
    )
    for chain in chains:
        require_not_revoked(chain, evidence, at=at, proved_at=at)
    return evidence


def _subjects(certificates: Iterable[x509.Certificate]) -> set[x509.Name]:
    return {each.subject for each in certificates}
