"""What a signing plug-in is sent to fetch and to hand in: one file, for one person, for a while.

The plug-in has no session here: the address it is given carries a signed errand. It is good for
half an hour, and once the certificate is issued for nothing but the very same file again, so that
a lost reply can be asked for once more.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.core import signing

from hocvu.credentials.models import PreparedAnew, PreparedCopy, PreparedFile
from hocvu.credentials.queries.waiting import Waiting, decisions_waiting_for
from hocvu.people.models import Person
from hocvu.recognition.models import RecognitionDecision

_SALT: Final = "hocvu.credentials.errand"
GOOD_FOR: Final = timedelta(minutes=30)
PLUG_IN_ADDRESS: Final = "wss://127.0.0.1:8987"  # where the plug-in listens on the signer's machine


@dataclass(frozen=True)
class Errand:
    prepared: Waiting
    decision: RecognitionDecision
    person: Person


def errand_to(prepared: Waiting, person: Person) -> str:
    """The part of an address that lets a plug-in fetch and hand in this file for this person."""
    return signing.dumps([prepared.pk, person.pk, type(prepared).__name__], salt=_SALT)


def errand_of(token: str) -> Errand | None:
    """What an address means; None for one that is forged, too old, or no longer that person's."""
    try:
        prepared_id, person_id, kind = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id).first()
    prepared = _prepared(prepared_id, kind)
    if person is None or prepared is None:
        return None
    decision = decisions_waiting_for(person).filter(pk=prepared.decision.pk).first()
    return Errand(prepared, decision, person) if decision else None


def request_to(prepared: Waiting, *, address: str, token: str) -> dict[str, Any]:
    """What the plug-in is asked, in its own words: where the file is, where the signed one goes."""
    return {
        "FileUploadHandler": address,
        "SessionId": "",
        "JWTToken": token,
        "FileName": address,
        "MetaData": [{"Key": "serial_number", "Value": prepared.shown_number}],
    }


def _prepared(prepared_id: int, kind: object) -> Waiting | None:
    unit = "decision__training_class__host_unit"
    if kind == PreparedFile.__name__:
        first = PreparedFile.objects.select_related("form", f"entry__{unit}")
        return first.filter(pk=prepared_id).first()
    if kind == PreparedAnew.__name__:
        anew = PreparedAnew.objects.select_related("form", f"certificate__entry__{unit}")
        return anew.filter(pk=prepared_id).first()
    if kind == PreparedCopy.__name__:
        copies = PreparedCopy.objects.select_related(f"certificate__entry__{unit}")
        return copies.filter(pk=prepared_id).first()
    return None
