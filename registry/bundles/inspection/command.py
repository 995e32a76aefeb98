"""``inspect FILE…``: ingest's steps on local files, a JSON line for each. No server is needed."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from registry.bundles.confined import ReaderUnavailable, read_confined
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection import Inspection, inspect, inspect_metadata
from registry.bundles.limits import MIB

#: Parsers refuse far less, with a finding that says why; this only keeps memory small.
METADATA_BYTES = 16 * MIB
OK, NOT_OK, WRONG_USAGE = 0, 1, 2


def inspect_command(files: Sequence[str], *, metadata: bool = False, as_name: str | None = None) -> int:
    """Print one JSON object a file to standard output and return the exit code.

    With ``metadata`` the files are metadata files alone; ``as_name`` is the original name of the one
    that is given. Returns 0 when all are sound, 1 when one is not, 2 for wrong usage.
    """
    complaint = _complaint(files, metadata=metadata, as_name=as_name)
    if complaint is not None:
        sys.stderr.write(f"inspect: {complaint}\n")
        return WRONG_USAGE
    code = OK
    for name in files:
        result = inspect_file(name, metadata=metadata, as_name=as_name)
        sys.stdout.write(json.dumps({**result.as_json(), "file": name}) + "\n")
        sys.stdout.flush()
        code = code if result.ok else NOT_OK
    return code


def _complaint(files: Sequence[str], *, metadata: bool, as_name: str | None) -> str | None:
    if not files:
        return "give at least one FILE."
    if as_name is not None and not metadata:
        return "--as NAME is the name of a metadata file; use it with --metadata."
    if as_name is not None and len(files) > 1:
        return "--as NAME names one file; give one FILE."
    return None


def inspect_file(name: str, *, metadata: bool = False, as_name: str | None = None) -> Inspection:
    """Look at one local file; one that cannot be opened is a result too (``file.unreadable``)."""
    path = Path(name)
    try:
        if metadata and path.stat().st_size > METADATA_BYTES:
            return _unread(path, f"{name} is too large for a metadata file.", "Give one alone.")
        if metadata:
            return inspect_metadata(path.name, path.read_bytes(), as_name=as_name)
        with path.open("rb") as file:
            # Without fork there is no closed child; the file is then the caller's own risk.
            read = read_confined if os.name == "posix" else inspect
            return read(file, path.name)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return _unread(path, f"{name} cannot be opened: {why}.", "Check the path.")
    except ReaderUnavailable as error:
        return _unread(path, f"{name} was not read: {error}.", "Try again.")


def _unread(path: Path, message: str, fix: str) -> Inspection:
    finding = Finding("file.unreadable", Severity.ERROR, message, fix)
    return Inspection(path.name, findings=[finding])
