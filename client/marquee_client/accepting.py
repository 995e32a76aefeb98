"""``marquee accept``: read what a release's license asks, then agree to it once."""

from typing import Any

import click

from marquee_client.faults import OK, REFUSED, Misused
from marquee_client.server import Server
from marquee_client.speaking import Voice


def accept(voice: Voice, server: Server, release_id: str, *, yes: bool) -> int:
    """Show the terms in force of a release and accept them, when a person or ``yes`` agrees."""
    record = server.get(f"releases/{release_id}/license")
    if record["concluded"] is None:
        voice.say("Its license is not concluded; there is nothing to accept yet.", "warning")
        return REFUSED
    for line in told(server, record):
        voice.say(line)
    if not yes and not voice.asks:
        raise Misused("Nobody can be asked here; say --yes where the terms were read.")
    if not yes and not click.confirm("Do you accept these terms"):
        return REFUSED
    digest = record["terms_digest"]
    server.put_json("acknowledgements", {"subject": "terms", "digest": digest, "how": "cli"})
    voice.say("Kept. You are asked again only when the terms change.", "good")
    voice.give({"ok": True, "digest": digest, "license": record["concluded"]})
    return OK


def told(server: Server, record: dict[str, Any]) -> list[str]:
    """Return the terms in lines for a terminal."""
    words = [f"  {word}: {_said(one)}" for word, one in record["permissions"].items()]
    texts = f"{server.url}/api/v1/releases/{record['release']}/notices"
    return [f"License: {record['concluded']}", *words, f"  In full: {texts}"]


def _said(permission: dict[str, Any]) -> str:
    conditions = ", ".join(name.replace("_", " ") for name in permission["conditions"])
    return f"{permission['answer']} ({conditions})" if conditions else str(permission["answer"])
