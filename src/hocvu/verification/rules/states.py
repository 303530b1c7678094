"""How the state of a certificate's rows is told, as SQL: for the view and for the hot path.

The state of a row is its place and the transaction that wrote it (`ctid`, `xmin`): whoever writes
the row, with whatever rights, changes it. So what was verified of a row holds while its state is
the same, and need not be verified again.
"""

from dataclasses import dataclass

# Of every row that a certificate's verification reads.
STATE = """
    concat_ws(' ', c.ctid, c.xmin, e.ctid, e.xmin, d.ctid, d.xmin, u.ctid, u.xmin, k.ctid, k.xmin,
        f.ctid, f.xmin,
        (SELECT string_agg(concat_ws(' ', r.ctid, r.xmin), ' ' ORDER BY r.leaf_index)
         FROM credentials_registerentry r WHERE r.certificate_id = c.id))
"""
JOINED = """
    credentials_certificate c
    LEFT JOIN recognition_decisionentry e ON e.id = c.entry_id
    LEFT JOIN recognition_recognitiondecision d ON d.id = e.decision_id
    LEFT JOIN credentials_correction k ON k.id = c.correction_id
    LEFT JOIN credentials_printedform f ON f.id = c.form_id
    LEFT JOIN units_unit u ON u.id = c.issuer_id
"""
# Changes when a row of the register is removed or rewritten.
REGISTER_STATE = """
    SELECT concat_ws(' ', pg_relation_filenode(t.id),
        pg_stat_get_tuples_deleted(t.id) + pg_stat_get_xact_tuples_deleted(t.id),
        pg_stat_get_tuples_updated(t.id) + pg_stat_get_xact_tuples_updated(t.id)) AS state
    FROM (SELECT 'credentials_registerentry'::regclass::oid AS id) t
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says about a code: which certificate, and the state of its rows."""

    register_state: str = ""  # changes when a row of the register is removed or rewritten
    certificate_id: int | None = None
    state: str = ""


NOBODYS = Found()
