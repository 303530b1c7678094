"""Merkle tree hashing and proofs: RFC 9162 (Certificate Transparency 2.0), section 2.1, SHA-256.

§2.1.1 hash of a tree · §2.1.3 inclusion proofs · §2.1.4 consistency proofs.
D[a:b] below is the RFC's notation for the entries a (included) to b (excluded), and MTH its
Merkle Tree Hash. Every function here takes *leaf hashes*, never entries, except `leaf_hash`.

Two prefixes keep leaves and inner nodes apart (§2.1.1), so that no inner node can be passed off
as an entry.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self, TypeAlias

from hocvu.register.errors import RegisterRefusal

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_LEAF_PREFIX = b"\x00"
_NODE_PREFIX = b"\x01"
_SIZE_BYTES = 8

Proof: TypeAlias = tuple[bytes, ...]


class ProofDoesNotHold(RegisterRefusal):
    """The proof does not connect the two things it was presented for."""


class NothingToProve(RegisterRefusal):
    """The question lies outside the tree: an empty tree, or a position it does not have."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The whole content of a log in two values: how many leaves, and the root over them."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What `verify_inclusion` found to be true: this leaf stands at this index under this head."""

    leaf_hash: bytes
    index: int
    head: TreeHead


# --- §2.1.1 hashing ---------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return sha256(_LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all one needs to keep in order to append and to know the root.

    `peaks` are the hashes of the perfect subtrees the tree consists of, largest (leftmost) first:
    one for each 1 in the binary form of `size`. A frontier is a value; appending makes a new one,
    so a transaction that rolls back leaves the old one intact.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"{len(self.peaks)} peaks do not make a tree of {self.size} leaves.")
        for peak in self.peaks:
            _require_hash(peak)

    def append(self, leaf: bytes) -> Self:
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Self:
        peaks, size = list(self.peaks), self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                _require_hash(leaf)
            node, trailing = leaf, size
            while trailing & 1:  # a carry: two subtrees of one height become one of the next
                node = sha256(_NODE_PREFIX + peaks.pop() + node).digest()
                trailing >>= 1
            peaks.append(node)
            size += 1
        return type(self)(size, tuple(peaks))

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = node_hash(peak, root)
        return root

    def head(self) -> TreeHead:
        return TreeHead(self.size, self.root())

    def to_bytes(self) -> bytes:
        """Size (8 bytes, big-endian), then the peaks."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        if len(stored) < _SIZE_BYTES:
            raise ValueError("These bytes are too short for a frontier.")
        size = int.from_bytes(stored[:_SIZE_BYTES], "big")
        if len(stored) != _SIZE_BYTES + size.bit_count() * HASH_BYTES:
            raise ValueError(f"These bytes have the wrong length for {size} leaves.")
        return cls(size, tuple(hashes_in(stored[_SIZE_BYTES:])))


def root_of(leaves: Iterable[bytes]) -> bytes:
    return Frontier().extend(leaves).root()


def perfect_root(joined: bytes) -> bytes:
    """The root over 2**k hashes that were written one after the other without separator."""
    count, rest = divmod(len(joined), HASH_BYTES)
    if rest or count.bit_count() != 1:
        raise ValueError(f"{len(joined)} bytes are not the leaves of a perfect tree.")
    while len(joined) > HASH_BYTES:
        pairs = range(0, len(joined), 2 * HASH_BYTES)
        joined = b"".join(
            [sha256(_NODE_PREFIX + joined[at : at + 2 * HASH_BYTES]).digest() for at in pairs]
        )
    return joined


def hashes_in(joined: bytes) -> list[bytes]:
    """Hashes that were written one after the other without separator."""
    if len(joined) % HASH_BYTES:
        raise ValueError(f"{len(joined)} bytes are not a whole number of hashes.")
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


# --- a tree one can ask for proofs ------------------------------------------------------------


class Nodes(ABC):
    """Any store of a tree's perfect subtrees: in memory (`Tree`) or in files (`tiles`)."""

    @property
    @abstractmethod
    def size(self) -> int: ...

    @abstractmethod
    def node(self, level: int, index: int) -> bytes:
        """MTH(D[index * 2**level : (index + 1) * 2**level]), a subtree wholly inside the tree."""

    def subtree(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]), for the ranges the RFC's splitting of a tree yields."""
        peaks, at = [], start
        for level in reversed(range((end - start).bit_length())):
            if (end - start) >> level & 1:
                peaks.append(self.node(level, at >> level))
                at += 1 << level
        return Frontier(end - start, tuple(peaks)).root()


class Tree(Nodes):
    """A tree in memory with its perfect subtrees, for whoever wants many proofs of one state."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        row = list(leaves)
        for leaf in row:
            _require_hash(leaf)
        self._rows = [row]
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
            self._rows.append(row)

    @property
    def size(self) -> int:
        return len(self._rows[0])

    def node(self, level: int, index: int) -> bytes:
        return self._rows[level][index]


class Earlier(Nodes):
    """A tree as it was with fewer leaves: its perfect subtrees are those of the later one."""

    def __init__(self, later: Nodes, size: int) -> None:
        if not 0 <= size <= later.size:
            raise NothingToProve(f"A tree of {later.size} leaves never had {size}.")
        self._later, self._size = later, size

    @property
    def size(self) -> int:
        return self._size

    def node(self, level: int, index: int) -> bytes:
        return self._later.node(level, index)


# --- §2.1.3 inclusion -------------------------------------------------------------------------


def inclusion_proof(leaves: Nodes | Sequence[bytes], index: int) -> Proof:
    """PATH(index, D) of §2.1.3.1. Pass a `Tree` instead of leaf hashes to ask many times."""
    tree = leaves if isinstance(leaves, Nodes) else Tree(leaves)
    if not 0 <= index < tree.size:
        raise NothingToProve(f"A tree of {tree.size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, end = 0, tree.size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree.subtree(middle, end))
            end = middle
        else:
            path.append(tree.subtree(start, middle))
            start = middle
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], head: TreeHead) -> Inclusion:
    """Return the fact that `leaf` (a leaf hash) is at `index` under `head`, or raise.

    The numbered steps are those of §2.1.3.2; fn, sn and r are its names.
    """
    for given in (leaf, head.root, *proof):
        _require_hash_in_proof(given)
    # 1. The index lies inside the tree; an empty tree includes nothing.
    if not 0 <= index < head.size:
        raise ProofDoesNotHold(f"A tree of {head.size} leaves has no leaf {index}.")
    # 2. and 3. Start at the leaf; 4. climb, joining each sibling on its side;
    # 5. arrive exactly at the root, and at this one.
    r = leaf
    for sibling, is_left in _climb(index, head.size - 1, proof):
        r = node_hash(sibling, r) if is_left else node_hash(r, sibling)
    if r != head.root:
        raise ProofDoesNotHold(f"Leaf {index} with this content is not in this tree.")
    return Inclusion(leaf, index, head)


# --- §2.1.4 consistency -----------------------------------------------------------------------


def consistency_proof(leaves: Nodes | Sequence[bytes], old_size: int) -> Proof:
    """PROOF(old_size, D) of §2.1.4.1: the first `old_size` leaves are still the first ones.

    Nothing can be proved of an empty tree, so `old_size` 0 is refused: every log "continues" it.
    """
    tree = leaves if isinstance(leaves, Nodes) else Tree(leaves)
    if not 0 < old_size <= tree.size:
        raise NothingToProve(f"A tree of {tree.size} leaves does not continue one of {old_size}.")
    path: list[bytes] = []
    start, end = 0, tree.size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(tree.subtree(middle, end))
            end = middle
        else:
            path.append(tree.subtree(start, middle))
            start = middle
    if start > 0:  # otherwise this subtree is the old tree itself, which the verifier knows
        path.append(tree.subtree(start, end))
    return tuple(reversed(path))


def verify_consistency(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> TreeHead:
    """Return `new` once it is proved to continue `old` without changing a leaf, or raise.

    The numbered steps are those of §2.1.4.2; fn, sn, fr and sr are its names.
    """
    for given in (old.root, new.root, *proof):
        _require_hash_in_proof(given)
    if not 0 < old.size <= new.size:
        raise ProofDoesNotHold(f"A tree of {new.size} leaves does not continue one of {old.size}.")
    # Before 1. The RFC leaves equal sizes out: there the two roots are the whole proof.
    if old.size == new.size:
        if proof or old.root != new.root:
            raise ProofDoesNotHold("Two trees of one size are the same only if their roots are.")
        return new
    # 1. Between different sizes something must be shown.
    if not proof:
        raise ProofDoesNotHold("The proof is empty.")
    # 2. A perfect old tree is a node of the new one; the proof leaves it out.
    path = (old.root, *proof) if old.size.bit_count() == 1 else tuple(proof)
    # 3. and 4. Start at the old tree's last perfect subtree.
    fn, sn = old.size - 1, new.size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    # 5. and 6. Climb towards both roots at once: what lies to the left belongs to both trees.
    fr = sr = path[0]
    for sibling, is_left in _climb(fn, sn, path[1:]):
        if is_left:
            fr, sr = node_hash(sibling, fr), node_hash(sibling, sr)
        else:
            sr = node_hash(sr, sibling)
    # 7. Both climbs arrive.
    if fr != old.root or sr != new.root:
        raise ProofDoesNotHold("The later tree does not begin with the earlier one.")
    return new


def _climb(fn: int, sn: int, siblings: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each sibling on the way up from node fn, sn being the last of its level, and whether it
    stands on the left; the walk §2.1.3.2 and §2.1.4.2 have in common. Refuses a proof whose
    length is not the height still to climb.
    """
    for sibling in siblings:
        if sn == 0:
            raise ProofDoesNotHold("The proof is longer than the tree is high.")
        is_left = bool(fn & 1) or fn == sn
        yield sibling, is_left
        while is_left and not fn & 1 and fn != 0:  # a last node without sibling moves up alone
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofDoesNotHold("The proof is shorter than the tree is high.")


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (the RFC's k)."""
    return 1 << (size - 1).bit_length() - 1


def _require_hash(value: bytes) -> None:
    if len(value) != HASH_BYTES:
        raise ValueError(f"A hash has {HASH_BYTES} bytes, not {len(value)}.")


def _require_hash_in_proof(value: bytes) -> None:
    if len(value) != HASH_BYTES:
        raise ProofDoesNotHold(f"A hash in a proof has {HASH_BYTES} bytes, not {len(value)}.")
