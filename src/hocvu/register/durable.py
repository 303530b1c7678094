"""Files that are there whole or not at all, and survive a power cut once they are announced.

POSIX: `rename` replaces a name atomically, but neither the content nor the name is on the disk
until `fsync` has been called on the file and on its directory. Nothing that is
finished is deleted here.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PRIVATE, PUBLIC = 0o600, 0o644


def put_whole(file: Path, content: bytes | str, *, mode: int = PUBLIC) -> None:
    """Replace one file; of several writers at once the last one wins.

    Text is written as UTF-8. The folder is made if it is missing.
    """
    _replace(file, content.encode() if isinstance(content, str) else content, mode)
    _keep_names_in([file.parent])


def put(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Bring files onto the disk in this order; return when all of them are there.

    The caller is `alone` in the folder. A file that says the same already is left untouched.
    """
    touched: set[Path] = set()
    for relative, content in contents.items():
        path = folder / relative
        touched |= {folder / parent for parent in relative.parents}
        if not path.exists() or path.read_bytes() != content:
            _replace(path, content, PUBLIC)
    # A rename is only safe once its directory is on the disk. That holds for files found here too:
    # an earlier run may have ended between the rename and this line.
    _keep_names_in(touched)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer at a time, among threads and processes; the lock goes with its holder."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(file: Path, content: bytes, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fchmod(opened.fileno(), mode)
            os.fsync(opened.fileno())
        Path(unfinished).replace(file)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _keep_names_in(directories: Iterable[Path]) -> None:
    for directory in directories:
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
