"""Whether all that speaks of a bundle says the same: its other manifests, and its publisher.

The bundle's own manifest is the only source; a contradiction is refused, never settled silently.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.ecosystems.base import Ecosystem, Metadata
from registry.bundles.ecosystems.plain import PLAIN
from registry.bundles.findings import BundleRejected, Finding, Severity, rejected

#: What makes two releases the same one. A name is wording, a kind may be corrected (CONTRACTS,
#: Kinds), and licenses are compared by meaning, elsewhere.
IDENTITY = ("identifier", "version")


def other_manifests(bundle: Bundle, owner: Ecosystem, said: Metadata) -> Iterator[Finding]:
    """Yield a remark for each further ecosystem whose manifest the bundle holds.

    Raises BundleRejected (``manifest.ambiguous``) when it names another identifier or version.
    """
    for other in ECOSYSTEMS:
        if other.name != owner.name:
            yield from _compared(bundle, owner, other, said)


def refuse_contradictions(metadata: Metadata, said: Mapping[str, Any]) -> None:
    """Raise BundleRejected (``manifest.mismatch``) when the publisher said otherwise."""
    for field in IDENTITY:
        own, theirs = getattr(metadata, field), said.get(field)
        if own is not None and theirs is not None and str(theirs) != own:
            raise rejected(
                "manifest.mismatch",
                f"The upload was said to have the {field} {str(theirs)[:100]!r}; its own manifest "
                f"says {own!r}.",
                f"Leave the {field} out of the upload, or change the manifest.",
            )


def _compared(bundle: Bundle, owner: Ecosystem, other: Ecosystem, said: Metadata) -> Iterator[Finding]:
    try:
        if not other.recognises(bundle):
            return
        theirs = other.read(bundle).metadata
    except BundleRejected as rejection:
        yield _remark(other, owner, f"; it cannot be read ({rejection.finding.code})")
        return
    for field in IDENTITY:
        mine, its = getattr(said, field), getattr(theirs, field)
        if None not in (mine, its) and mine != its:
            raise rejected(
                "manifest.ambiguous",
                f"The bundle is for {owner.title} with {field} {mine!r} and for {other.title} "
                f"with {field} {its!r}.",
                "Keep one manifest at the root, or make both say the same.",
            )
    # The last one takes every zip and reads marquee.toml, which may stand beside any manifest.
    if theirs.identifier is not None and other is not PLAIN:
        yield _remark(other, owner, "")


def _remark(other: Ecosystem, owner: Ecosystem, note: str) -> Finding:
    return Finding(
        "manifest.further",
        Severity.INFO,
        f"The bundle holds a manifest for {other.title} too{note}; it is offered for {owner.title}.",
        "Upload a bundle of its own for each media server.",
    )
