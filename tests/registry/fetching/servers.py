"""Real servers on this machine that do what strangers' do: answer, lead on, lie, drip, never end."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.fetching.fetcher import Rules

HOME = ipaddress.ip_address("127.0.0.1")
Talk = Callable[[socket.socket, bytes], None]


@dataclass
class Stranger:
    """A server; ``asked`` holds the heads of the requests, ``connections`` how many there were."""

    port: int
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def stranger(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[Stranger]:
    """Listen on a free port; each connection's head goes to ``talk``."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Stranger(listening.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            server.connections += 1
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(4096)
                if not data:
                    break
                head += data
            server.asked.append(head)
            talk(connection, head)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)  # or the waiting accept would keep it open
        listening.close()


def page(body: bytes, kind: str = "text/html", status: str = "200 OK", *more: str) -> Talk:
    """Answer with these bytes."""

    def talk(connection: socket.socket, _head: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return talk


def leading(to: str) -> Talk:
    """Lead on to another address."""
    return page(b"", "text/html", "302 Found", f"Location: {to}")


def at_home(
    *, hosts: tuple[str, ...] = ("policy.example",), trust: ssl.SSLContext | None = None, **more
) -> Rules:
    """The rules of a test: loopback is allowed, and these hosts are there. No setting of the product is it."""

    def resolve(host: str, port: int) -> list:
        if host not in hosts:
            raise OSError("no such host")
        return [HOME]

    given = {
        "allows": lambda address: address == HOME, "resolve": resolve, "ports": frozenset(range(65536)),
        "seconds": 5.0, **more,
    }  # fmt: skip
    if trust is not None:
        given["trust"] = lambda: trust
    return Rules(**given)


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server whose certificate is for ``host``, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    pem = made.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=pem.decode())
