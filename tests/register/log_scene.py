"""A log with its key, its entries and its published folder, for tests of everything around it."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from hocvu.register.checkpoint import Checkpoint, sign_checkpoint
from hocvu.register.entries import EntryKind, RegisterEntry
from hocvu.register.merkle import Tree, leaf_hash, root_of
from hocvu.register.note import SigningKey
from hocvu.register.publishing import publish

ORIGIN = "register.example/2026"
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
LOG_KEY = SigningKey.generate(ORIGIN)


def entry(number, kind=EntryKind.ISSUE, of=None, *, at=None):
    """The entry with this number, made so many seconds after noon."""
    return RegisterEntry(
        kind,
        of,
        sha256(f"file {number}".encode()).digest(),
        sha256(f"record {number}".encode()).digest(),
        None,
        NOON + timedelta(seconds=number) if at is None else at,
    ).to_bytes()


@dataclass
class Log:
    """A log that can be published, and, by whoever has its key, told anew."""

    entries: list[bytes] = field(default_factory=list)
    key: SigningKey = LOG_KEY

    @classmethod
    def of(cls, size, **options):
        return cls([entry(number) for number in range(size)], **options)

    def grown(self, by):
        start = len(self.entries)
        more = [entry(number) for number in range(start, start + by)]
        return Log([*self.entries, *more], self.key)

    def rewritten(self, number, raw=None):
        entries = [*self.entries]
        entries[number] = raw or entry(number + 10_000, at=NOON + timedelta(seconds=number))
        return Log(entries, self.key)

    @property
    def leaves(self):
        return [leaf_hash(each) for each in self.entries]

    @property
    def tree(self):
        return Tree(self.leaves)

    @property
    def head(self):
        return Checkpoint(self.key.name, len(self.entries), root_of(self.leaves))

    @property
    def note(self):
        return sign_checkpoint(self.head, self.key)

    def publish(self, folder):
        """As it is, whatever stood there before."""
        publish(folder, self.note, self.leaves, [self.key.verifier], entries=self.entries)
        return self


@contextmanager
def static_site(folder, *, for_wallets=None):
    """What any web server makes of a published log; `for_wallets` are files of another form."""

    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def translate_path(self, path):
            wanted = self.headers.get("Accept") == "application/vc"
            return super().translate_path((for_wallets or {}).get(path, path) if wanted else path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
