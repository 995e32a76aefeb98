"""Kodi's add-on versions: which ones Marquee takes, and their order.

``[epoch:]upstream[-revision]``, lower-cased; the rules are those of Kodi's AddonVersion.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding

LONGEST_VERSION = 64
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_@~]*(-[0-9A-Za-z.+_@~]+)?", re.ASCII)
_UNUSABLE = re.compile(r"[^a-z0-9.+_@~]")
_PIECE = re.compile(r"[0-9]+|[^0-9]")
_DIGITS = re.compile(r"[0-9]+")

# What may stand at one place of a version, in the order in which Kodi sorts it.
_TILDE, _END, _NUMBER, _OTHER = range(4)
_LARGEST_LONG = 2**63 - 1
_TOO_LARGE_FOR_SOME = 2**31

Piece = tuple[int, int]


class VersionKey(NamedTuple):
    """Sorts as Kodi does: epoch, then upstream, then revision, each place by place."""

    epoch: int
    upstream: tuple[Piece, ...]
    revision: tuple[Piece, ...]


def version_key(version: str) -> VersionKey:
    """Return the sort key of any text, as Kodi would compare it.

    Digit runs compare as numbers, ``~`` sorts before the end, a digit before any other character,
    the rest by ASCII. With a foreign character an upstream counts as 0.0.0, a revision as none.
    One corner differs: Kodi takes ``1a`` and ``1a+0`` for equal, and so loses transitivity.

    >>> version_key("1.0~b") < version_key("1.0") < version_key("1.0+m") < version_key("1.0a")
    True
    """
    epoch, colon, rest = version.lower().partition(":")
    upstream, _, revision = (rest if colon else epoch).partition("-")
    return VersionKey(
        _number(epoch) if colon else 0,
        _pieces("0.0.0" if not version or _UNUSABLE.search(upstream) else upstream),
        _pieces("" if _UNUSABLE.search(revision) else revision),
    )


def _pieces(text: str) -> tuple[Piece, ...]:
    """Turn a text into comparable places.

    After a run of other characters Kodi reads a number, and reads 0 where none is left: ``1.`` is
    ``1.0``.
    """
    if text and not text[-1].isdigit():
        text += "0"
    return (*map(_piece, _PIECE.findall(text)), (_END, 0))


def _piece(text: str) -> Piece:
    if text == "~":
        return _TILDE, 0
    return (_NUMBER, _number(text)) if text[0].isdigit() else (_OTHER, ord(text))


def _number(text: str) -> int:
    """Read leading digits as C's ``strtol`` does where ``long`` has 64 bits."""
    digits = _DIGITS.match(text)
    return min(int(digits[0].lstrip("0")[:20] or "0"), _LARGEST_LONG) if digits else 0


def check_version(version: str | None, at: Place) -> Iterator[Finding]:
    """Remark on odd versions; refuse what Kodi drops or what cannot be part of an address.

    Raises BundleRejected (``manifest.version``).
    """
    if not version:
        raise at.rejection(
            "manifest.version",
            "The add-on has no version.",
            'Give <addon> an attribute like version="1.0.0".',
        )
    if version == "0.0.0":
        raise at.rejection(
            "manifest.version", "Kodi takes the version 0.0.0 for a missing one.", "Start at 0.0.1."
        )
    if len(version) > LONGEST_VERSION or not _VERSION.fullmatch(version):
        raise at.rejection(
            "manifest.version",
            f"The version {version[:80]!r} cannot be read by Kodi or stand in an address.",
            "Use ASCII letters and digits and . + _ @ ~, a letter or digit first, no epoch and "
            f"colon, at most {LONGEST_VERSION} characters.",
        )
    yield from _remarks(version, at)


def _remarks(version: str, at: Place) -> Iterator[Finding]:
    upstream, dash, _ = version.partition("-")
    if dash:
        yield at.warning(
            "manifest.version_revision",
            f"Kodi sorts {version} after {upstream}, since - begins a revision.",
            f"Mark what comes before a release with ~, for example {upstream}~alpha.",
        )
    if any(int(run) >= _TOO_LARGE_FOR_SOME for run in _DIGITS.findall(version)):
        yield at.warning(
            "manifest.version_number",
            f"{version} holds a number above 32 bits, so that some Kodi see no update.",
            f"Keep each number below {_TOO_LARGE_FOR_SOME}.",
        )
