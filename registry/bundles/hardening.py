"""Takes rights away from the process that calls it: network, identity, memory, time, files.

Knows only the standard library, so that it can also be run alone, as a program that prints what this
machine allows. Nothing here can be given back.
"""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable

CLONE_NEWUSER = 0x1000_0000
CLONE_NEWNET = 0x4000_0000
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
NOBODY = 65534
#: What the standard library would load at its first use, when no file can be opened any more.
LAZY_MODULES = (
    *("_strptime", "bz2", "gzip", "lzma", "zlib", "tarfile", "zipfile", "stringprep"),
    *("encodings.ascii", "encodings.cp1252", "encodings.cp437", "encodings.idna"),
    *("encodings.latin_1", "encodings.punycode", "encodings.raw_unicode_escape"),
    *("encodings.unicode_escape", "encodings.utf_16", "encodings.utf_16_be", "encodings.utf_16_le"),
    *("encodings.utf_32", "encodings.utf_32_be", "encodings.utf_32_le", "encodings.utf_8_sig"),
)
_CAPABILITY_VERSION_3 = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)


def give_up_rights() -> dict[str, str]:
    """Give up network, identity and privileges for good; return the reason for each not given up.

    Meant for the template, before it has read anything from strangers: its children inherit it.
    """
    missing = {}
    for name, act in _RIGHTS:
        try:
            act()
        except OSError as error:
            missing[name] = os.strerror(error.errno) if error.errno else str(error.strerror)
    return missing


def load_lazy_modules() -> None:
    """Load what the standard library loads late; to be called before :func:`limit_resources`."""
    for name in LAZY_MODULES:
        importlib.import_module(name)


def limit_resources(memory_bytes: int, cpu_s: int) -> None:
    """Bound this process; to be called with every file open that it will ever need.

    With no descriptor left to take, neither a file nor a socket can be opened, whatever else the
    machine allows. At ``cpu_s`` the kernel ends the process with SIGXCPU, a second later for good.
    """
    bounds = [
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 1),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_NOFILE, 0, 0),
    ]
    for what, soft, hard in bounds:
        resource.setrlimit(what, (soft, hard))
    # macOS knows the limit and does not keep it.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies; quietly nothing where it cannot."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave_network() -> None:
    """Move into a network namespace of its own, which has no interface that is up."""
    if sys.platform != "linux":
        raise OSError(0, "this system has no network namespaces")
    if _libc.unshare(CLONE_NEWNET) != 0 and _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _leave_identity() -> None:
    if os.geteuid() != 0:
        raise OSError(0, "only root can become another user")
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _drop_capabilities() -> None:
    """Drop those that a user namespace of one's own brings along."""
    if sys.platform == "linux":
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        if _libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
            raise OSError(ctypes.get_errno(), "capset")


def _forbid_new_privileges() -> None:
    if sys.platform != "linux":
        raise OSError(0, "this system cannot forbid new privileges")
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)


def _can_limit_memory() -> None:
    if sys.platform == "darwin":
        raise OSError(0, "this system does not keep a limit on memory")


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


_RIGHTS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("network", _leave_network),
    ("identity", _leave_identity),
    ("capabilities", _drop_capabilities),
    ("privileges", _forbid_new_privileges),
    ("memory", _can_limit_memory),
)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(give_up_rights()))
