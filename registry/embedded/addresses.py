"""Where the web will listen: whether it can, and under which addresses others reach it."""

import errno
import socket

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
# Documentation addresses of RFC 5737 and RFC 3849: asked only for the way there, never contacted.
FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class CannotListen(Exception):
    """The web cannot listen there; the message is one sentence that says what to do."""


def check_port(host: str, port: int) -> None:
    """See whether host and port can be listened on. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise CannotListen(_sentence(error, host, port)) from error


def address(host: str, port: int) -> str:
    """Return the address of a page on this host and port."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def local_host(host: str) -> str:
    """Return the host under which this machine itself reaches a web that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared


def network_hosts(host: str) -> list[str]:
    """Return this machine's addresses on the network, best first; none unless all are served."""
    if host not in ANYWHERE:
        return []
    found = [_way_out(family, far) for family, far in FAR_AWAY if host == "::" or "." in far]
    found += _named()
    usable = [name for name in found if name and not name.startswith(("127.", "::1", "fe80"))]
    return list(dict.fromkeys(usable))


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        choice = f"PORT={port + 1}" if port < 65535 else "PORT=8000"
        return f"Port {port} of {host} is in use: stop what listens there, or choose {choice}."
    if error.errno == errno.EACCES:
        return f"Only root may listen on port {port}: choose one from 1024 on, such as PORT=8000."
    return f"{host} is no address of this machine: set HOST to 127.0.0.1 or 0.0.0.0."


def _way_out(family: socket.AddressFamily, far: str) -> str | None:
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _named() -> list[str]:
    try:
        entries = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in entries]
