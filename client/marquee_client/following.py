"""Follows an upload through its steps, and a release to its decision, by asking at growing intervals."""

import time
from collections.abc import Callable
from typing import Any

from marquee_client.server import Server

FIRST_PAUSE_S, LONGEST_PAUSE_S, GROWTH = 0.15, 2.0, 1.5
#: People decide: nobody is served by asking each second.
DECISION_PAUSE_S = 5.0
ENDED = frozenset({"waiting", "rejected", "aborted"})


def follow_upload(
    server: Server, upload: dict[str, Any], on_step: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Return the upload once it waits, asks for words or has ended; each new step is told."""
    told, pause_s = 0, FIRST_PAUSE_S
    while True:
        for step in upload["steps"][told:]:
            on_step(step)
        told = len(upload["steps"])
        if upload["state"] in ENDED or upload["needs"]:
            return upload
        time.sleep(pause_s)
        pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
        upload = server.get(f"uploads/{upload['id']}")


def follow_release(server: Server, release_id: str) -> dict[str, Any]:
    """Return the release once it was decided on."""
    pause_s = FIRST_PAUSE_S
    while (release := server.get(f"releases/{release_id}"))["state"] == "waiting":
        time.sleep(pause_s)
        pause_s = min(pause_s * GROWTH, DECISION_PAUSE_S)
    return release
