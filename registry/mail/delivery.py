"""One conversation with the operator's SMTP server. Knows no database.

``smtp://[user:password@]host[:port]`` takes TLS when the server offers it; ``smtps://`` begins with
it. Certificates are checked, and a password never goes out in clear, except to this machine itself.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from registry.mail.models import OutgoingMail
from registry.settings import SettingsInvalid

TIMEOUT_S = 20
PORTS = {"smtp": 25, "smtps": 465}


class MailRefused(Exception):
    """The server will never take this mail; trying again would not help."""


class MailNotSent(Exception):
    """The mail was not sent this time; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes: ``tls_first`` for smtps."""

    host: str
    port: int
    tls_first: bool
    user: str | None
    password: str | None

    @property
    def is_here(self) -> bool:
        """Say whether it is this machine itself, so that nobody can listen in between."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_server(url: str) -> Server:
    """Read SMTP_URL. Raises SettingsInvalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in PORTS:
        raise SettingsInvalid("SMTP_URL must be smtp://host:port or smtps://host:port.")
    return Server(
        host=host,
        port=port or PORTS[parts.scheme],
        tls_first=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def deliver(mail: OutgoingMail, smtp_url: str, sender: str) -> None:
    """Hand a mail to the server. Raises MailRefused for good, MailNotSent for now."""
    server = read_server(smtp_url)
    try:
        with _connect(server) as connection:
            connection.send_message(compose(mail, sender))
    except smtplib.SMTPAuthenticationError as error:  # our fault, not the mail's
        raise MailNotSent(f"{server.host} does not take the password of SMTP_URL.") from error
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _failure(code, reason) from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"{server.host}:{server.port} did not take the mail: {error}") from error


def compose(mail: OutgoingMail, sender: str) -> EmailMessage:
    """Return the message; its Message-ID is the same each time it is sent."""
    _, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content(mail.body)
    return message


def _connect(server: Server) -> smtplib.SMTP:
    context = tls_for(server)
    if server.tls_first:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=context
        )
        return _signed_in(connection, server, secret=True)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
        return _signed_in(connection, server, secret=True)
    return _signed_in(connection, server, secret=server.is_here)


def _signed_in(connection: smtplib.SMTP, server: Server, *, secret: bool) -> smtplib.SMTP:
    if server.user is None:
        return connection
    if not secret:
        connection.close()
        raise MailNotSent(f"{server.host} offers no TLS; the password of SMTP_URL is not sent in clear.")
    connection.login(server.user, server.password or "")
    return connection


def tls_for(server: Server) -> ssl.SSLContext:
    """Return how the server's certificate is checked."""
    context = ssl.create_default_context()
    if server.is_here:  # a mail server on the same machine has a certificate that nobody signed
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _failure(code: int, reason: bytes | str) -> MailRefused | MailNotSent:
    told = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    sentence = f"The server answered {code} {told}"[:500]
    return MailRefused(sentence) if 500 <= code < 600 else MailNotSent(sentence)
