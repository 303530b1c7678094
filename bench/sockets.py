"""Servers that live as long as a measurement."""

import signal
import socket
import subprocess
import time

_STARTING_UP = 60.0
_STOPPING = 45.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    give_up_at = time.monotonic() + _STARTING_UP
    while time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no server after {_STARTING_UP:.0f} seconds")


def stop(server: subprocess.Popen[bytes]) -> None:
    """As Ctrl+C would; a server that does not want to is ended."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=_STOPPING)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
