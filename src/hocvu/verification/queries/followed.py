"""What the published log says happened to each certificate after its issue.

The database says which entries there are; the log, which nobody here can rewrite, says which there
must be. A revocation that was deleted, or pointed at somebody else's certificate, shows here.
"""

from collections import defaultdict
from pathlib import Path
from threading import Lock, Thread

from hocvu.register.errors import RegisterRefusal
from hocvu.register.following import read_on
from hocvu.register.merkle import Frontier, TreeHead
from hocvu.register.tiles import Folder, TilesAreDamaged

_READ_AT_ONCE = 20_000  # entries; more are read beside the pages, which wait for nobody


class Followed:
    """The log of one folder, as far as it was read and proved."""

    def __init__(self, folder: Path) -> None:
        self._source = Folder(folder)
        self._lock = Lock()
        self._frontier = Frontier()
        self._refused: TreeHead | None = None
        self._later: defaultdict[int, set[int]] = defaultdict(set)

    def later_entries(self, issue: int, head: TreeHead) -> frozenset[int] | None:
        """Where entries about this issue stand below `head`; None while that is being read.

        Raises RegisterRefusal where the published entries do not lead to the head.
        """
        if self._refused == head:
            raise TilesAreDamaged("What is published does not lead to the signed head.")
        if self._frontier.size < head.size:
            if head.size - self._frontier.size > _READ_AT_ONCE:
                Thread(target=self._read_beside, args=[head], daemon=True).start()
                return None
            with self._lock:
                self._read(head)
        return frozenset(self._later.get(issue, ()))

    @property
    def has_begun(self) -> bool:
        return self._frontier.size > 0

    def _read(self, head: TreeHead) -> None:
        if self._frontier.size >= head.size:
            return  # another thread was first
        try:
            reading = read_on(self._source, self._frontier, head)
        except RegisterRefusal:
            self._refused = head
            raise
        for event in reading.events:
            if event.of is not None:
                self._later[event.of].add(event.index)
        self._frontier = reading.frontier

    def _read_beside(self, head: TreeHead) -> None:
        if not self._lock.acquire(blocking=False):
            return  # it is being read already
        try:
            self._read(head)
        except RegisterRefusal:
            return  # remembered: the next page says so
        finally:
            self._lock.release()


_followed: dict[Path, Followed] = {}


def followed(folder: Path) -> Followed:
    """The one follower of this folder in this process."""
    return _followed.setdefault(folder, Followed(folder))


def forget(folder: Path) -> None:
    """Begin anew: the log in this folder is no longer the one that was read."""
    _followed.pop(folder, None)
