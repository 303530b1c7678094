"""The root register as a book: volumes of a year, in the columns of practice, to be bound.

Columns as institutions keep them after Circular 21/2019/TT-BGDĐT; the register is kept for ever,
its pages numbered. A later ruling is noted in the last column; nothing is struck out.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from hocvu.credentials.models import (
    Certificate,
    PreparedCopy,
    RegisterCopy,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import vn_date
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.queries.decisions import last_decision_of
from hocvu.recognition.queries.documents import set_document
from hocvu.units.models import Unit

ENTRIES_A_VOLUME = 1_000
_TEMPLATE = Path(__file__).parent.parent / "templates" / "credentials" / "register_book.typ"
_SEX = {"male": "Nam", "female": "Nữ"}
_MODES = {"in_person": "Tập trung", "online": "Trực tuyến", "blended": "Kết hợp"}


def books_open_to(person: Person) -> QuerySet[Any, Any]:
    """Issuers and years with entries within reach, newest first, with their last number."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "issuer")
    return (
        Certificate.objects.filter(reach)
        .values("issuer", "issuer__name", "register_year")
        .annotate(last=Max("register_number"))
        .order_by("-register_year", "issuer__name")
    )


def volumes_up_to(last_number: int) -> int:
    """How many volumes a year's entries fill."""
    return -(-last_number // ENTRIES_A_VOLUME)


def book_pdf(issuer: Unit, year: int, volume: int, *, at: datetime) -> bytes:
    """One volume: title page, numbered pages, signature block."""
    first = (volume - 1) * ENTRIES_A_VOLUME + 1
    rows = list(entries_of(issuer, year).filter(
        register_number__gte=first, register_number__lt=first + ENTRIES_A_VOLUME
    ))  # fmt: skip
    notes = _notes_on(rows)
    document = {
        "agency": issuer.name.upper(),
        "title": f"SỔ GỐC CẤP GIẤY CHỨNG NHẬN, CHỨNG CHỈ NĂM {year}",
        "volume": f"Quyển số: {volume:02d}",
        "span": f"Từ số {first} đến số {rows[-1].register_number}" if rows else "Chưa có mục nào",
        "printed": f"In ngày {vn_date(day_of(at))}",
        "rows": [_row(position, each, notes) for position, each in enumerate(rows, start=first)],
    }
    return set_document(_TEMPLATE, document, at=at)


def entries_of(issuer: Unit, year: int) -> QuerySet[Certificate]:
    """The first editions of a year in their order: what was entered under each number."""
    return (
        Certificate.objects.filter(issuer=issuer, register_year=year, edition=1)
        .select_related("entry__decision", "correction")
        .defer("stored_file", "tail")
        .order_by("register_number")
    )


def copies_open_to(person: Person) -> QuerySet[RegisterCopy]:
    """The book of copies within reach."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "issuer")
    return (
        RegisterCopy.objects.filter(reach)
        .select_related("certificate__entry__decision", "certificate__correction", "issued_by")
        .defer("file", "certificate__stored_file", "certificate__tail")
    )


def copies_not_issued(person: Person) -> QuerySet[PreparedCopy]:
    """Numbers of that book within reach that wait for a signature, or were given up."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "issuer")
    issued = RegisterCopy.objects.filter(client_id=OuterRef("client_id"))
    return (
        PreparedCopy.objects.filter(reach)
        .filter(~Exists(issued))
        .select_related(
            "certificate__entry__decision__training_class__host_unit",
            "certificate__correction",
            "given_up_by",
        )
        .defer("packed", "certificate__stored_file", "certificate__tail")
        .order_by("-year", "-number")
    )


def signer_of_last(certificate: Certificate) -> dict[str, str]:
    """Who signed this issuer's last copy, else its last decision: probably the next one's too."""
    issuer, names = certificate.issuer_id, ("place", "capacity", "signer_title", "signer_name")
    waiting = PreparedCopy.objects.filter(issuer=issuer).order_by("-prepared_at").values(*names)
    given = RegisterCopy.objects.filter(issuer=issuer).order_by("-issued_at").values(*names)
    if (last := waiting.first() or given.first()) is not None:
        return dict(last)
    decision = last_decision_of(certificate.issuer)
    return {name: getattr(decision, name) for name in names} if decision else {}


def _notes_on(certificates: Iterable[Certificate]) -> dict[int, str]:
    """Later rulings on any edition under the number, by the line of the decision's list."""
    lines = [each.entry_id for each in certificates]
    notes: defaultdict[int, list[str]] = defaultdict(list)
    later = (
        RegisterEntry.objects.filter(certificate__entry__in=lines)
        .exclude(event=RegisterEvent.ISSUE)
        .order_by("leaf_index")
    )
    for line, event, reason, at in later.values_list("certificate__entry", "event", "reason", "at"):
        said = f"{_EVENTS[RegisterEvent(event)]} ngày {vn_date(day_of(at))}: {reason}"
        if said not in notes[line]:
            notes[line].append(said)
    return {line: "; ".join(said) for line, said in notes.items()}


_EVENTS = {
    RegisterEvent.REVOKE: "Thu hồi",
    RegisterEvent.REINSTATE: "Khôi phục hiệu lực",
    RegisterEvent.SUPERSEDE: "Chỉnh sửa, cấp bản mới",
    RegisterEvent.REISSUE: "Tạo lại tệp",
    RegisterEvent.DUPLICATE: "Cấp bản sao",
}


def _row(position: int, certificate: Certificate, notes: dict[int, str]) -> list[str]:
    entry, decision = certificate.entry, certificate.entry.decision
    return [
        str(position),
        entry.full_name,
        entry.birth_text,
        entry.birth_place,
        _SEX.get(entry.sex, ""),
        entry.ethnic_group,
        entry.nationality,
        decision.programme_name,
        f"{decision.class_code} {decision.year}".strip(),
        _MODES.get(decision.mode, ""),
        entry.grade,
        f"{decision.number_and_symbol}, {vn_date(decision.decided_on)}",
        certificate.serial_number,
        certificate.register_entry_number,
        vn_date(day_of(certificate.issued_at)),
        "",  # the holder signs here for a paper certificate
        notes.get(entry.pk, ""),
    ]
