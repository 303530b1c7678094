"""Vectors: the eight-leaf reference tree of Certificate Transparency (RFC 6962 and 9162)."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.register.merkle import (
    EMPTY_ROOT,
    Earlier,
    Frontier,
    Inclusion,
    NothingToProve,
    ProofDoesNotHold,
    Tree,
    TreeHead,
    consistency_proof,
    hashes_in,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ROOTS = [  # of the trees of 0 to 8 entries
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C, D = (  # inner nodes of that tree over leaves 0–1, 2–3, 4–5, 6–7
    ROOTS[2],
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
)
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
RIGHT_HALF = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

INCLUSION_VECTORS = [  # index, size, proof
    (0, 1, []),
    (0, 8, [LEAF_1, B, RIGHT_HALF]),
    (5, 8, [LEAF_4, D, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], B, LEAF_4]),
]
CONSISTENCY_VECTORS = [  # old size, new size, proof
    (1, 1, []),
    (1, 8, [LEAF_1, B, RIGHT_HALF]),
    (6, 8, [C, D, ROOTS[4]]),
    (2, 5, [B, LEAF_4]),
]


# How the published vectors of transparency-dev/merkle spoil each proof above; all must be refused.

GARBAGE = bytes.fromhex("aa" * 32)


def spoiled_inclusions(index, size, proof, root, leaf):
    """Each: what was done, then index, size, proof, root and leaf."""
    yield "leafIdx - 1", index - 1, size, proof, root, leaf
    yield "leafIdx + 1", index + 1, size, proof, root, leaf
    yield "leafIdx ^ 2", index ^ 2, size, proof, root, leaf
    yield "treeSize * 2", index, size * 2, proof, root, leaf
    yield "treeSize div 2", index, size // 2, proof, root, leaf
    yield "wrong leaf", index, size, proof, root, leaf_hash(b"wrong leaf")
    yield "empty root", index, size, proof, b"", leaf
    yield "random root", index, size, proof, GARBAGE, leaf
    yield "trailing garbage", index, size, (*proof, b""), root, leaf
    yield "trailing root", index, size, (*proof, root), root, leaf
    yield "preceding garbage", index, size, (b"", *proof), root, leaf
    yield "preceding root", index, size, (root, *proof), root, leaf
    for at, each in enumerate(proof):
        changed = altered(each, 0, 3)
        yield (
            f"modified proof {at}",
            index,
            size,
            (*proof[:at], changed, *proof[at + 1 :]),
            root,
            leaf,
        )
    if proof:
        yield "removed component", index, size, proof[:-1], root, leaf
        yield "inserted component", index, size, (proof[0], GARBAGE, *proof[1:]), root, leaf


def spoiled_consistencies(old, new, proof):
    """Each: what was done, then the two heads and the proof."""
    for name, size in (("- 1", old.size - 1), ("+ 1", old.size + 1), ("^ 2", old.size ^ 2)):
        yield f"size1 {name}", TreeHead(size, old.root), new, proof
    yield "size2 * 2", old, TreeHead(new.size * 2, new.root), proof
    yield "size2 div 2", old, TreeHead(new.size // 2, new.root), proof
    yield "wrong root1", TreeHead(old.size, GARBAGE), new, proof
    yield "wrong root2", old, TreeHead(new.size, GARBAGE), proof
    yield "swapped roots", TreeHead(old.size, new.root), TreeHead(new.size, old.root), proof
    yield "trailing garbage", old, new, (*proof, b"")
    yield "trailing root1", old, new, (*proof, old.root)
    yield "trailing root2", old, new, (*proof, new.root)
    yield "preceding garbage", old, new, (b"", *proof)
    yield "preceding root1", old, new, (old.root, *proof)
    yield "preceding root2", old, new, (new.root, *proof)
    for at, each in enumerate(proof):
        changed = altered(each, 0, 4)
        yield f"modified proof {at}", old, new, (*proof[:at], changed, *proof[at + 1 :])
    if proof:
        yield "empty proof", old, new, ()
        yield "truncated proof", old, new, proof[:-1]
        yield "preceding proof", old, new, (proof[0], *proof)


# The definitions of §2.1.1, §2.1.3.1 and §2.1.4.1, word by word, to compare with.


def naive_root(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m, leaves):
    if len(leaves) == 1:
        return ()
    k = naive_split(len(leaves))
    if m < k:
        return (*naive_path(m, leaves[:k]), naive_root(leaves[k:]))
    return (*naive_path(m - k, leaves[k:]), naive_root(leaves[:k]))


def naive_subproof(m, leaves, known):
    if m == len(leaves):
        return () if known else (naive_root(leaves),)
    k = naive_split(len(leaves))
    if m <= k:
        return (*naive_subproof(m, leaves[:k], known), naive_root(leaves[k:]))
    return (*naive_subproof(m - k, leaves[k:], known=False), naive_root(leaves[:k]))


def naive_split(size):
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def leaves_of_size(size):
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def head_of(leaves):
    return TreeHead(len(leaves), root_of(leaves))


def altered(hash_, byte, bit):
    changed = bytearray(hash_)
    changed[byte] ^= 1 << bit
    return bytes(changed)


sizes = st.integers(min_value=1, max_value=200)
places = st.tuples(st.integers(0, 31), st.integers(0, 7))


def test_the_empty_tree_has_the_hash_of_nothing_as_its_root():
    assert root_of([]) == EMPTY_ROOT == bytes.fromhex(ROOTS[0])


@pytest.mark.parametrize("size", range(9))
def test_the_reference_tree_has_the_published_roots(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION_VECTORS)
def test_the_reference_tree_has_the_published_inclusion_proofs(index, size, proof):
    made = inclusion_proof(LEAVES[:size], index)

    head = TreeHead(size, bytes.fromhex(ROOTS[size]))
    assert [each.hex() for each in made] == proof
    assert verify_inclusion(LEAVES[index], index, made, head) == Inclusion(
        LEAVES[index], index, head
    )


@pytest.mark.parametrize(("old_size", "new_size", "proof"), CONSISTENCY_VECTORS)
def test_the_reference_tree_has_the_published_consistency_proofs(old_size, new_size, proof):
    made = consistency_proof(LEAVES[:new_size], old_size)

    old, new = (TreeHead(size, bytes.fromhex(ROOTS[size])) for size in (old_size, new_size))
    assert [each.hex() for each in made] == proof
    assert verify_consistency(old, new, made) == new


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION_VECTORS)
def test_the_published_inclusion_proofs_hold_in_no_spoiled_form(index, size, proof):
    genuine = (index, size, tuple(map(bytes.fromhex, proof)), bytes.fromhex(ROOTS[size]))
    leaf = LEAVES[index]

    for what, *claim, said in spoiled_inclusions(*genuine, leaf):
        at, of, hashes, root = claim
        if (at, of, hashes, root, said) == (*genuine, leaf):
            continue
        with pytest.raises(ProofDoesNotHold):
            pytest.fail(f"{what}: {verify_inclusion(said, at, hashes, TreeHead(of, root))}")


@pytest.mark.parametrize(("old_size", "new_size", "proof"), CONSISTENCY_VECTORS)
def test_the_published_consistency_proofs_hold_in_no_spoiled_form(old_size, new_size, proof):
    old, new = (TreeHead(size, bytes.fromhex(ROOTS[size])) for size in (old_size, new_size))
    genuine = old, new, tuple(map(bytes.fromhex, proof))

    for what, *claim in spoiled_consistencies(*genuine):
        if tuple(claim) == genuine:
            continue
        with pytest.raises(ProofDoesNotHold):
            pytest.fail(f"{what}: {verify_consistency(*claim)}")


@given(sizes, st.data())
def test_proofs_are_what_the_definition_says_and_hold(size, data):
    leaves = leaves_of_size(size)
    index = data.draw(st.integers(0, size - 1))
    old_size = data.draw(st.integers(1, size))

    included = inclusion_proof(leaves, index)
    consistent = consistency_proof(leaves, old_size)

    assert root_of(leaves) == naive_root(leaves)
    assert included == naive_path(index, leaves)
    assert consistent == naive_subproof(old_size, leaves, known=True)
    assert verify_inclusion(leaves[index], index, included, head_of(leaves)).index == index
    assert verify_consistency(head_of(leaves[:old_size]), head_of(leaves), consistent).size == size


def test_a_tree_asked_many_times_gives_the_same_proofs_as_its_leaves():
    leaves = leaves_of_size(77)
    tree = Tree(leaves)

    assert tree.size == 77
    assert all(inclusion_proof(tree, at) == inclusion_proof(leaves, at) for at in range(77))
    assert all(consistency_proof(tree, at) == consistency_proof(leaves, at) for at in range(1, 78))


@given(sizes, st.data())
def test_a_tree_still_proves_what_it_was_earlier(size, data):
    leaves = leaves_of_size(size)
    earlier = data.draw(st.integers(1, size))
    index, older = data.draw(st.integers(0, earlier - 1)), data.draw(st.integers(1, earlier))

    tree = Earlier(Tree(leaves), earlier)

    assert inclusion_proof(tree, index) == inclusion_proof(leaves[:earlier], index)
    assert consistency_proof(tree, older) == consistency_proof(leaves[:earlier], older)


def test_a_tree_was_never_larger_than_it_is():
    with pytest.raises(NothingToProve):
        Earlier(Tree(LEAVES), 9)


@given(sizes, st.data())
def test_a_changed_leaf_is_noticed_in_every_tree(size, data):
    leaves = leaves_of_size(size)
    index = data.draw(st.integers(0, size - 1))
    proof, head = inclusion_proof(leaves, index), head_of(leaves)

    leaves[index] = altered(leaves[index], *data.draw(places))

    assert root_of(leaves) != head.root
    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(leaves[index], index, proof, head)


@given(sizes, st.data())
def test_any_changed_bit_of_an_inclusion_proof_or_its_head_is_noticed(size, data):
    leaves = leaves_of_size(size)
    index = data.draw(st.integers(0, size - 1))
    hashes = [*inclusion_proof(leaves, index), root_of(leaves)]
    at = data.draw(st.integers(0, len(hashes) - 1))

    hashes[at] = altered(hashes[at], *data.draw(places))

    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(leaves[index], index, hashes[:-1], TreeHead(size, hashes[-1]))


@given(sizes, st.data())
def test_any_changed_bit_of_a_consistency_proof_or_its_heads_is_noticed(size, data):
    leaves = leaves_of_size(size)
    old_size = data.draw(st.integers(1, size))
    proof = consistency_proof(leaves, old_size)
    hashes = [*proof, root_of(leaves[:old_size]), root_of(leaves)]
    at = data.draw(st.integers(0, len(hashes) - 1))

    hashes[at] = altered(hashes[at], *data.draw(places))

    old, new = TreeHead(old_size, hashes[-2]), TreeHead(size, hashes[-1])
    with pytest.raises(ProofDoesNotHold):
        verify_consistency(old, new, hashes[:-2])


@given(st.integers(2, 200), st.data())
def test_a_proof_holds_at_no_other_index(size, data):
    leaves = leaves_of_size(size)
    index, other = data.draw(
        st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
    )

    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(leaves[index], other, inclusion_proof(leaves, index), head_of(leaves))


@given(sizes, st.data())
def test_a_longer_or_shorter_proof_does_not_hold(size, data):
    leaves = leaves_of_size(size)
    index = data.draw(st.integers(0, size - 1))
    old_size = data.draw(st.integers(1, size))
    head, old = head_of(leaves), head_of(leaves[:old_size])
    included = inclusion_proof(leaves, index)
    consistent = consistency_proof(leaves, old_size)

    for wrong in ((*included, LEAVES[0]), included[:-1]):
        if wrong != included:
            with pytest.raises(ProofDoesNotHold):
                verify_inclusion(leaves[index], index, wrong, head)
    for wrong in ((*consistent, LEAVES[0]), consistent[:-1]):
        if wrong != consistent:
            with pytest.raises(ProofDoesNotHold):
                verify_consistency(old, head, wrong)


@given(st.integers(2, 200), st.data())
def test_a_log_that_rewrote_its_past_cannot_prove_consistency(size, data):
    leaves = leaves_of_size(size)
    old_size = data.draw(st.integers(1, size - 1))
    old = head_of(leaves[:old_size])
    rewritten = data.draw(st.integers(0, old_size - 1))
    leaves[rewritten] = altered(leaves[rewritten], *data.draw(places))

    with pytest.raises(ProofDoesNotHold):
        verify_consistency(old, head_of(leaves), consistency_proof(leaves, old_size))


def test_an_inner_node_cannot_be_passed_off_as_an_entry():
    inner_node = LEAVES[0] + LEAVES[1]

    assert leaf_hash(inner_node) != root_of(LEAVES[:2])


def test_a_proof_does_not_hold_in_a_tree_of_another_height():
    first, last = inclusion_proof(LEAVES, 0), inclusion_proof(LEAVES, 7)
    root = root_of(LEAVES)

    with pytest.raises(ProofDoesNotHold, match="shorter"):
        verify_inclusion(LEAVES[0], 0, first, TreeHead(16, root))
    with pytest.raises(ProofDoesNotHold, match="longer"):
        verify_inclusion(LEAVES[7], 1, last, TreeHead(2, root))


@pytest.mark.parametrize(("size", "index"), [(0, 0), (1, 1), (3, 3), (3, -1)])
def test_a_position_outside_the_tree_has_no_inclusion_proof(size, index):
    with pytest.raises(NothingToProve):
        inclusion_proof(LEAVES[:size], index)
    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(LEAVES[0], index, (), head_of(LEAVES[:size]))


@pytest.mark.parametrize(("old_size", "new_size"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_nothing_is_proved_about_an_empty_or_longer_earlier_tree(old_size, new_size):
    with pytest.raises(NothingToProve):
        consistency_proof(LEAVES[:new_size], old_size)
    with pytest.raises(ProofDoesNotHold):
        verify_consistency(TreeHead(old_size, EMPTY_ROOT), head_of(LEAVES[:new_size]), ())


def test_a_proof_between_different_sizes_cannot_be_empty():
    with pytest.raises(ProofDoesNotHold):
        verify_consistency(head_of(LEAVES[:3]), head_of(LEAVES), ())


def test_two_heads_of_one_size_with_different_roots_are_not_consistent():
    with pytest.raises(ProofDoesNotHold):
        verify_consistency(head_of(LEAVES[:4]), head_of(LEAVES[4:]), ())


@pytest.mark.parametrize("wrong_length", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_hash_of_another_length_never_enters_a_proof(wrong_length):
    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(LEAVES[0], 0, (wrong_length,), head_of(LEAVES[:2]))
    with pytest.raises(ProofDoesNotHold):
        verify_consistency(head_of(LEAVES[:1]), head_of(LEAVES[:2]), (wrong_length,))
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(wrong_length)
    with pytest.raises(ValueError, match="32 bytes"):
        Tree([wrong_length])


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_frontier_grows_without_rereading_the_log(first, then):
    leaves = leaves_of_size(first + then)

    stored = Frontier().extend(leaves[:first]).to_bytes()
    grown = Frontier.from_bytes(stored).extend(leaves[first:])

    assert grown.head() == TreeHead(first + then, naive_root(leaves))


def test_appending_leaves_the_earlier_frontier_as_it_was():
    earlier = Frontier().extend(LEAVES[:3])

    earlier.append(LEAVES[3])

    assert earlier == Frontier().extend(LEAVES[:3])


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8, "big"),
        (1).to_bytes(8, "big") + bytes(31),
        (4).to_bytes(8, "big") + bytes(64),
    ],
)
def test_bytes_that_are_not_a_frontier_are_refused(stored):
    with pytest.raises(ValueError, match=r"frontier|length"):
        Frontier.from_bytes(stored)


def test_a_frontier_has_one_peak_for_each_perfect_subtree():
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(4, (LEAVES[0], LEAVES[1]))


def test_hashes_are_split_only_where_they_are_whole():
    assert hashes_in(b"".join(LEAVES)) == LEAVES
    with pytest.raises(ValueError, match="whole number"):
        hashes_in(bytes(33))
