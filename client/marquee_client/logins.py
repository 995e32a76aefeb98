"""Where a login is kept: one file of the user's own, mode 600; ``MARQUEE_URL`` and ``MARQUEE_TOKEN`` win."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_config_path

from marquee_client.faults import Misused

URL, TOKEN = "MARQUEE_URL", "MARQUEE_TOKEN"


@dataclass(frozen=True, slots=True)
class Login:
    """A server's address, without a slash at its end, and a token; ``token_id`` when we made it."""

    url: str
    token: str
    email: str = ""
    token_id: str | None = None


def config_file() -> Path:
    """Return where logins are kept."""
    return user_config_path("marquee") / "logins.json"


def plain_address(url: str) -> str:
    """Return a server's address in the one form it is kept in. Raises Misused."""
    full = url if "://" in url else f"https://{url}"
    parts = urlsplit(full)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise Misused(f"{url} is no address of a Marquee; it looks like https://marquee.example.")
    path = parts.path.rstrip("/").removesuffix("/api/v1")
    return f"{parts.scheme}://{parts.netloc}{path}"


def travels_open(url: str) -> bool:
    """Say whether a token sent there could be read on its way."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}


def current_login(environ: Mapping[str, str]) -> Login:
    """Return the login to use. Raises Misused, with what to do, when there is none."""
    kept = _read()
    named = environ.get(URL)
    url = plain_address(named) if named else kept.get("current")
    if not url:
        raise Misused(f"You are not logged in. Run `marquee login URL`, or set {URL} and {TOKEN}.")
    if token := environ.get(TOKEN):
        return Login(url, token)
    if url not in kept.get("logins", {}):
        raise Misused(f"You are not logged in at {url}. Run `marquee login {url}`, or set {TOKEN}.")
    return _login(url, kept)


def known_login(url: str | None) -> Login | None:
    """Return the login kept for a server, or for the current one."""
    kept = _read()
    url = url or kept.get("current")
    return _login(url, kept) if url in kept.get("logins", {}) else None


def remember(login: Login) -> Path:
    """Keep a login and make its server the current one; return the file."""
    kept = _read()
    logins = {**kept.get("logins", {}), login.url: asdict(login)}
    _write({"current": login.url, "logins": logins})
    return config_file()


def forget(url: str) -> None:
    """Forget a login."""
    kept = _read()
    kept.get("logins", {}).pop(url, None)
    if kept.get("current") == url:
        kept["current"] = next(iter(kept.get("logins", {})), None)
    _write(kept)


def _login(url: str | None, kept: Mapping[str, Any]) -> Login:
    return Login(**kept["logins"][url])


def _read() -> dict[str, Any]:
    try:
        return dict(json.loads(config_file().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Misused(f"{config_file()} cannot be read ({error}). Remove it and log in again.") from error


def _write(kept: Mapping[str, Any]) -> None:
    """Write a new file beside the old one and swap: nobody ever sees half of it, or may read it."""
    folder = config_file().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder)  # mkstemp makes it mode 600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
    Path(name).replace(config_file())
