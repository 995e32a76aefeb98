"""Joining what the bundle says with what its publisher said. The bundle wins. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.bundles.ecosystems.base import Kind, Metadata
from registry.bundles.findings import Finding, Severity

NEEDED = {
    "identifier": "Say the identifier that this software has, for every release the same.",
    "version": "Say which version this is; the bundle itself does not.",
    "name": "Say the name that people know it by.",
    "kind": "Say whether it is a plugin, a channel, an agent or a client.",
}
#: Kept as a record of its own (``registry/privacy``), not among the release's words.
APART = frozenset({"privacy"})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the release will be: its identity, what only a person said, what must still be said."""

    identifier: str = ""
    version: str = ""
    name: str = ""
    kind: Kind = Kind.PLUGIN
    said: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def reconcile(metadata: Metadata, said: Mapping[str, Any]) -> Reconciled:
    """Return the identity of the release, what is still needed, and contradictions as error findings.

    The kind may be corrected by the publisher (CONTRACTS, Kinds); it is then kept as said.
    """
    own = {"identifier": metadata.identifier, "version": metadata.version, "name": metadata.name}
    findings = tuple(
        _contradiction(key, str(value), str(said[key]))
        for key, value in own.items()
        if value and key != "name" and said.get(key) not in (None, value)
    )
    taken = {key: value or said.get(key) for key, value in own.items()}
    kind: str | None = said.get("kind") or metadata.kind
    needs = tuple(key for key in NEEDED if not {**taken, "kind": kind}[key])
    if kind is None or needs or findings:
        return Reconciled(needs=needs, findings=findings)
    return Reconciled(
        identifier=str(taken["identifier"]), version=str(taken["version"]), name=str(taken["name"]),
        kind=Kind(kind),
        said={key: value for key, value in said.items() if key not in APART and own.get(key) != value},
    )  # fmt: skip


def _contradiction(key: str, own: str, said: str) -> Finding:
    return Finding(
        "manifest.mismatch",
        Severity.ERROR,
        f"The bundle says the {key} is {own!r}, the upload said {said!r}.",
        f"Leave the {key} out of the form (the bundle's own is used), or correct the bundle.",
    )
