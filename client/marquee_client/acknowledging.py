"""``marquee acknowledge``: read a privacy notice, then say once that one has."""

from typing import Any

import click

from marquee_client.faults import OK, REFUSED, Misused
from marquee_client.server import Server
from marquee_client.speaking import Voice


def acknowledge(voice: Voice, server: Server, digest: str, *, yes: bool) -> int:
    """Show a notice and acknowledge it, when a person agrees or ``yes`` says so; return the exit code."""
    notice = server.get(f"notices/{digest}")
    for line in told(notice):
        voice.say(line)
    if not yes and not voice.asks:
        raise Misused("Nobody can be asked here; say --yes where the notice was read.")
    if not yes and not click.confirm("Have you read it"):
        return REFUSED
    server.put_json("acknowledgements", {"subject": "notice", "digest": digest, "how": "cli"})
    voice.say("Kept. You are asked again only when it changes.", "good")
    voice.give({"ok": True, "digest": digest, "third_party": notice["content"]["third_party"]})
    return OK


def told(notice: dict[str, Any]) -> list[str]:
    """Return a notice in lines for a terminal."""
    about = notice["content"]
    whose = "third party" if about["third_party"] else "first party"
    return [
        f"{about['ecosystem']} {about['identifier']} by {about['publisher']} ({whose})",
        f"  {notice['text']['en']}",
        f"  All of it: {notice['page']}",
    ]
