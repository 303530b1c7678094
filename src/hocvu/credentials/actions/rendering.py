"""Files of certificates: set, filled and signed. The one place that knows how they come to be.

A decision's certificates share a form: the page of the template in force with everything they have
in common, its typefaces and its signature field. Each certificate adds a tail with its own texts,
its QR code and the signature over the whole file. The form is stored once, a tail in each row.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from hocvu.credentials.models import PrintedForm
from hocvu.credentials.queries.signing_keys import (
    is_development_key,
    key_of,
    public_key,
    statement_key_of,
    timestamps,
)
from hocvu.credentials.queries.texts import common_texts, own_texts
from hocvu.credentials.rules.addresses import verification_address
from hocvu.credentials.rules.printing import Common, ToPrint
from hocvu.kernel.time import day_of
from hocvu.portable.statement import StatementFacts, digits, write_statements
from hocvu.portable.status import place
from hocvu.signing import (
    Filling,
    Form,
    Key,
    QrModules,
    QrPlace,
    SignatureField,
    Words,
    compile_form,
    write_tails,
)
from hocvu.stationery.queries.pages import sheet_of
from hocvu.stationery.queries.templates import images_in_use, template_in_force
from hocvu.typesetting import Compositor
from hocvu.typesetting.qr import QrMaker
from hocvu.units.models import Unit

_NO_LEGAL_VALUE = "Bản thử nghiệm, không có giá trị pháp lý / For trial only, no legal value"
_MOST_PRESSES = 8
_QR = QrMaker("m")


@dataclass(frozen=True)
class Rendered:
    """A signed file as it is kept."""

    form_id: str
    tail: bytes
    sha256: str


@dataclass(frozen=True)
class _Press:
    """What a process keeps between batches: the form, and what writes texts for it."""

    form: Form
    compositor: Compositor


_presses: OrderedDict[tuple[object, ...], _Press] = OrderedDict()


def render_batch(batch: Sequence[ToPrint], issuer: Unit, *, at: datetime) -> list[Rendered]:
    """The signed files of certificates of one decision, in their order: all, or a refusal.

    Raises a `SigningRefused`, a `CannotTypeset` or a `NotPossible`: nothing is stored then, but
    the form, which says nothing of anybody.
    """
    common, key = batch[0].common, key_of(issuer)
    press = _press_for(common, issuer, key, at=at)
    form = press.form
    codes = _qr_codes(batch, issuer, at=at)
    fillings = [
        Filling(
            press.compositor.compose(own_texts(each, at=at)),
            code,
            f"{common.text.number_and_symbol}, {each.numbered.serial_number}{_because(each)}",
        )
        for each, code in zip(batch, codes, strict=True)
    ]
    words = Words(location=common.text.place, contact=settings.SITE_ADDRESS)
    with key.open() as session:
        tails = write_tails(
            form, fillings, session=session, words=words, at=at, timestamps=timestamps()
        )
    return [Rendered(form.id, form.pack(tail), form.sha256(tail)) for tail in tails]


def _press_for(common: Common, issuer: Unit, key: Key, *, at: datetime) -> _Press:
    """The form of a decision under the template in force; made once, found again after a crash."""
    version = template_in_force(issuer, common.kind, day_of(at))
    images = tuple(images_in_use(issuer).order_by("pk").values_list("sha256", flat=True))
    signers = tuple(each.fingerprint(hashes.SHA256()) for each in key.chain)
    look = json.dumps(version.look, sort_keys=True)
    name = (version.source, look, images, common, signers)
    if name in _presses:
        _presses.move_to_end(name)
        press = _presses[name]
    else:
        texts = common_texts(common, signed_by=issuer.name)
        if is_development_key(issuer):
            texts["notice"] = _NO_LEGAL_VALUE
        sheet = sheet_of(version, issuer, texts, at=common.decided_at)
        compositor = Compositor(sheet)
        qr, signature = sheet.boxes["qr"], sheet.boxes.get("signature")
        field = SignatureField(
            "Signature",
            (signature.x, signature.y, signature.width, signature.height) if signature else None,
        )
        form = compile_form(
            sheet.pdf,
            fonts=compositor.fonts,
            qr=QrPlace(qr.x, qr.y, qr.width),
            fields=(field,),
            certificates=key.chain,
        )
        press = _presses[name] = _Press(form, compositor)
        while len(_presses) > _MOST_PRESSES:
            _presses.popitem(last=False)
    PrintedForm.objects.get_or_create(
        id=press.form.id, defaults={"content": press.form.to_bytes(), "made_at": at}
    )
    return press


def _qr_codes(batch: Sequence[ToPrint], issuer: Unit, *, at: datetime) -> list[QrModules]:
    """Each certificate's address with its signed statement behind it, to be checked offline."""
    key = statement_key_of(issuer)
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
    with key.open() as session:
        statements = write_statements(facts, session=session, key=public_key(key, issuer.name))
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
