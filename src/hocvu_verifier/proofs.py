"""What a file carries to prove its signatures: the document security store, taken apart.

ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4. A dictionary of lists of streams, each a certificate
or an answer about one, and for each signature a dictionary of the same. Nothing else may stand in
it: whatever an update lists there it may bring, so a page listed as a certificate would be altered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

from hocvu_verifier.objects import Item, Name, Ref, Stream
from hocvu_verifier.refusals import AddedAfterSigning

_STORE: Final = {Name(each) for each in (b"Type", b"Certs", b"OCSPs", b"CRLs", b"VRI")}
_OF_ONE: Final = {Name(each) for each in (b"Type", b"Cert", b"OCSP", b"CRL", b"TU", b"TS")}
_PROOF: Final = {Name(each) for each in (b"Length", b"Filter", b"Type")}
_NO_PROOFS: Final = {Name(b"Type"), Name(b"TU")}


@dataclass
class Parts:
    """The objects that a security store is made of, by their numbers.

    `look` returns an object of the file as it stands with the store, or before it.
    """

    look: Callable[[int], Item]
    holders: set[int] = field(default_factory=set)  # dictionaries and lists
    proofs: set[int] = field(default_factory=set)  # streams

    @classmethod
    def of(cls, store: Item, look: Callable[[int], Item]) -> Self:
        """Walk through a store. Raises AddedAfterSigning when it holds anything else."""
        parts = cls(look)
        for key, held in parts._dictionary(store, _STORE).items():
            if key != Name(b"VRI"):
                parts._proofs(key, held)
                continue
            for about in parts._dictionary(held, None).values():
                for name, listed in parts._dictionary(about, _OF_ONE).items():
                    parts._proofs(name, listed)
        return parts

    @property
    def numbers(self) -> set[int]:
        return self.holders | self.proofs

    def _dictionary(self, item: Item, keys: set[Name] | None) -> dict[Name, Item]:
        found = self._held(item)
        if not isinstance(found, dict) or (keys is not None and not found.keys() <= keys):
            raise AddedAfterSigning("What was added to prove signatures is something else.")
        return found

    def _proofs(self, key: Name, item: Item) -> None:
        """A list of streams, or one stream."""
        if key in _NO_PROOFS:
            return
        alone = isinstance(item, Ref) and isinstance(self.look(item.number), Stream)
        listed = [item] if alone else self._held(item)
        if not isinstance(listed, list):
            raise AddedAfterSigning("What was added to prove signatures is something else.")
        for each in listed:
            proof = self.look(each.number) if isinstance(each, Ref) else None
            if (
                not isinstance(each, Ref)
                or not isinstance(proof, Stream)
                or not proof.about.keys() <= _PROOF
            ):
                raise AddedAfterSigning("What was added to prove signatures is something else.")
            self.proofs.add(each.number)

    def _held(self, item: Item) -> Item:
        if not isinstance(item, Ref):
            return item
        self.holders.add(item.number)
        return self.look(item.number)
