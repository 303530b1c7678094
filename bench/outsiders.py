"""Who looks at the published log from outside while certificates are issued: witness and citizen.

The witness cosigns every head it sees, and by that checks that each continues the one before; the
citizen downloads everything again and again, and starts from what was whole the last time. Neither
needs the database, which is killed meanwhile.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from hocvu.register import commands
from hocvu.register.cosignature import WitnessKey

_NAME = "witness.example/provincial-archive"
_LOOK_EVERY = 0.3  # seconds
_AUDIT_EVERY = 10  # looks of the witness


class Outsiders:
    """Look until the block ends; what they then held against the log stands in `troubles`."""

    def __init__(self, log: Path, keys: list[str], folder: Path) -> None:
        self._log, self._keys, self._folder = str(log), keys, folder
        self._over = Event()
        self._thread = Thread(target=self._look, name="outsiders", daemon=True)
        self.looks = self.audits = 0
        self.troubles: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        if kind is None:
            self._witness()
            self._citizen()

    @property
    def witness_key(self) -> WitnessKey:
        return commands.key_of_witness(self._folder / "witness")

    def _look(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self._witness()
            if self.looks % _AUDIT_EVERY == 1:
                self._citizen()

    def _witness(self) -> None:
        def look(tell: commands.Tell) -> int:
            return commands.cosign(
                self._folder / "witness",
                _NAME,
                self._keys,
                self._log,
                at=datetime.now(UTC),
                tell=tell,
            )

        self.looks += self._asked(look)

    def _citizen(self) -> None:
        def look(tell: commands.Tell) -> int:
            return commands.audit_register(
                self._log, self._keys, memory=self._folder / "remembered", tell=tell
            )

        self.audits += self._asked(look)

    def _asked(self, look: Callable[[commands.Tell], int]) -> int:
        """1 where there was something to look at. Nothing is published before the first batch."""
        if not (Path(self._log) / "checkpoint").exists():
            return 0
        told: list[str] = []
        if look(told.append) != commands.DONE:
            self.troubles.append(told[-1])
        return 1
