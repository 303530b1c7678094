"""The rehearsal: the movement's four events played through with fictional people.

Every step goes through the same actions as the pages and leaves a line in the audit log when it is
done, so a rehearsal that was killed goes on where it stopped, and a second one changes nothing.
"""

from hocvu.config.rehearsal.play import is_rehearsed, rehearse
from hocvu.config.rehearsal.report import Report, report_of

__all__ = ["Report", "is_rehearsed", "rehearse", "report_of"]
