"""Files that are there whole or not at all, and survive a power cut once they are announced.

POSIX: `rename` replaces a name atomically, but neither the content nor the name is on the disk
until `fsync` has been called on the file and on its directory. Nothing here deletes anything.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def put(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Bring files onto the disk in this order; return when all of them are there.

    The caller is `alone` in the folder. A file that says the same already is left untouched.
    """
    touched: set[Path] = set()
    for relative, content in contents.items():
        path = folder / relative
        touched |= {folder / parent for parent in relative.parents}
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")  # alone here, so one fixed name will do
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    # A rename is only safe once its directory is on the disk. That holds for files found here too:
    # an earlier run may have ended between the rename and this line.
    for directory in touched:
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
