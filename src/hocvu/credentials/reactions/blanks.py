"""Only certificates are printed on blanks: whoever mistyped a number hears of it at once."""

from hocvu.credentials.actions.printing import refuse_what_was_never_issued
from hocvu.kernel.events import reacts_to
from hocvu.stationery.events import SheetsTaken


@reacts_to(SheetsTaken)
def refuse_strange_numbers(event: SheetsTaken) -> None:
    refuse_what_was_never_issued(event.issuer_id, event.serial_numbers)
