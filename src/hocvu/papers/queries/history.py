"""What happened to a paper, told in sentences from the audit log."""

from django.db.models import Model
from django.utils.translation import gettext_lazy

from hocvu.people.queries.history import HistoryEntry, acts_told

_SENTENCES = {
    "paper_made": gettext_lazy("%(who)s made the paper."),
    "paper_version_made": gettext_lazy("%(who)s made version %(version)s."),
    "paper_retired": gettext_lazy("%(who)s retired the paper."),
}


def history_of(*papers: Model) -> list[HistoryEntry]:
    """The latest acts on these papers, newest first; two queries."""
    return acts_told(papers, _SENTENCES)
