"""The public-service signing plug-in on a signer's computer, as its published scripts speak to it.

It listens at wss://127.0.0.1:8987/SignApproved. A request is one JSON message with `FileName`, the
address of the file, and `FileUploadHandler`, where the signed one goes as the field `uploadfile` of
a form; it answers with `Status` (0: done), `Message`, `FileName` and `FileServer`.

What its scripts do not tell, and is taken for granted here: what the upload was answered is its own
answer; a window that is closed gives a status and no message; each request has its own connection.
"""

import asyncio
import ssl
import threading
from collections import deque
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from ipaddress import ip_address

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from signing.test_returned import plugin_signs

PORT = 8987
_BOX = (300, 20, 500, 90)
_CANCELLED, _PIN_REFUSED = 14, 28


class Mood(Enum):
    """What becomes of the next request."""

    SIGNS = auto()
    WINDOW_CLOSED = auto()
    WRONG_PIN = auto()
    DIES = auto()  # before it fetched anything
    DIES_AFTER_UPLOAD = auto()  # the signed file has arrived; nobody hears of it


class SigningPlugIn:
    """`asked` and `uploaded` are addresses; `moods` come first, then it signs with `key`."""

    def __init__(self, key):
        self.key = key
        self.asked, self.uploaded = [], []
        self.moods = deque()

    async def answer(self, request):
        """One connection: one request, one answer."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        wanted = await socket.receive_json()
        self.asked.append(wanted["MetaData"][0]["Value"])
        mood = self.moods.popleft() if self.moods else Mood.SIGNS
        if mood is Mood.WINDOW_CLOSED:
            await socket.send_json({"Status": _CANCELLED, "Message": ""})
        elif mood is Mood.WRONG_PIN:
            await socket.send_json({"Status": _PIN_REFUSED, "Message": "Sai mã PIN."})
        elif mood is not Mood.DIES:
            said = await self._sign(wanted)
            if mood is Mood.SIGNS:
                await socket.send_json(said)
        await socket.close()
        return socket

    async def _sign(self, wanted):
        async with aiohttp.ClientSession() as session:
            async with session.get(wanted["FileName"]) as sent:
                unsigned = await sent.read()
            signed = await asyncio.to_thread(plugin_signs, unsigned, self.key, box=_BOX)
            form = aiohttp.FormData()
            form.add_field("uploadfile", signed, filename="x.pdf", content_type="application/pdf")
            async with session.post(wanted["FileUploadHandler"], data=form) as taken:
                self.uploaded.append(wanted["MetaData"][0]["Value"])
                return await taken.json()


@contextmanager
def started(plug_in, folder):
    """Let it listen, with a certificate of its own that browsers are told to accept."""
    loop, is_ready = asyncio.new_event_loop(), threading.Event()
    secured = _secured(folder)

    async def listen():
        application = web.Application()
        application.router.add_get("/SignApproved", plug_in.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(
            runner, "127.0.0.1", PORT, ssl_context=secured, reuse_address=True
        ).start()
        is_ready.set()
        return runner

    def live():
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(listen())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    assert is_ready.wait(timeout=30), "the plug-in does not listen"
    try:
        yield plug_in
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _secured(folder):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "plug-in.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
