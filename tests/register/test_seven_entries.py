"""The tree of seven entries by which RFC 6962 §2.1.3, RFC 9162 §2.1.5 and C2SP merkle-tree explain.

The standards name its nodes by letters; here they are computed from the leaves as the standards
say, by hashing alone, and held against what `merkle` makes of the same entries.
"""

from hashlib import sha256
from math import ceil, log2

import pytest

from hocvu.register.merkle import (
    TreeHead,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [f"d{number}".encode() for number in range(7)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def node(left, right):
    return sha256(b"\1" + left + right).digest()


a, b, c, d, e, f, g = (sha256(b"\0" + entry).digest() for entry in ENTRIES)
h, i, j = node(a, b), node(c, d), node(e, f)
k, m = node(h, i), node(j, g)  # the standards call the second one l
ROOT = node(k, m)
INCLUSION = {0: (b, i, m), 3: (c, h, m), 4: (f, g, k), 6: (j, k)}
CONSISTENCY = {3: (c, d, h, m), 4: (m,), 6: (j, g, k)}


def test_the_root_is_the_one_of_the_standards():
    assert root_of(LEAVES) == ROOT


@pytest.mark.parametrize(("index", "path"), INCLUSION.items())
def test_the_inclusion_proofs_of_the_standards(index, path):
    assert tuple(inclusion_proof(LEAVES, index)) == path
    assert verify_inclusion(LEAVES[index], index, path, TreeHead(7, ROOT)).index == index


@pytest.mark.parametrize(("size", "proof"), CONSISTENCY.items())
def test_the_consistency_proofs_of_the_standards(size, proof):
    old = TreeHead(size, root_of(LEAVES[:size]))

    assert tuple(consistency_proof(LEAVES, size)) == proof
    assert verify_consistency(old, TreeHead(7, ROOT), proof).size == 7


@pytest.mark.parametrize("size", range(1, 40))
def test_proofs_are_no_longer_than_the_standards_allow(size):
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    most = ceil(log2(size))

    assert max(len(inclusion_proof(leaves, index)) for index in range(size)) <= most
    assert max(len(consistency_proof(leaves, old)) for old in range(1, size + 1)) <= most + 1
