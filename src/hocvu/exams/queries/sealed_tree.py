"""The tree of a sealed day in pages of 256 leaves, so that a proof reads one or two of them.

The tree is that of RFC 9162, §2.1; a page is a tile of level 0 as C2SP tlog-tiles has it. What is
stored here is not believed: a proof from a damaged page does not lead to the signed root.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from hocvu.exams.models import SealedDay, SealedPage
from hocvu.register.merkle import (
    HASH_BYTES,
    Nodes,
    Proof,
    Tree,
    hashes_in,
    inclusion_proof,
    root_of,
)

_HEIGHT = 8
PAGE = 1 << _HEIGHT


def pages_of(sealed: SealedDay, leaves: Sequence[bytes]) -> Iterator[SealedPage]:
    """The pages over these leaf hashes, to be written together with their day."""
    for number, start in enumerate(range(0, len(leaves), PAGE)):
        page = leaves[start : start + PAGE]
        yield SealedPage(
            sealed_day=sealed, number=number, leaves=b"".join(page), root=root_of(page)
        )


def proof_in(sealed: SealedDay, index: int) -> Proof:
    """The way from leaf `index` to the root (§2.1.3.1); empty where pages are missing or damaged,
    which proves nothing. Two queries.
    """
    tree = _PagedTree(sealed, index)
    return inclusion_proof(tree, index) if tree.is_whole else ()


class _PagedTree(Nodes):
    """Two pages of the tree, its last one and that of one leaf, and the roots of all full ones."""

    def __init__(self, sealed: SealedDay, index: int) -> None:
        self._size, self._index = sealed.size, index
        last = (sealed.size - 1) // PAGE
        wanted = sorted({index // PAGE, last})
        pages = SealedPage.objects.filter(sealed_day=sealed).order_by("number")
        read = pages.filter(number__in=wanted).values_list("number", "leaves")
        self._leaves = {number: bytes(leaves) for number, leaves in read}
        self._roots = [bytes(root) for root in pages.values_list("root", flat=True)]
        self._wanted = wanted

    @property
    def size(self) -> int:
        return self._size

    @property
    def is_whole(self) -> bool:
        """Whether every page is there, those that were read in their full length."""
        return (
            0 <= self._index < self._size
            and len(self._roots) == -(-self._size // PAGE)
            and all(len(root) == HASH_BYTES for root in self._roots)
            and all(
                len(self._leaves.get(number, b"")) == HASH_BYTES * self._width(number)
                for number in self._wanted
            )
        )

    def _width(self, number: int) -> int:
        return min(PAGE, self._size - number * PAGE)

    def node(self, level: int, index: int) -> bytes:
        if level >= _HEIGHT:
            return self._above.node(level - _HEIGHT, index)
        number, start = divmod(index << level, PAGE)
        return self._pages[number].node(level, start >> level)

    @cached_property
    def _above(self) -> Tree:
        """Over the roots of the full pages."""
        return Tree(self._roots[: self._size // PAGE])

    @cached_property
    def _pages(self) -> dict[int, Tree]:
        return {number: Tree(hashes_in(leaves)) for number, leaves in self._leaves.items()}
