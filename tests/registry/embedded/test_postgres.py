"""PostgreSQL from a wheel: durable, closed to strangers, complete, and itself again after kill -9."""

import os
import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from registry.embedded.account import system_account
from registry.embedded.home import Home
from registry.embedded.part import PartFailed
from registry.embedded.postgres import EXTENSIONS, Postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    part = Postgres(Home(tmp_path_factory.mktemp("home")))
    part.start()
    yield part
    part.stop()


def ask(postgres, query, **options):
    with psycopg.connect(postgres.url, autocommit=True, **options) as connection:
        return connection.execute(query).fetchall()


def test_the_database_has_its_extensions(postgres):
    found = {name for (name,) in ask(postgres, "SELECT extname FROM pg_extension")}
    assert found >= set(EXTENSIONS)


def test_similar_names_are_found_in_every_script(postgres):
    """With the character classes of plain C, pg_trgm would see nothing in Cyrillic."""
    assert ask(postgres, "SELECT similarity('Кинопоиск', 'Кинопоисх') > 0.5") == [(True,)]
    assert ask(postgres, "SELECT 'ÜBUNG'::citext = 'übung'::citext") == [(True,)]
    assert ask(postgres, "SELECT unaccent('Café')") == [("Cafe",)]


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(postgres):
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert ask(postgres, f"SHOW {setting}") == [("on",)]


def test_the_application_is_no_superuser(postgres):
    assert ask(postgres, "SHOW is_superuser") == [("off",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres, "SELECT pg_read_file('/etc/passwd')")


def test_nobody_comes_in_without_the_password(postgres):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(postgres, "SELECT 1", password="guess")


def test_it_listens_on_loopback_only(postgres):
    assert ask(postgres, "SHOW listen_addresses") == [("127.0.0.1",)]
    with psycopg.connect(postgres.address("postgres", "postgres")) as superuser:
        assert superuser.execute("SHOW unix_socket_directories").fetchall() == [("",)]


def test_every_acknowledged_row_is_there_after_kill_nine(postgres):
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        for number in range(200):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(postgres.child.process.pid, signal.SIGKILL)
    url = postgres.url
    postgres.start()
    assert postgres.url == url
    assert ask(postgres, "SELECT count(*), sum(n) FROM kept") == [(200, sum(range(200)))]


def test_a_pid_file_of_before_the_crash_does_not_keep_it_from_starting(postgres):
    """After a reboot the number in it may be somebody else's: here, our own."""
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n/somewhere\n1\n1\n\n\n\n\n")
    postgres.start()
    assert ask(postgres, "SELECT 1") == [(1,)]


def test_its_data_is_closed_to_other_accounts(postgres):
    assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700


def test_a_port_taken_while_it_was_down_is_replaced(postgres):
    postgres.stop()
    before = postgres.home.port("postgres")
    with socket.create_server(("127.0.0.1", before)):
        postgres.start()
    assert postgres.home.port("postgres") != before
    assert ask(postgres, "SELECT 1") == [(1,)]


def test_data_of_another_major_version_is_refused_with_the_way_to_upgrade(postgres):
    postgres.stop()
    version = postgres.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    with pytest.raises(PartFailed) as refused:
        postgres.start()
    version.write_text(ours)
    sentence = str(refused.value)
    assert "was made by PostgreSQL 17; this Marquee carries 18" in sentence
    assert "python -m registry backup DIR" in sentence
    assert "python -m registry restore DIR" in sentence
    postgres.start()


def test_a_first_start_that_was_interrupted_is_done_again(tmp_path):
    part = Postgres(Home(tmp_path), durable=False)
    (part.folder / "unfinished").mkdir()
    (part.folder / "unfinished" / "PG_VERSION").write_text("18\n")
    part.start()
    assert ask(part, "SELECT 1") == [(1,)]
    part.stop()
    assert sorted(path.name for path in part.folder.iterdir()) == ["data"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a system account")
class TestAsRoot:
    def test_it_runs_as_a_system_account_and_not_as_root(self, postgres):
        owner = Path(f"/proc/{postgres.child.process.pid}").stat().st_uid
        assert owner != 0
        assert owner == postgres.data.stat().st_uid

    def test_secrets_stay_out_of_its_reach(self, postgres):
        secret = postgres.home.path / "secrets" / "postgres-postgres"
        assert secret.stat().st_uid == 0

    def test_a_home_below_a_closed_folder_works_too(self, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        part = Postgres(Home(closed / "var"), durable=False)
        part.start()
        assert ask(part, "SELECT 1") == [(1,)]
        part.stop()

    def test_an_account_is_chosen(self):
        assert system_account() not in {None, "root"}
