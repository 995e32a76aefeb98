"""The client as its users have it: a command, a home of its own, a live server."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from marquee_client.cli import main
from tests.browser.serving import served
from tests.client.site import Site

PASSING = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "MARQUEE_URL", "MARQUEE_TOKEN", "MARQUEE_PUBLISHER")


@dataclass
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Command:
    """``marquee``, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.environ: dict[str, str | None] = dict.fromkeys(PASSING)
        self.environ["XDG_CONFIG_HOME"] = str(home / "config")
        self.environ["XDG_STATE_HOME"] = str(home / "state")
        self.login_file = home / "config/marquee/logins.json"
        self.uploads = home / "state/marquee/uploads"

    def __call__(self, *words: object, typed: str | None = None) -> Ran:
        """Run it with these words; ``typed`` is what a person types."""
        result = CliRunner().invoke(main, [str(word) for word in words], input=typed, env=self.environ)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def signed(self, url: str, token: str) -> "Command":
        """The same command, as CI runs it: logged in by variables."""
        self.environ |= {"MARQUEE_URL": url, "MARQUEE_TOKEN": token}
        return self


@pytest.fixture
def marquee(tmp_path: Path) -> Command:
    return Command(tmp_path / "home")


@pytest.fixture
def site(app, given) -> Iterator[Site]:
    made = Site(app, given)
    with served(made) as port:
        made.url = f"http://127.0.0.1:{port}"
        yield made


@pytest.fixture
def developer(given):
    """Somebody who may upload for the publisher ``lantern``."""
    account = given.account("ada@example.org")
    given.publisher(account, slug="lantern")
    return account


@pytest.fixture
def publishing(marquee, site, given, developer) -> Command:
    """The command, logged in as somebody who may upload."""
    return marquee.signed(site.url, given.token(developer, "read", "upload"))


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
