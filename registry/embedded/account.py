"""PostgreSQL refuses to run as root: the system account it runs as then, and what that can reach.

The data folder may lie under a folder closed to the account, for it is entered before the rights
are given up. The programs must be reachable; where they are not, they are copied once.
"""

import os
import pwd
import shutil
import subprocess
import sys
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
    if account is None or _can_run(programs / "bin" / "postgres", account):
        return programs
    copy = COPIES / f"postgresql-{version}"
    if not copy.exists():
        _copy(programs, copy)
    if _can_run(copy / "bin" / "postgres", account):
        return copy
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


def _can_run(program: Path, account: str) -> bool:
    try:
        group = pwd.getpwnam(account).pw_gid
        done = subprocess.run(
            [program, "--version"],
            user=account,
            group=group,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(programs: Path, copy: Path) -> None:
    unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
    shutil.copytree(programs, unfinished, ignore=shutil.ignore_patterns("include"), symlinks=True)
    for path in (COPIES, unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    for path in (unfinished / "bin").iterdir():
        path.chmod(0o755)
    unfinished.replace(copy)
