"""``marquee status``: where uploads and releases stand."""

from collections.abc import Mapping
from typing import Any

from marquee_client.faults import OK, REFUSED, Refused
from marquee_client.findings import tell_findings
from marquee_client.publishing import is_good, state_of, verdict
from marquee_client.sending import GONE
from marquee_client.server import Server
from marquee_client.speaking import Voice

MOST_SHOWN = 10
UNDER_WAY = frozenset({"open", "received", "ingesting"})


def show_newest(voice: Voice, server: Server) -> int:
    """Show the newest uploads of one's publishers, a line each."""
    uploads = server.get("uploads")["uploads"][:MOST_SHOWN]
    if not uploads:
        voice.say("Nothing was uploaded yet.")
    for upload in uploads:
        release = _release(server, upload)
        voice.give({**upload, "release_state": release and release["state"]})
        voice.say(_line(upload, release), "" if _is_fine(upload, release) else "error")
    return OK


def show_one(voice: Voice, server: Server, name: str) -> int:
    """Show an upload or a release by its id, with findings; 1 when it was turned away or asks for words."""
    upload = _asked(server, f"uploads/{name}")
    if upload is None:
        return _show_release(voice, server.get(f"releases/{name}"))
    release = _release(server, upload)
    voice.give({**upload, "release_state": release and release["state"]})
    voice.say(_line(upload, release))
    for step in upload["steps"]:
        voice.say(f"  {step['name']}: {step['state']}")
    tell_findings(voice, upload["findings"])
    if upload["state"] not in UNDER_WAY or upload["needs"]:
        for line in verdict(upload, release):
            voice.say(f"  {line}")
    return OK if _is_fine(upload, release) else REFUSED


def _show_release(voice: Voice, release: Mapping[str, Any]) -> int:
    voice.give(release)
    tell_findings(voice, release["findings"])
    upload = {"needs": [], "findings": release["findings"]}
    for line in verdict(upload, release):
        voice.say(line)
    return OK if is_good(upload, release) else REFUSED


def _asked(server: Server, path: str) -> dict[str, Any] | None:
    try:
        return server.get(path)
    except Refused as refusal:
        if refusal.status != GONE:
            raise
        return None


def _release(server: Server, upload: Mapping[str, Any]) -> dict[str, Any] | None:
    return _asked(server, f"releases/{upload['release']}") if upload["release"] else None


def _is_fine(upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> bool:
    return is_good(upload, release) or (upload["state"] in UNDER_WAY and not upload["needs"])


def _line(upload: Mapping[str, Any], release: Mapping[str, Any] | None) -> str:
    named = f"{release['identifier']} {release['version']}" if release else upload["filename"]
    needs = f", asks for {' and '.join(upload['needs'])}" if upload["needs"] else ""
    return f"{upload['id']}  {state_of(upload, release).replace('_', ' ')}{needs}  {named}"
