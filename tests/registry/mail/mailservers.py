"""Real SMTP servers on loopback, as strict or as unwilling as a test needs them."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "localhost.pem"


class OnAnyPort(Controller):
    """A controller that learns the free port it was given."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class Postbox:
    """What a server has taken, and how it answers the next mails (None: it takes them)."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    users: list[str | None] = field(default_factory=list)
    answer: str | None = None
    to_recipient: str | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient is not None:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer is not None:
            return self.answer
        content: Any = envelope.content
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.over_tls.append(session.ssl is not None or server.tls_context is None)
        self.users.append(session.auth_data.login.decode() if session.auth_data else None)
        return "250 taken"


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.password == b"s3cret"
    return AuthResult(success=good, handled=False, auth_data=data)


@contextmanager
def mail_server(**options: Any) -> Iterator[Postbox]:
    """Run a server; ``options`` are aiosmtpd's (tls_context for STARTTLS, ssl_context for smtps)."""
    box = Postbox()
    controller = OnAnyPort(
        box, hostname="127.0.0.1", port=0, authenticator=_check, enable_SMTPUTF8=True, **options
    )
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def self_signed() -> ssl.SSLContext:
    """Return the certificate that nobody has signed, as mail servers have one out of the box."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
