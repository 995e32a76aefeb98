"""``privacy FILE…``: the evidence of local files, a JSON line for each. No server is needed."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.privacy.bundle import privacy_of
from registry.bundles.privacy.evidence import PrivacyEvidence

OK, NOT_OK, WRONG_USAGE = 0, 1, 2


def privacy_command(files: Sequence[str]) -> int:
    """Print one JSON object a file to standard output and return the exit code.

    0: every file was read and nothing contradicts; 1: one could not be read, its ``privacy.toml`` is
    wrong, or it contradicts what was found; 2: wrong usage.
    """
    if not files:
        sys.stderr.write("privacy: give at least one FILE.\n")
        return WRONG_USAGE
    code = OK
    for name in files:
        evidence = evidence_of_file(name)
        sys.stdout.write(json.dumps({"file": name, **evidence.as_json()}) + "\n")
        sys.stdout.flush()
        code = code if is_sound(evidence) else NOT_OK
    return code


def is_sound(evidence: PrivacyEvidence) -> bool:
    """Say whether nothing is wrong and nothing contradicts."""
    errors = any(finding.severity is Severity.ERROR for finding in evidence.findings)
    return not errors and not evidence.contradictions


def evidence_of_file(name: str) -> PrivacyEvidence:
    """Look at one local file; one that cannot be opened is a result too (``file.unreadable``)."""
    path = Path(name)
    try:
        with path.open("rb") as file:
            return privacy_of(open_bundle(file, path.name))
    except BundleRejected as error:
        return PrivacyEvidence(findings=(error.finding,))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        message = f"{name} cannot be opened: {why}."
        return PrivacyEvidence(
            findings=(Finding("file.unreadable", Severity.ERROR, message, "Check the path."),)
        )
