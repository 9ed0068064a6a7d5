"""A real mail server for tests: it keeps what it took, and can be told to refuse or to be away."""

import email
import email.policy
import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class MailServer:
    """Listens on a port of its own. `refuse_recipient` and `refuse_data` are the answers it gives, “” is none."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.taken = []
        self.refuse_recipient, self.refuse_data = {}, ""
        self.on_data = None
        self._controller = None

    def start(self):
        """Open, also once more after it was stopped."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self):
        """Close: connections are refused."""
        if self._controller:
            self._controller.stop()
        self._controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Answer a recipient."""
        if address in self.refuse_recipient:
            return self.refuse_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Take a message."""
        if self.refuse_data:
            return self.refuse_data
        self.taken.append(envelope)
        if self.on_data:
            self.on_data()
        return "250 OK"

    @property
    def messages(self):
        """What was taken, parsed."""
        return [email.message_from_bytes(each.content, policy=email.policy.default) for each in self.taken]


@contextmanager
def running():
    """Give a mail server that runs until the end."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
