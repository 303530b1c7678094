"""In which capacity somebody signs, and what the register notes of who signed a later file.

Decree 30/2020/NĐ-CP, annex I, part II, 7a: a deputy signs for the head (KT.), whoever was given the
head's office acts (Q.).
"""

from dataclasses import dataclass
from typing import Final

_DEPUTY: Final = "phó "
_ACTING: Final = "quyền "
_STANDING: Final = " thường trực"  # a deputy's rank: nothing of the head's title


@dataclass(frozen=True)
class InOffice:
    """Somebody who may sign for an issuer on a day: name as it is printed, title of their post."""

    name: str
    title: str

    @property
    def capacity(self) -> str:
        """`KT. HIỆU TRƯỞNG` above a deputy's title; nothing above a head's."""
        said = self.title.casefold()
        if not said.startswith(_DEPUTY):
            return ""
        head = self.title[len(_DEPUTY) :]
        if said.endswith(_STANDING):
            head = head[: -len(_STANDING)]
        return f"KT. {head.upper()}"

    @property
    def written_title(self) -> str:
        """`Quyền Hiệu trưởng` is written `Q. Hiệu trưởng`."""
        is_acting = self.title.casefold().startswith(_ACTING)
        return f"Q. {self.title[len(_ACTING) :]}" if is_acting else self.title

    def facts(self) -> dict[str, str]:
        """What an entry of the register says of who signed the file, with the entry's own day."""
        return {"signer": self.name, "signer_title": self.title}
