"""``marquee check``: the server's own reader and checks on local files; no server is asked."""

from collections.abc import Sequence
from pathlib import Path

from marquee_client.faults import OK, REFUSED
from marquee_client.findings import counted, tell_findings
from marquee_client.privacy import declaration_beside, tell_privacy
from marquee_client.speaking import Voice
from registry.bundles.inspection import Inspection
from registry.bundles.inspection.command import inspect_command, inspect_file


def check_files(voice: Voice, files: Sequence[str], *, metadata: bool, as_name: str | None) -> int:
    """Check files one after the other; return the exit code of ``registry inspect``."""
    if voice.as_json:
        return inspect_command(files, metadata=metadata, as_name=as_name)
    sound = [_checked(voice, name, metadata=metadata, as_name=as_name) for name in files]
    return OK if all(sound) else REFUSED


def tell_inspection(voice: Voice, name: str, result: Inspection) -> None:
    """Say what a file is and everything that was found in it."""
    voice.say(f"{name}: {what_it_is(result)}")
    findings = [finding.as_json() for finding in result.findings]
    tell_findings(voice, findings)
    if result.privacy is not None:
        tell_privacy(voice, result.privacy, declaration_beside(Path(name)))
    verdict = "would be accepted" if result.ok else "would be refused"
    voice.say(f"  {verdict}; {counted(findings)}", "good" if result.ok else "error")


def what_it_is(result: Inspection) -> str:
    """Return in words what a bundle says of itself."""
    said = result.metadata
    if said is None:
        return "not a bundle that can be read"
    words = [said.ecosystem, said.kind and said.kind.value, said.identifier, said.version]
    known = " ".join(word for word in words if word)
    return f"{known} ({said.name})" if said.name else known


def _checked(voice: Voice, name: str, *, metadata: bool, as_name: str | None) -> bool:
    result = inspect_file(name, metadata=metadata, as_name=as_name)
    tell_inspection(voice, name, result)
    return result.ok
