"""SPDX's list as this package carries it: ids, names, exceptions, what replaces a deprecated id.

The facts come from ``data/spdx.json``; ``data/PROVENANCE.md`` says which version of the list it is.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

DATA: Traversable = files("licenses") / "data"


@dataclass(frozen=True, slots=True)
class Listed:
    """What SPDX says of an id: its name, and whether OSI approves or the FSF calls it free."""

    id: str
    name: str
    osi: bool
    libre: bool
    deprecated: bool


def _listed() -> tuple[dict[str, Listed], dict[str, str], str]:
    raw = json.loads((DATA / "spdx.json").read_text(encoding="utf-8"))
    licenses = {
        name: Listed(name, row[0], "o" in row[1], "f" in row[1], "d" in row[1])
        for name, row in raw["licenses"].items()
    }
    return licenses, raw["exceptions"], raw["version"]


LISTED, EXCEPTION_NAMES, LIST_VERSION = _listed()
"""Every license id with its facts; every exception id with its name; the list's version."""

LICENSES: dict[str, str] = {name.lower(): name for name in LISTED}
"""Lower-case id → SPDX's spelling."""

EXCEPTIONS: dict[str, str] = {name.lower(): name for name in EXCEPTION_NAMES}
"""Lower-case exception id → SPDX's spelling."""

REPLACED: dict[str, str] = {
    "bsd-2-clause-freebsd": "BSD-2-Clause-Views",
    "bsd-2-clause-netbsd": "BSD-2-Clause",
    "bzip2-1.0.5": "bzip2-1.0.6",
    "ecos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
    "gpl-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "gpl-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
    "gpl-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "gpl-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "gpl-2.0-with-gcc-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "gpl-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "gpl-3.0-with-gcc-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "nunit": "zlib-acknowledgement",
    "standardml-nj": "SMLNJ",
    "wxwindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
}
"""Deprecated id in lower case → the expression that SPDX's list names in its place.

The GNU ids without a suffix are added below: ``GPL-2.0`` says *only*, ``GPL-2.0+`` *or later*.
"""
REPLACED |= {
    name.lower(): f"{name.rstrip('+')}-{'or-later' if name.endswith('+') else 'only'}"
    for name, listed in LISTED.items()
    if listed.deprecated and name.startswith(("AGPL-", "GFDL-", "GPL-", "LGPL-")) and "with" not in name
}


@cache
def texts() -> dict[str, str]:
    """Return SPDX's own text of every license and exception by id (5 MB, read when asked for)."""
    import lzma  # noqa: PLC0415 - the texts are asked for rarely, and start-up is not

    with (
        (DATA / "texts.json.xz").open("rb") as packed,
        lzma.open(packed, "rt", encoding="utf-8") as plain,
    ):
        found: dict[str, str] = json.load(plain)
    return found


def text_of(name: str) -> str | None:
    """Return the full text of a license or exception id, or None where SPDX has none."""
    return texts().get(name)
