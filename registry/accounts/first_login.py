"""The first admin's login, in a file that only the operator can read, until it is used."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = "first-login.json"


def write(home: Path, login: Mapping[str, str]) -> None:
    """Write ``{"url", "email", "password"}`` so that nobody else can read it."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(login), file)


def read(home: Path) -> dict[str, str] | None:
    """Return the login, as long as nobody has used it."""
    path = home / FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def forget(home: Path, email: str) -> None:
    """Remove the file once its account has signed in."""
    login = read(home)
    if login is not None and login["email"] == email:
        (home / FILE).unlink(missing_ok=True)
