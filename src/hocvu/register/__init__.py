"""An append-only Merkle log of hashes: what was issued or revoked can be proved, and never unsaid.

Trusted code, meant to be read from end to end by an auditor in an afternoon, in this order:
`merkle` (hashing, proofs), `note` and `checkpoint` (signed tree heads), `cbor` and `entries` (what
a leaf says), `tiles` and `publishing` (static files), `cosignature`, `witness` and `proof` (what
other institutions add), `auditing`, `places`, `status_lists` and `following` (how anybody checks).
Around them stand
`durable` (files), `fetching`, `witness_server` and `witness_client` (HTTP), and `commands`.
It holds hashes only; no personal data enters it.

Order of writing, kept by the caller: *stage* the entries, *commit the signed head* in the same
database transaction, *publish*, and then *ask witnesses*. A crash after any step is repaired by
publishing again: the committed head is the truth, and the published files only catch up with it.

*Speaks to*: hocvu_verifier.
*Announces*: nothing.
"""
