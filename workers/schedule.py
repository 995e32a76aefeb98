"""What runs when. Everything here may run twice, late, or at several places at once without harm."""

from typing import Any

from registry.work import QUEUES, Work

EVERY_S = {
    "sweep_jobs": 5.0, "count_copies": 30.0, "look_at_policies": 300.0, "turn_ended_licenses": 60.0,
    "sweep_old": 3600.0, "sweep_uploads": 3600.0,
}  # fmt: skip


def _entry(name: str, every_s: float) -> dict[str, Any]:
    # A hint that no worker took in time is worth nothing: the next one says the same.
    options = {"queue": QUEUES[Work.PUBLISH], "expires": every_s}
    return {"task": f"marquee.{name}", "schedule": every_s, "options": options}


SCHEDULE = {name: _entry(name, every_s) for name, every_s in EVERY_S.items()}
