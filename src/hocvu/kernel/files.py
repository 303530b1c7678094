"""Files that are there whole or not at all, however many processes write them at once."""

import os
import tempfile
from pathlib import Path

PRIVATE, PUBLIC = 0o600, 0o644


def put_whole(file: Path, content: bytes | str, *, mode: int = PUBLIC) -> None:
    """Replace `file`, safely on the disk; of several writers at once the last one wins.

    Text is written as UTF-8. The folder is made if it is missing.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content.encode() if isinstance(content, str) else content)
            opened.flush()
            os.fsync(opened.fileno())
            os.fchmod(opened.fileno(), mode)
        Path(unfinished).replace(file)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
