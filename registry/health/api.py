"""Liveness and readiness, for supervisors and load balancers."""

from typing import Any

from apiflask import APIBlueprint

from registry.health.service import look, notes
from registry.web.access import public

health = APIBlueprint("health", __name__, tag="Health")


@health.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """Say that the process answers; nothing else is asked."""
    return {"status": "ok"}


@health.get("/readyz")
@public
def readyz() -> tuple[dict[str, Any], int]:
    """Name each part and whether it works; 503 when one does not."""
    parts = look()
    ready = all(part.ok for part in parts)
    body = {
        "status": "ready" if ready else "not ready",
        "parts": {part.name: {"ok": part.ok, "detail": part.detail} for part in parts},
        "notes": notes(),
    }
    return body, 200 if ready else 503
