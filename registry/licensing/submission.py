"""The submission terms: what a publisher grants this registry. Versioned; the newest is offered."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class SubmissionTerms:
    """One version: its name, its words, and the digest that a grant is tied to."""

    version: str
    text: str
    sha256: str


@cache
def all_versions() -> dict[str, SubmissionTerms]:
    """Return every version that was ever offered, by name, the oldest first."""
    found = {}
    folder = files("registry.licensing").joinpath("submission_terms")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt"):
            body = file.read_bytes()
            version = file.name.removesuffix(".txt")
            found[version] = SubmissionTerms(version, body.decode(), hashlib.sha256(body).hexdigest())
    return found


def current_terms() -> SubmissionTerms:
    """Return the version that is offered now."""
    return list(all_versions().values())[-1]
