"""``privacy_of``: everything that is known of a bundle's privacy from its bytes alone."""

import gc
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from registry.bundles.archive.base import Bundle
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.privacy.companies import table
from registry.bundles.privacy.comparison import contradictions_of, remarks_of
from registry.bundles.privacy.evidence import Contradiction, PrivacyEvidence
from registry.bundles.privacy.finding import STUMBLES, TRACE_LETTERS, evidence_in
from registry.bundles.privacy.grammars import parser_of
from registry.bundles.privacy.matching import rows
from registry.bundles.privacy.privacy_toml import declared_in

MOST_FINDINGS = 200


def prepare() -> None:
    """Load what the finder needs, for a process that can open no file later."""
    parser_of("python")
    parser_of("javascript")
    rows()
    table()


def privacy_of(bundle: Bundle, limits: Limits = DEFAULT_LIMITS) -> PrivacyEvidence:
    """Return what was found, what ``privacy.toml`` declares, and where the two contradict.

    Raises BundleRejected where the bytes of the bundle and its own directory disagree.
    """
    with _without_collecting():
        found = evidence_in(bundle, limits)
    declared, findings = declared_in(bundle, limits)
    hosts = (*found.hosts, *found.vendored)
    told = (*findings, *found.findings, *remarks_of(declared, found.data))
    return replace(
        found,
        declared=None if declared is None else declared.as_json(),
        contradictions=tuple(contradictions_of(declared, hosts)),
        findings=told[:MOST_FINDINGS],
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the garbage collector rest: the facts hold no cycles, and looking for some takes long."""
    rested = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if rested:
            gc.enable()


def search(bundle: Bundle, limits: Limits = DEFAULT_LIMITS) -> PrivacyEvidence:
    """Return what :func:`privacy_of` does; what breaks the search is a finding, never an exception."""
    try:
        return privacy_of(bundle, limits)
    except BundleRejected as error:
        return PrivacyEvidence(findings=(error.finding,))
    except STUMBLES as error:
        trace = "".join(traceback.format_exception(error))[-TRACE_LETTERS:]
        return PrivacyEvidence(findings=(_not_searched(error, trace),))


def remarks_for_people(evidence: PrivacyEvidence) -> Iterator[Finding]:
    """Yield what a publisher should read, none of it an error: the search refuses no bundle."""
    for finding in evidence.findings:
        yield replace(finding, severity=_at_most_a_warning(finding.severity))
    for contradiction in evidence.contradictions:
        yield _contradicted(contradiction)


def _at_most_a_warning(severity: Severity) -> Severity:
    return Severity.WARNING if severity is Severity.ERROR else severity


def _contradicted(contradiction: Contradiction) -> Finding:
    host = contradiction.found.partition(" ")[0]
    place = contradiction.evidence[0]
    return Finding(
        "privacy.contradiction",
        Severity.WARNING,
        f"The declaration says {contradiction.declared}; {contradiction.found} stands in {place.path}.",
        f'Declare it: "{host}" in hosts of privacy.toml, with a [[data]] for what it is told; or take '
        "it out of the code.",
        place.path,
        place.line,
    )


def _not_searched(error: Exception, trace: str) -> Finding:
    return Finding(
        "privacy.not_searched",
        Severity.WARNING,
        f"The bundle was not searched for hosts and data: the search stopped with {type(error).__name__}.",
        "A moderator looks at it by hand; tell the operator, since the search should read everything.",
        private={"trace": trace},
    )
