"""Privacy of a bundle as its maker sees it: what was found in the code, and the line that would settle it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from marquee_client.faults import Misused
from marquee_client.speaking import Voice
from registry.bundles.findings import Severity
from registry.bundles.privacy.comparison import covers
from registry.bundles.privacy.evidence import Evidence, HostFound, Level, PrivacyEvidence
from registry.bundles.privacy.privacy_toml import read_privacy_toml

MOST_SHOWN = 20


def read_declaration(path: Path) -> dict[str, Any]:
    """Return what a ``privacy.toml`` declares, as an upload says it. Raises Misused where it is wrong."""
    declared, findings = read_privacy_toml(path.read_bytes(), path=path.name)
    wrong = [each for each in findings if each.severity is not Severity.INFO]
    if declared is None or wrong:
        told = " ".join(f"{each.message} {each.fix}" for each in wrong[:3])
        raise Misused(f"{path} cannot be sent: {told}")
    return {**declared.as_json(), "from": "cli"}


def declaration_beside(path: Path) -> Path | None:
    """Return the declaration beside a bundle: FILE.privacy.toml, else privacy.toml in its folder."""
    named = (path.with_name(f"{path.name}.privacy.toml"), path.with_name("privacy.toml"))
    return next((each for each in named if each.is_file()), None)


def with_declaration(said: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """Return what is said of a bundle, with the declaration beside it where none was given.

    What the bundle itself declares wins over both, at the server. Raises Misused where the file is wrong.
    """
    beside = None if said.keys() & {"privacy", "source_for"} else declaration_beside(path)
    return said if beside is None else {**said, "privacy": read_declaration(beside)}


def tell_privacy(voice: Voice, evidence: PrivacyEvidence, beside: Path | None = None) -> None:
    """Say what was found in the code and is not declared, with the line that settles it, and what it can do.

    ``beside`` is the declaration that goes along where the bundle has none. Raises Misused where it is wrong.
    """
    if evidence.declared is None and beside is not None:
        voice.say(f"  privacy: declared in {beside}", "quiet")
        evidence = replace(evidence, declared=read_declaration(beside))
    _tell_undeclared(voice, evidence)
    for trace in evidence.capabilities:
        voice.say(f"  can: {trace.code} {_place(trace.evidence[0])}")


def _tell_undeclared(voice: Voice, evidence: PrivacyEvidence) -> None:
    lines = list(_undeclared(evidence))
    if not lines:
        return
    voice.say(f"  privacy: {_claim(evidence.declared)}; found in the code and not declared:")
    for found, settles in lines[:MOST_SHOWN]:
        voice.say(f"    {found}", "warning")
        voice.say(f"      Settle: {settles}")
    if len(lines) > MOST_SHOWN:
        voice.say(f"    and {len(lines) - MOST_SHOWN} more")


def _claim(declared: Mapping[str, Any] | None) -> str:
    if declared is None:
        return "the bundle has no privacy.toml"
    return "declared: none" if declared["none"] else f"declared: {len(declared['data'])} rows"


def _undeclared(evidence: PrivacyEvidence) -> Iterator[tuple[str, str]]:
    """Yield (what and where, the line that settles it)."""
    declared = evidence.declared or {}
    listed = declared.get("hosts") or ()
    for host in (*evidence.hosts, *evidence.vendored):
        if host.level is not Level.E1 and not any(covers(each, host.host) for each in listed):
            yield f"{_named(host)} {_place(host.evidence[0])}", f'add "{host.host}" to hosts = […]'
    told = {row["code"] for row in declared.get("data", ())}
    for trace in evidence.data:
        if trace.code not in told:
            yield (
                f"reads {trace.code} {_place(trace.evidence[0])}",
                f'where it leaves the server: [[data]] code = "{trace.code}" with purposes and recipients',
            )


def _named(host: HostFound) -> str:
    return f"{host.host} ({host.company})" if host.company else host.host


def _place(evidence: Evidence) -> str:
    return f"in {evidence.path}" + (f" line {evidence.line}" if evidence.line else "")
