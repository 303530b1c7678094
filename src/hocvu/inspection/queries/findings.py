"""What an audit of the register can find."""

from dataclasses import dataclass
from enum import Enum


class Trouble(Enum):
    """What an audit of the register can find."""

    RECORD_CHANGED = "record_changed"  # a row no longer says what the log committed to
    FILE_CHANGED = "file_changed"  # the stored file is not the one that was registered
    ENTRY_MISSING = "entry_missing"  # an entry of the log has no row
    COUNT_DIFFERS = "count_differs"  # there are more or fewer entries than were signed
    ENTRY_INSERTED = "entry_inserted"  # a row that was never entered in the log
    ENTRY_MOVED = "entry_moved"  # an entry stands at another place than it was given
    NOT_IN_REGISTER = "not_in_register"  # a certificate nobody entered
    NUMBER_GAP = "number_gap"  # between two register numbers of a year one is missing
    CLOCK_SET_BACK = "clock_set_back"  # an entry is dated long before the one in front of it
    BACK_DATED = "back_dated"  # it claims a moment when a witness saw the log without it
    LIST_CHANGED = "list_changed"  # a decision's list is not as long as its article 1 says
    RESULTS_CHANGED = "results_changed"  # results or a proposal are not those it was taken on
    STATUS_HIDDEN = "status_hidden"  # a published list calls good what was taken back before
    STATUS_UNFOUNDED = "status_unfounded"  # a published list takes back what is in force
    COPY_CHANGED = "copy_changed"  # a copy's file or row is not what was entered
    COPY_INSERTED = "copy_inserted"  # a copy that was never entered in the log
    COPY_MISSING = "copy_missing"  # a copy that was entered is not in the book
    COPY_NUMBER_GAP = "copy_number_gap"  # between two numbers of the book of copies one is missing
    GUARD_IS_DOWN = "guard_is_down"  # a trigger or constraint is missing, disabled or changed
    GUARDS_PASSED_BY = "guards_passed_by"  # somebody's sessions begin with all triggers off
    STRANGE_GUARD = "strange_guard"  # a trigger or rule that no migration has made
    CHECKPOINT_FORGED = "checkpoint_forged"  # a head that the register's key did not sign
    HEAD_MISDATED = "head_misdated"  # a head was taken away, or is dated otherwise than its entries
    PUBLICATION_DAMAGED = "publication_damaged"  # a published file is missing or damaged
    HISTORY_REWRITTEN = "history_rewritten"  # entries do not make the tree that was signed
    MOVED_BACKWARDS = "moved_backwards"  # more was published than is here now
    WITNESS_DISAGREES = "witness_disagrees"  # entries do not make the tree that a witness saw


@dataclass(frozen=True)
class Finding:
    """One trouble, and where: a serial number, an entry (from 1, as on pages) or a size."""

    trouble: Trouble
    where: str


def span(first: int, end: int) -> str:
    """Numbers from `first` to before `end`, as people write them."""
    return str(first) if end <= first + 1 else f"{first}–{end - 1}"
