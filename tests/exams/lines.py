"""A network line between a browser and the server of the tests, which can really be cut."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

_PIECE = 65_536


class Line:
    """Passes on what comes to `url`. Cut, it refuses all and breaks off what is under way."""

    def __init__(self, to: str) -> None:
        parts = urlsplit(to)
        self._to = parts.hostname, parts.port
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut, self._port = False, 0
        self.mend()
        self.url = f"http://localhost:{self._port}"

    def mend(self) -> None:
        self._listening = socket.create_server(("localhost", self._port))
        self._port = self._listening.getsockname()[1]
        self._is_cut = False
        threading.Thread(target=self._accept, args=[self._listening], daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for each in [self._listening, *self._open]:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                device, _ = listening.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    device.close()
                    return
                server = socket.create_connection(self._to)
                self._open |= {device, server}
            for ends in ((device, server), (server, device)):
                threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                to.sendall(piece)
        with self._lock:
            for each in (source, to):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._open.discard(source)
        source.close()
