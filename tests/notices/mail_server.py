"""A mail server of our own: speaks enough SMTP to take messages, refuse them, stall or go away."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default as modern


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken = []  # messages, in the order they were taken over
        self.refused = {}  # address: reply to RCPT
        self.after_data = "250 2.0.0 taken"
        self.after_mail = "250 2.1.0 go on"
        self.hello = "220 test"
        self.goes_away_after_data = False
        self.stalls = threading.Event()  # while set, DATA is not answered
        self.over = threading.Event()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def addresses(self):
        return [each["To"] for each in self.taken]

    @property
    def message_ids(self):
        return [each["Message-ID"] for each in self.taken]


class _Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say(self.server.hello)
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 good-bye")
                return
            if verb.upper() == "DATA":
                if not self.take():
                    return
            else:
                self.say(self.answer_to(verb.upper(), rest))

    def answer_to(self, verb, rest):
        if verb == "MAIL":
            return self.server.after_mail
        if verb == "RCPT":
            address = rest.partition("<")[2].partition(">")[0]
            return self.server.refused.get(address, "250 2.1.5 good")
        return "250 good"

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        while self.server.stalls.is_set() and not self.server.over.wait(0.02):
            pass
        if self.server.after_data.startswith("2"):
            self.server.taken.append(message_from_bytes(b"".join(lines), policy=modern))
        if self.server.goes_away_after_data:
            return False
        self.say(self.server.after_data)
        return True


@contextmanager
def mail_server():
    server = MailServer()
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        running.join()
