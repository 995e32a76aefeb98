"""Says which parts of the confinement this machine keeps, for the operator's eyes."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from registry.bundles import hardening

PROBE_S = 20
#: What each part means where it is missing.
MEANING: Mapping[str, str] = {
    "network": "readers have no network namespace of their own; they still cannot open a socket",
    "identity": "readers run as the worker's own user",
    "capabilities": "readers keep capabilities",
    "privileges": "readers might gain privileges from a program they start; they can start none",
    "memory": "readers' memory is not bounded",
}


@dataclass(frozen=True, slots=True)
class Confinement:
    """``held`` are the parts that hold; ``missing`` gives each other part a sentence."""

    held: tuple[str, ...]
    missing: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether every part holds."""
        return not self.missing


@cache
def confinement() -> Confinement:
    """Try on a process of its own, once, what readers give up; some tens of milliseconds."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", hardening.__file__],
        capture_output=True,
        check=True,
        timeout=PROBE_S,
        env={},
    )
    reasons: dict[str, str] = json.loads(ran.stdout)
    missing = {part: f"{MEANING[part]} ({reason})" for part, reason in reasons.items()}
    return Confinement(tuple(part for part in MEANING if part not in missing), missing)
