"""Files for a person to sign elsewhere: set, numbered, waiting.

What is reserved is what will be issued. Numbers are given in the order of the list, under the
register's lock, in the transaction that keeps the files; so a process killed anywhere leaves each
line either prepared whole or not at all, and no number is skipped or given twice.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.actions.rendering import qr_codes
from hocvu.credentials.models import PreparedFile, PrintedForm
from hocvu.credentials.queries.numbers import free_places, last_register_number
from hocvu.credentials.queries.printing import CODE_LENGTH, Common, Numbered, ToPrint, common_of
from hocvu.credentials.queries.texts import common_texts, own_texts
from hocvu.kernel.ids import readable_code
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.signing import Filling, Form, QrPlace, compile_unsigned, write_unsigned
from hocvu.stationery.queries.number_formats import formats_in_force
from hocvu.stationery.queries.pages import sheet_of
from hocvu.stationery.queries.templates import images_in_use, template_in_force
from hocvu.trust.actions.register_lock import hold_register
from hocvu.typesetting import Compositor
from hocvu.units.models import Unit

_BATCH = 100
_Press = tuple[Form, Compositor]
_presses: dict[tuple[object, ...], _Press] = {}


def prepare_files(
    decision: RecognitionDecision, *, by: Person, moment: Callable[[], datetime]
) -> int:
    """Prepare what is still missing of a decision, batch by batch; return how many files.

    Raises what `rendering` raises; what was prepared by then stays.
    """
    prepared = 0
    while batch := _prepare_batch(decision, by=by, moment=moment):
        prepared += batch
    return prepared


@transaction.atomic(durable=True)
def _prepare_batch(
    decision: RecognitionDecision, *, by: Person, moment: Callable[[], datetime]
) -> int:
    missing = DecisionEntry.objects.filter(decision=decision, prepared=None, certificate=None)
    if not missing.exists():  # asked every minute: without holding up whoever enters something
        return 0
    hold_register()
    entries = list(missing.select_related("decision").order_by("position")[:_BATCH])
    if not entries:
        return 0
    at = moment_of_entry(moment())
    PreparedFile.objects.bulk_create(_prepared(decision, entries, at=at))
    record("certificates_prepared", decision, by=by, at=at, count=len(entries))
    return len(entries)


@dataclass(frozen=True)
class Unsigned:
    """An unsigned file as it is kept."""

    form_id: str
    tail: bytes
    sha256: str


def unsigned_files(batch: Sequence[ToPrint], issuer: Unit, *, at: datetime) -> list[Unsigned]:
    """The files of certificates of one decision, in their order, for somebody else to sign.

    Raises a `SigningRefused` (of the key that signs the QR codes) or a `CannotTypeset`.
    """
    form, compositor = _press_for(batch[0].common, issuer, at=at)
    files = []
    for each, code in zip(batch, qr_codes(batch, issuer, at=at), strict=True):
        text = compositor.compose(own_texts(each, at=at))
        tail = write_unsigned(form, Filling(text, code, each.numbered.serial_number))
        files.append(Unsigned(form.id, form.pack(tail), form.sha256(tail)))
    return files


def _prepared(
    decision: RecognitionDecision, entries: Sequence[DecisionEntry], *, at: datetime
) -> list[PreparedFile]:
    issuer = decision.issuer
    first = last_register_number(issuer, decision.year) + 1
    places = free_places(len(entries))
    batch = _numbered(decision, entries, first, places)
    files = unsigned_files(batch, issuer, at=at)
    return [
        PreparedFile(
            entry=entry,
            issuer=issuer,
            register_year=decision.year,
            register_number=number,
            serial_number=each.numbered.serial_number,
            entry_number=each.numbered.entry_number,
            verification_code=each.numbered.code,
            status_list=place[0],
            status_index=place[1],
            form_id=file.form_id,
            tail=file.tail,
            sha256=file.sha256,
            prepared_at=at,
        )
        for number, (entry, each, file, place) in enumerate(
            zip(entries, batch, files, places, strict=True), start=first
        )
    ]


def _numbered(
    decision: RecognitionDecision,
    entries: Sequence[DecisionEntry],
    first: int,
    places: Sequence[tuple[int, int]],
) -> list[ToPrint]:
    issuer, year = decision.issuer, decision.year
    formats = formats_in_force(issuer, decision.decided_on)
    common = common_of(decision)
    return [
        ToPrint(
            common,
            entry.holder,
            Numbered(
                formats.serial_number(issuer.code, year, number),
                formats.register_entry_number(issuer.code, year, number),
                readable_code(CODE_LENGTH),
                place,
            ),
        )
        for number, (entry, place) in enumerate(zip(entries, places, strict=True), start=first)
    ]


def _press_for(common: Common, issuer: Unit, *, at: datetime) -> _Press:
    """The form of a decision's unsigned files under the template in force, kept between batches."""
    version = template_in_force(issuer, common.kind, day_of(at))
    images = tuple(images_in_use(issuer).order_by("pk").values_list("sha256", flat=True))
    name = (version.pk, version.source, json.dumps(version.look, sort_keys=True), images, common)
    if name not in _presses:
        texts = common_texts(common, signed_by=common.text.signer_name)
        sheet = sheet_of(version, issuer, texts, at=common.decided_at)
        compositor = Compositor(sheet)
        qr = sheet.boxes["qr"]
        place = QrPlace(qr.x, qr.y, qr.width)
        form = compile_unsigned(sheet.pdf, fonts=compositor.fonts, qr=place)
        _presses.clear()
        _presses[name] = (form, compositor)
    form, compositor = _presses[name]
    PrintedForm.objects.get_or_create(
        id=form.id, defaults={"content": form.to_bytes(), "made_at": at}
    )
    return form, compositor
