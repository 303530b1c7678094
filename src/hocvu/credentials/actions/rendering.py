"""Files of certificates: set, filled and signed. The one place that knows how they come to be.

A decision's certificates share a form: the page of the template in force with everything they have
in common, its typefaces and its signature fields. Each certificate adds a tail with its own texts,
its QR code and the signatures over the whole file. The form is stored once, a tail in each row.

Where an issuer signs twice, the competent person's signature comes first, the organisation's behind
it in the same tail (Decree 30/2020/NĐ-CP, article 5). What B-LT adds is the same for all files of a
run and is gathered before its first signature, so it stands in the form.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from hocvu.credentials.models import PrintedForm
from hocvu.credentials.queries.printing import Common, ToPrint
from hocvu.credentials.queries.texts import common_texts, own_texts
from hocvu.credentials.rules.addresses import verification_address
from hocvu.kernel.time import day_of
from hocvu.portable.keys import PublicKey
from hocvu.portable.statement import StatementFacts, digits, write_statements
from hocvu.portable.status import place
from hocvu.signing import (
    Filling,
    Form,
    QrModules,
    QrPlace,
    Session,
    SignatureField,
    Words,
    compile_form,
    require_usable,
    with_specimen,
    write_second_tails,
    write_tails,
)
from hocvu.stationery.queries.pages import sheet_of
from hocvu.stationery.queries.templates import images_in_use, template_in_force
from hocvu.stationery.rules.fields import SAMPLE_HOLDER
from hocvu.stationery.rules.texts import holder_texts
from hocvu.trust.actions.desks import Desk, desk_of
from hocvu.trust.queries.signing_keys import public_key, statement_key_of
from hocvu.typesetting import CannotTypeset, Compositor, Sheet
from hocvu.typesetting.qr import QrMaker
from hocvu.units.models import Unit

_NO_LEGAL_VALUE = "Bản thử nghiệm, không có giá trị pháp lý / For trial only, no legal value"
_ONE_FIELD, _TWO_FIELDS = ("Signature",), ("Person", "Organisation")
_MOST_PRESSES = 8
_DIGITS = 330  # of a usual statement
_QR = QrMaker("m")


@dataclass(frozen=True)
class Rendered:
    """A signed file as it is kept."""

    form_id: str
    tail: bytes
    sha256: str


@dataclass(frozen=True)
class Press:
    """A decision's form, and what writes texts for it; a process keeps it between runs."""

    form: Form
    compositor: Compositor


_presses: OrderedDict[tuple[object, ...], Press] = OrderedDict()


def render_batch(batch: Sequence[ToPrint], issuer: Unit, *, at: datetime) -> list[Rendered]:
    """The signed files of certificates of one decision, with keys opened for them alone.

    Raises what `print_batch` and `press_for` raise.
    """
    common = batch[0].common
    with desk_of(issuer, common.text.signer_name, at=at) as desk:
        return print_batch(batch, press_for(common, desk, at=at), desk, at=at)


def print_batch(
    batch: Sequence[ToPrint], press: Press, desk: Desk, *, at: datetime
) -> list[Rendered]:
    """The signed files of certificates of one decision, in their order: all, or a refusal.

    Raises a `SigningRefused`, a `CannotTypeset` or a `CannotBeStated`.
    """
    desk.keys.require_usable(at)
    common, form = batch[0].common, press.form
    codes = _codes(batch, desk.statement, desk.stated_by, at=at)
    fillings = [
        Filling(
            press.compositor.compose(own_texts(each, at=at)),
            code,
            f"{common.text.number_and_symbol}, {each.numbered.serial_number}{_because(each)}",
        )
        for each, code in zip(batch, codes, strict=True)
    ]
    tails = _signed(form, fillings, common, desk, at=at)
    return [Rendered(form.id, form.pack(tail), form.sha256(tail)) for tail in tails]


def press_for(common: Common, desk: Desk, *, at: datetime) -> Press:
    """The form of a decision under the template in force; made once, found again after a crash.

    It is stored, and says nothing of anybody. Raises a `CannotTypeset` or a `NotPossible`.
    """
    issuer = desk.issuer
    version = template_in_force(issuer, common.kind, day_of(at))
    images = tuple(images_in_use(issuer).order_by("pk").values_list("sha256", flat=True))
    look = json.dumps(version.look, sort_keys=True)
    name = (version.source, look, images, common, _signers_of(desk), desk.evidence)
    if name in _presses:
        _presses.move_to_end(name)
        press = _presses[name]
    else:
        texts = common_texts(common, signed_by=issuer.name)
        if desk.keys.is_development:
            texts["notice"] = _NO_LEGAL_VALUE
        press = _presses[name] = _pressed(
            sheet_of(version, issuer, texts, at=common.decided_at), common, desk
        )
        while len(_presses) > _MOST_PRESSES:
            _presses.popitem(last=False)
    PrintedForm.objects.get_or_create(
        id=press.form.id, defaults={"content": press.form.to_bytes(), "made_at": at}
    )
    return press


def qr_codes(batch: Sequence[ToPrint], issuer: Unit, *, at: datetime) -> list[QrModules]:
    """The codes alone, for files that somebody else signs. Raises a `SigningRefused`."""
    key = statement_key_of(issuer)
    require_usable(key, at)
    with key.open() as session:
        return _codes(batch, session, public_key(key, issuer.name), at=at)


def _signed(
    form: Form, fillings: Sequence[Filling], common: Common, desk: Desk, *, at: datetime
) -> list[bytes]:
    """One signature, or the person's and then the organisation's."""
    words = _words(common)
    first, *second = desk.signing
    tails = write_tails(
        form, fillings, session=first, words=words, at=at, timestamps=desk.timestamps
    )
    for session in second:
        tails = write_second_tails(
            form,
            tails,
            session=session,
            words=words,
            reason=f"Phát hành, {common.text.number_and_symbol}",
            at=at,
            timestamps=desk.timestamps,
        )
    return tails


def _words(common: Common) -> Words:
    return Words(location=common.text.place, contact=settings.SITE_ADDRESS)


def _pressed(sheet: Sheet, common: Common, desk: Desk) -> Press:
    compositor, qr = Compositor(sheet), sheet.boxes["qr"]
    names = _ONE_FIELD if len(desk.signing) == 1 else _TWO_FIELDS
    form = compile_form(
        sheet.pdf,
        fonts=compositor.fonts,
        qr=QrPlace(qr.x, qr.y, qr.width),
        fields=_fields(sheet, names),
        certificates=[each for key in desk.keys.signing for each in key.chain],
        evidence=desk.evidence,
    )
    form = with_specimen(
        form,
        _specimen(compositor, common),
        key=desk.keys.signing[0],
        words=_words(common),
        at=common.decided_at,
    )
    return Press(form, compositor)


def _specimen(compositor: Compositor, common: Common) -> Filling:
    """What tails of this decision look like, with a holder who does not exist."""
    address = verification_address(settings.SITE_ADDRESS, SAMPLE_HOLDER.verification_code)
    try:
        content = compositor.compose(holder_texts(SAMPLE_HOLDER))
    except CannotTypeset:  # a place narrower than the sample: tails are stored a little larger
        content = b""
    reason = f"{common.text.number_and_symbol}, {SAMPLE_HOLDER.serial_number}"
    return Filling(content, _modules(address, "7" * _DIGITS), reason)


def _fields(sheet: Sheet, names: Sequence[str]) -> tuple[SignatureField, ...]:
    """The fields of the signatures, both over the place that the sheet keeps for signing."""
    box = sheet.boxes.get("signature")
    where = (box.x, box.y, box.width, box.height) if box else None
    return tuple(SignatureField(name, where) for name in names)


def _signers_of(desk: Desk) -> tuple[bytes, ...]:
    certificates = (each for key in desk.keys.signing for each in key.chain)
    return tuple(each.fingerprint(hashes.SHA256()) for each in certificates)


def _codes(
    batch: Sequence[ToPrint], session: Session, key: PublicKey, *, at: datetime
) -> list[QrModules]:
    """Each certificate's address with its signed statement behind it, to be checked offline."""
    facts = [
        StatementFacts(
            holder_name=each.holder.full_name,
            serial_number=each.numbered.serial_number,
            programme_code=each.common.programme_code,
            issued_on=day_of(at),
            status_place=place(*each.numbered.place) if each.numbered.place else None,
        )
        for each in batch
    ]
    statements = write_statements(facts, session=session, key=key)
    return [
        _modules(verification_address(settings.SITE_ADDRESS, each.numbered.code), digits(stated))
        for each, stated in zip(batch, statements, strict=True)
    ]


def _modules(address: str, number: str) -> QrModules:
    """The address in byte mode, the statement as digits: what a code packs best."""
    code = _QR.code(f"{address}#{number}")
    return QrModules(code.size, code.rows)


def _because(to_print: ToPrint) -> str:
    return f", {to_print.reference}" if to_print.reference else ""
