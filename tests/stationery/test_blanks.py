from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.stationery.actions.blanks import (
    BlankHasMoved,
    BlanksAreKnown,
    NotEnoughBlanks,
    RangeIsOdd,
    assign_blanks,
    destroy_blanks,
    lose_blank,
    receive_blanks,
    spoil_blank,
    take_back,
)
from hocvu.stationery.models import Blank, BlankBook, BlankEntry, BlankState, Kind
from hocvu.stationery.queries.blanks import (
    Balance,
    balance_of,
    blank_of,
    blanks_left,
    blanks_open_to,
    books_open_to,
    entries_open_to,
)
from stationery.stationery_scene import DAY, DELIVERY, NOON, TODAY


@pytest.fixture
def book(school, registrar):
    return receive_blanks(school, DELIVERY, by=registrar, at=NOON)


@pytest.fixture
def use(school, registrar):
    """Print these certificates on paper."""

    def use(*serials):
        return assign_blanks(school, Kind.COMPLETION, serials, by=registrar, at=NOON)

    return use


def balance(book):
    return balance_of(BlankBook.objects.filter(pk=book.pk))


def test_a_delivery_makes_a_blank_for_each_of_its_numbers(book):
    assert str(book) == "A 000001–A 000010"
    assert balance(book) == Balance(10, left=10, used=0, spoiled=0, lost=0, destroyed=0)
    assert AuditEntry.objects.get(act="blanks_received").facts == {"count": 10}


@pytest.mark.parametrize(
    "change",
    [
        {"last_number": 0},
        {"last_number": 100_001},
        {"received_on": TODAY + DAY},
    ],
)
def test_an_odd_delivery_is_refused(school, registrar, change):
    with pytest.raises(RangeIsOdd):
        receive_blanks(school, replace(DELIVERY, **change), by=registrar, at=NOON)


def test_the_same_serial_is_received_once(school, book, registrar):
    overlapping = replace(DELIVERY, series="a", first_number=10, last_number=20)

    with pytest.raises(BlanksAreKnown, match="A 000010"):
        receive_blanks(school, overlapping, by=registrar, at=NOON)

    assert receive_blanks(school, replace(DELIVERY, series="B"), by=registrar, at=NOON)


def test_only_registrars_of_the_unit_keep_its_blanks(school, book, stranger, leader):
    blank = book.blanks.first()
    for person in (stranger, leader):
        with pytest.raises(NotAllowed):
            receive_blanks(school, replace(DELIVERY, series="C"), by=person, at=NOON)
        with pytest.raises(NotAllowed):
            assign_blanks(school, Kind.COMPLETION, ["X"], by=person, at=NOON)
        with pytest.raises(NotAllowed):
            spoil_blank(blank, reason="Rách", by=person, at=NOON)
        with pytest.raises(NotAllowed):
            destroy_blanks(book, minutes_number="1/BB", reason="Cắt", by=person, at=NOON)


def test_certificates_get_the_next_blanks_in_order(book, use):
    given_blanks = use("S-1", "S-2")

    assert [blank.number for blank in given_blanks.values()] == [1, 2]
    assert balance(book).used == 2


def test_older_deliveries_are_used_up_first(school, book, registrar, use):
    older = replace(DELIVERY, series="Z", received_on=TODAY - 30 * DAY)
    receive_blanks(school, older, by=registrar, at=NOON)

    assert use("S-1")["S-1"].series == "Z"


def test_printing_again_takes_the_same_sheet(book, use):
    first = use("S-1")

    assert use("S-1") == first
    assert balance(book).used == 1


def test_a_certificate_named_twice_takes_one_sheet(book, use):
    assert len(use("S-1", "S-1")) == 1
    assert balance(book).used == 1


def test_a_spoiled_print_takes_another_sheet(school, book, use, registrar):
    spoiled = use("S-1")["S-1"]
    spoil_blank(spoiled, reason="Kẹt giấy", by=registrar, at=NOON)

    again = use("S-1")["S-1"]

    assert again.number == 2
    assert blank_of(school, "S-1") == again
    assert balance(book) == Balance(10, left=8, used=1, spoiled=1, lost=0, destroyed=0)


def test_when_too_few_are_left_none_is_taken(book, use):
    with pytest.raises(NotEnoughBlanks, match="11"):
        use(*(f"S-{number}" for number in range(11)))

    assert balance(book).left == 10


def test_blanks_of_another_kind_are_not_used(school, book, registrar):
    with pytest.raises(NotEnoughBlanks):
        assign_blanks(school, Kind.CERTIFICATE, ["S-1"], by=registrar, at=NOON)
    assert blanks_left(school, Kind.COMPLETION) == 10
    assert blanks_left(school, Kind.CERTIFICATE) == 0


def test_a_thousand_certificates_take_a_handful_of_statements(
    school, registrar, django_assert_max_num_queries
):
    many = replace(DELIVERY, last_number=2_000)
    receive_blanks(school, many, by=registrar, at=NOON)
    serials = [f"S-{number}" for number in range(1_000)]

    with django_assert_max_num_queries(12):
        taken = assign_blanks(school, Kind.COMPLETION, serials, by=registrar, at=NOON)

    assert sorted(blank.number for blank in taken.values()) == list(range(1, 1_001))


def test_spoiled_sheets_are_destroyed_with_their_minutes(book, use, registrar):
    blanks = list(book.blanks.order_by("number")[:3])
    for blank in blanks:
        spoil_blank(blank, reason="Ố vàng", by=registrar, at=NOON)

    destroyed = destroy_blanks(book, minutes_number="7/BB", reason="Cắt nhỏ", by=registrar, at=NOON)

    assert destroyed == 3
    assert balance(book) == Balance(10, left=7, used=0, spoiled=0, lost=0, destroyed=3)
    with pytest.raises(BlankHasMoved):
        destroy_blanks(book, minutes_number="8/BB", reason="Cắt", by=registrar, at=NOON)


def test_a_wrong_entry_is_corrected_by_another_one(book, registrar):
    blank = book.blanks.first()
    spoil_blank(blank, reason="Nhầm số", by=registrar, at=NOON)

    take_back(blank, reason="Ghi nhầm tờ", by=registrar, at=NOON + DAY)

    told = [(each.after, each.is_correction) for each in blank.entries.order_by("sequence")]
    assert told == [("spoiled", False), ("left", True)]
    assert balance(book).left == 10


def test_a_lost_sheet_that_turns_up_is_corrected(book, registrar):
    blank = book.blanks.first()
    lose_blank(blank, reason="Kiểm kê thiếu", minutes_number="9/BB", by=registrar, at=NOON)
    assert balance(book).lost == 1

    take_back(blank, reason="Tìm thấy", by=registrar, at=NOON)

    assert balance(book).lost == 0


def test_what_was_destroyed_stays_destroyed(book, registrar):
    blank = book.blanks.first()
    spoil_blank(blank, reason="Rách", by=registrar, at=NOON)
    destroy_blanks(book, minutes_number="7/BB", reason="Cắt", by=registrar, at=NOON)

    for act in (spoil_blank, take_back):
        with pytest.raises(BlankHasMoved):
            act(blank, reason="?", by=registrar, at=NOON)


USED_FROM_THE_START = """
INSERT INTO stationery_blank
  (book_id, issuer_id, series, number, state, serial_number, entry_count)
SELECT id, issuer_id, 'Q', 1, 'used', 'S', 0 FROM stationery_blankbook
"""


# --- What the database itself refuses ------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stationery_blankentry SET reason = 'x'",
        "DELETE FROM stationery_blankentry",
        "UPDATE stationery_blankbook SET last_number = 99",
        "DELETE FROM stationery_blankbook",
        "UPDATE stationery_blank SET state = 'left', serial_number = ''",
        "UPDATE stationery_blank SET number = 77",
        "DELETE FROM stationery_blank",
        USED_FROM_THE_START,
    ],
)
def test_the_register_cannot_be_rewritten(book, use, statement):
    use("S-1")

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        {"before": "used"},  # it stands at "left"
        {"sequence": 2},
        {"before": "spoiled", "after": "destroyed", "reason": "x", "minutes_number": "1"},
        {"after": "destroyed", "reason": "x", "minutes_number": "1"},
        {"serial_number": ""},
        {"after": "spoiled", "serial_number": ""},
        {"after": "lost", "serial_number": "", "reason": "x"},
    ],
)
def test_an_entry_that_does_not_follow_is_refused_by_the_database(book, registrar, change):
    entry = {
        "blank": book.blanks.first(), "sequence": 1, "before": "left", "after": "used",
        "serial_number": "S-1", "at": NOON, "by": registrar,
    }  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        BlankEntry.objects.create(**entry | change)

    assert BlankEntry.objects.create(**entry).pk


STEPS = st.lists(
    st.tuples(st.sampled_from(["use", "spoil", "lose", "back", "destroy"]), st.integers(1, 4)),
    max_size=14,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_happens_the_books_balance(school, registrar, steps):
    with transaction.atomic():
        book = receive_blanks(school, replace(DELIVERY, last_number=4), by=registrar, at=NOON)
        for at, (act, number) in enumerate(steps):
            _try(book, act, number, f"S-{at}", registrar)

        counted = balance(book)
        assert counted.received == 4
        assert counted.left + counted.used + counted.spoiled + counted.lost + counted.destroyed == 4
        for blank in book.blanks.annotate(entries_made=Count("entries")):
            last = blank.entries.order_by("-sequence").first()
            assert blank.entry_count == blank.entries_made
            assert blank.state == (last.after if last else BlankState.LEFT)
        transaction.set_rollback(True)


def _try(book, act, number, serial, by):
    blank = book.blanks.get(number=number)
    try:
        if act == "use":
            assign_blanks(book.issuer, book.kind, [serial], by=by, at=NOON)
        elif act == "destroy":
            destroy_blanks(book, minutes_number="1", reason="x", by=by, at=NOON)
        elif act == "lose":
            lose_blank(blank, reason="x", minutes_number="1", by=by, at=NOON)
        else:
            {"spoil": spoil_blank, "back": take_back}[act](blank, reason="x", by=by, at=NOON)
    except NotPossible:
        pass


@pytest.mark.django_db(transaction=True)
def test_two_registrars_at_once_never_take_the_same_sheet(school, registrar, colleague):
    receive_blanks(school, replace(DELIVERY, last_number=40), by=registrar, at=NOON)
    ready = Barrier(2)
    taken = []

    def print_some(by, name):
        try:
            ready.wait()
            for number in range(10):
                got = assign_blanks(school, Kind.COMPLETION, [f"{name}-{number}"], by=by, at=NOON)
                taken.extend(blank.number for blank in got.values())
        finally:
            connections.close_all()

    threads = [
        Thread(target=print_some, args=(registrar, "A")),
        Thread(target=print_some, args=(colleague, "B")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(1, 21))
    assert Blank.objects.filter(state="used").count() == 20


def test_books_of_other_units_are_not_seen(book, use, leader, stranger):
    use("S-1")

    for query in (books_open_to, blanks_open_to, entries_open_to):
        assert query(leader).exists()
        assert not query(stranger).exists()
    assert books_open_to(leader).get().used_count == 1
