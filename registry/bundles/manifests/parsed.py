"""What every manifest parser returns: the value, what was found, and where each key stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from registry.bundles.archive.base import Bundle
from registry.bundles.findings import BundleRejected, Finding, Severity, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits

T = TypeVar("T")
KeyPath = tuple[str | int, ...]

READ_LIMIT_BYTES = 16 * 1024 * 1024
"""How much of a manifest is looked at, so that a finding names the attack and not its size."""


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A manifest's ``value``, its ``findings`` (no errors) and the line of each key path."""

    value: T
    findings: tuple[Finding, ...] = ()
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, *keys: str | int) -> int | None:
        """Return the line (from 1) of a key path, ``line("tasks", 0, "name")``; None if unknown."""
        return self.lines.get(keys)


def read_manifest(bundle: Bundle, name: str) -> bytes:
    """Return a manifest's bytes for one of the parsers here, which refuse what is too large.

    Raises KeyError for a name that is not there, BundleRejected (``limit.entry``) above 16 MiB.
    """
    return bundle.read(name, READ_LIMIT_BYTES)


def check_size(content: bytes, path: str, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise BundleRejected (``limit.manifest``) for a manifest larger than the limits allow."""
    if len(content) > limits.manifest_bytes:
        raise rejected(
            "limit.manifest",
            f"{path} has {len(content):,} bytes; a manifest may have {limits.manifest_bytes:,}",
            "Keep data out of the manifest; put it into a file of its own.",
            path=path,
        )


def warning(code: str, message: str, fix: str, *, path: str, line: int | None = None) -> Finding:
    """Make a finding for people to look at, which refuses nothing."""
    return Finding(code, Severity.WARNING, message, fix, path, line)


def decode_utf8(content: bytes, code: str, path: str) -> str:
    """Return UTF-8 text. Raises BundleRejected (``code``, with the line) for anything else."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise not_utf8(code, path, line, content[error.start]) from None


def not_utf8(code: str, path: str, line: int, byte: int) -> BundleRejected:
    """Make the refusal of a file that is not UTF-8, with its first wrong byte."""
    return rejected(
        code,
        f"{path} is not UTF-8: byte 0x{byte:02x} in line {line}",
        "Save the file as UTF-8.",
        path=path,
        line=line,
    )
