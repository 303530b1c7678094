"""The forms that certificates' files begin with: large, few, and read once each."""

from collections.abc import Collection

from django.db import connection

from hocvu.credentials.models import PrintedForm

# (name, state of its row) → the form; the oldest go first.
_kept: dict[tuple[str, str], PrintedForm] = {}
_MOST_KEPT = 200  # of about 100 KB


def printed_forms(names: Collection[str]) -> dict[str, PrintedForm]:
    """These forms as their rows stand now; those that are gone are left out."""
    if not names:
        return {}
    states = _states_of(names)
    wanted = [name for name, state in states.items() if (name, state) not in _kept]
    if wanted:
        for name, form in PrintedForm.objects.in_bulk(wanted).items():
            while len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)), None)
            _kept[name, states[name]] = form
    found = {name: _kept.get((name, state)) for name, state in states.items()}
    return {name: form for name, form in found.items() if form is not None}


def _states_of(names: Collection[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, concat_ws(' ', ctid, xmin) FROM credentials_printedform WHERE id = ANY(%s)",
            [list(names)],
        )
        return dict(cursor.fetchall())
