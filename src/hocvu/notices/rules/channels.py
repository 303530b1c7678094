"""The port through which messages leave: e-mail today, others when there is a need for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Letter:
    """One message as it is handed over. `id` stays the same however often that is tried."""

    id: UUID
    address: str
    subject: str
    body: str


class Channel(Protocol):
    """A way out: opened once for many letters, each of which is handed over or refused."""

    def open(self) -> AbstractContextManager[Callable[[Letter], None]]:
        """A line to the other side; raises `ChannelIsDown` when there is none."""


class CannotDeliver(Exception):
    """A letter was not handed over. `reply` is the other side's code, never its words:
    those name the address.
    """

    def __init__(self, reply: str = "") -> None:
        super().__init__(reply)
        self.reply = reply


class AddressIsRefused(CannotDeliver):
    """There is no such mailbox, or it takes nothing from us: trying again would not help."""


class IsNoAddress(CannotDeliver):
    """The text is no address that anything could be sent to."""


class LetterIsRefused(CannotDeliver):
    """The other side takes letters for this address, but not this one."""


class AskedToWait(CannotDeliver):
    """The other side asks to try this letter again later."""


class ChannelIsDown(CannotDeliver):
    """Nobody answers, or nobody answers in time: nothing else can be sent now either."""


class ChannelIsClosedToUs(ChannelIsDown):
    """The other side answers, but takes nothing from this installation."""
