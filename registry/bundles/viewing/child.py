"""The program of the closed child that shows files: it opens one bundle or two, answers once, and ends.

It is a process of its own for each question: small enough to start (a tenth of a second) and nothing of
it stays in the memory of who asks.
"""

import json
import os
import sys
import traceback
from typing import Any, BinaryIO

from registry.bundles import hardening
from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected
from registry.bundles.limits import Limits
from registry.bundles.viewing.differing import MOST_COMPARED, differ
from registry.bundles.viewing.reading import Part, read_part

TRACE_CHARACTERS = 4_000
_NOTHING = Part(1, ())


def main(words: str) -> None:
    """Answer a request (JSON) on the standard output, as JSON; everything it needs is open already."""
    request = json.loads(words)
    files = [each and os.fdopen(each["descriptor"], "rb") for each in request["files"]]
    hardening.load_lazy_modules()
    limits = Limits(**request["limits"])
    hardening.give_up_rights()
    hardening.die_with_parent()
    hardening.limit_resources(limits.memory_bytes, limits.cpu_s)
    sys.stdout.write(json.dumps(_answer(request, files, limits)))
    sys.stdout.flush()
    # No cleaning up: nothing here outlives the process.
    os._exit(0)


def _answer(request: dict[str, Any], files: list[BinaryIO | None], limits: Limits) -> dict[str, Any]:
    try:
        if request["compare"]:
            before, after = (_part(*each, limits) for each in zip(request["files"], files, strict=True))
            return _told(before and after and differ(before, after))
        return _told(_part(request["files"][0], files[0], limits, line=request["line"]))
    except BundleRejected as rejection:
        return {"kind": "refused", "message": rejection.finding.message}
    except Exception:
        return {"kind": "broken", "trace": traceback.format_exc()[-TRACE_CHARACTERS:]}


def _part(asked: dict[str, Any] | None, file: BinaryIO | None, limits: Limits, line: int = 0) -> Part | None:
    """Read the asked part; without a line from the beginning, as much as is compared."""
    if asked is None or file is None:
        return _NOTHING
    bundle = open_bundle(file, asked["filename"], limits)
    if line:
        return read_part(bundle, asked["path"], line)
    return read_part(bundle, asked["path"], most_lines=MOST_COMPARED)


def _told(found: Any) -> dict[str, Any]:
    if found is None:
        return {"kind": "not_text"}
    kind = "part" if isinstance(found, Part) else "difference"
    return {"kind": kind, **{name: getattr(found, name) for name in found.__slots__}}
