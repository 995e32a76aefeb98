"""``privacy_of``: everything that is known of a bundle's privacy from its bytes alone."""

from dataclasses import replace

from registry.bundles.archive.base import Bundle
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.privacy.comparison import contradictions_of, remarks_of
from registry.bundles.privacy.evidence import PrivacyEvidence
from registry.bundles.privacy.finding import evidence_in
from registry.bundles.privacy.privacy_toml import declared_in


def privacy_of(bundle: Bundle, limits: Limits = DEFAULT_LIMITS) -> PrivacyEvidence:
    """Return what was found, what ``privacy.toml`` declares, and where the two contradict.

    Raises BundleRejected where the bytes of the bundle and its own directory disagree.
    """
    found = evidence_in(bundle, limits)
    declared, findings = declared_in(bundle, limits)
    hosts = (*found.hosts, *found.vendored)
    return replace(
        found,
        declared=None if declared is None else declared.as_json(),
        contradictions=tuple(contradictions_of(declared, hosts)),
        findings=(*findings, *found.findings, *remarks_of(declared, found.data)),
    )
