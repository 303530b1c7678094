"""The rows a certificate's verification reads, as models: one statement for each kind.

The same as the querysets would give, which take longer to put together than the database takes
to answer.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from hocvu.credentials.models import Certificate, Correction, PrintedForm, RegisterEntry
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.units.models import Unit
from hocvu.verification.queries.prepared import Lookup


class _Part:
    """The columns of one model in a joined row."""

    def __init__(self, model: type[Model], alias: str, only: Collection[str] = ()) -> None:
        of_model: Sequence[Field[Any, Any]] = model._meta.concrete_fields  # noqa: SLF001 — Django documents it
        fields = [each for each in of_model if not only or each.attname in only]
        self._model = model
        self._names = [each.attname for each in fields]
        self._converters = [
            (at, convert)
            for at, each in enumerate(fields)
            for convert in each.get_db_converters(connection)
        ]
        self.columns = ", ".join(f'{alias}."{each.column}"' for each in fields)
        self.width = len(fields)

    def made_of(self, values: Sequence[Any]) -> Any:
        """The instance, or None where the row was joined to nothing."""
        if values[0] is None:
            return None
        given = list(values)
        for at, convert in self._converters:
            given[at] = convert(given[at], None, connection)
        return self._model.from_db(connection.alias, self._names, given)


_CERTIFICATE = _Part(Certificate, "c")
_LINE = _Part(DecisionEntry, "e")
_DECISION = _Part(RecognitionDecision, "d")
_CORRECTION = _Part(Correction, "k")
_ISSUER = _Part(Unit, "u", {"id", "code", "name"})
_ENTRY = _Part(RegisterEntry, "r")
_PARTS = (_CERTIFICATE, _LINE, _DECISION, _CORRECTION, _ISSUER)
_OF_CERTIFICATES = Lookup(
    "verified_certificates",
    "bigint",
    f"""
    SELECT {", ".join(each.columns for each in _PARTS)}, concat_ws(' ', f.ctid, f.xmin)
    FROM credentials_certificate c
    JOIN recognition_decisionentry e ON e.id = c.entry_id
    JOIN recognition_recognitiondecision d ON d.id = e.decision_id
    JOIN units_unit u ON u.id = c.issuer_id
    LEFT JOIN credentials_correction k ON k.id = c.correction_id
    LEFT JOIN credentials_printedform f ON f.id = c.form_id
    WHERE c.id {{wanted}}
    """,  # noqa: S608 — put together from names of columns
)
_OF_ENTRIES = Lookup(
    "verified_entries",
    "bigint",
    f"""
    SELECT {_ENTRY.columns} FROM credentials_registerentry r
    WHERE r.certificate_id {{wanted}} ORDER BY r.leaf_index
    """,  # noqa: S608 — put together from names of columns
)


def certificates_with_what_they_say(ids: Collection[int]) -> list[Certificate]:
    """These certificates with all that their files and records are read from.

    What rests on a row that is gone is left out; a form that is gone is None.
    """
    found = _OF_CERTIFICATES.rows(ids)
    made: dict[tuple[_Part, object], Any] = {}
    certificates = [_certificate(row, made) for row in found]
    states = {
        each.form_id: row[-1]
        for each, row in zip(certificates, found, strict=True)
        if each.form_id is not None
    }
    forms = _forms(states)
    for certificate in certificates:
        if certificate.form_id is not None:
            _keep(certificate, "form", forms.get(certificate.form_id))
    return certificates


def entries_of(ids: Collection[int]) -> defaultdict[int, list[RegisterEntry]]:
    """The register's entries about each of these certificates, oldest first."""
    entries: defaultdict[int, list[RegisterEntry]] = defaultdict(list)
    for row in _OF_ENTRIES.rows(ids):
        entry: RegisterEntry = _ENTRY.made_of(row)
        entries[entry.certificate_id].append(entry)
    return entries


def _certificate(row: Sequence[Any], made: dict[tuple[_Part, object], Any]) -> Certificate:
    """With what it is joined to. A decision that many rows of one answer show is made once."""
    parts, at = [], 0
    for part in _PARTS:
        of_part = part, row[at]  # the primary key stands first
        if of_part not in made:
            made[of_part] = part.made_of(row[at : at + part.width])
        parts.append(made[of_part])
        at += part.width
    certificate, line, decision, correction, issuer = parts
    _keep(line, "decision", decision)
    _keep(certificate, "entry", line)
    _keep(certificate, "correction", correction)
    _keep(certificate, "issuer", issuer)
    found: Certificate = certificate
    return found


def _keep(instance: Model, name: str, related: Model | None) -> None:
    """As `select_related` does: what the column says stays, also where its row is gone."""
    instance._state.fields_cache[name] = related  # noqa: SLF001 — setting it would empty the column


# --- forms: large, few, and read once each ----------------------------------------------------

# (name, state of its row) → the form; the oldest go first.
_kept: dict[tuple[str, str], PrintedForm] = {}
_MOST_KEPT = 200  # of about 100 KB


def _forms(states: dict[str, str]) -> dict[str, PrintedForm]:
    """These forms as their rows stand; those that are gone are left out."""
    wanted = [name for name, state in states.items() if state and (name, state) not in _kept]
    if wanted:
        for name, form in PrintedForm.objects.in_bulk(wanted).items():
            while len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)), None)
            _kept[name, states[name]] = form
    found = {name: _kept.get((name, state)) for name, state in states.items()}
    return {name: form for name, form in found.items() if form is not None}
