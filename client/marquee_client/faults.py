"""What can go wrong, each with its exit code: 1 refused, 2 wrong usage, 3 no server there."""

from collections.abc import Mapping
from typing import Any

OK, REFUSED, MISUSED, UNREACHABLE = 0, 1, 2, 3


class Fault(Exception):
    """Something ends the command; the message is a whole sentence that says what to do."""

    exit_code = REFUSED
    code = "refused"

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        return {"ok": False, "error": {"code": self.code, "detail": str(self)}}


class Misused(Fault):
    """The command was used wrongly."""

    exit_code, code = MISUSED, "usage"


class Unreachable(Fault):
    """The server does not answer, or a part of it is down; the same command may work later."""

    exit_code, code = UNREACHABLE, "server.unreachable"


class Refused(Fault):
    """The server said no, in a problem document (RFC 9457)."""

    def __init__(self, problem: Mapping[str, Any], *, hint: str = "") -> None:
        super().__init__(f"{problem.get('detail') or problem.get('title') or 'It was refused.'}")
        self.problem = dict(problem)
        self.status = int(problem.get("status") or 0)
        self.code = str(problem.get("type") or "refused").rpartition("/problems/")[2]
        self.hint = hint

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The wrong fields with their sentences, without what the detail has said already."""
        told = [(str(e.get("pointer", "")), str(e.get("detail", ""))) for e in self.problem.get("errors", [])]
        return [(pointer.lstrip("/"), detail) for pointer, detail in told if detail not in str(self)]

    def as_json(self) -> dict[str, Any]:
        """Return the problem as the server told it, with its code."""
        return {"ok": False, "error": {**self.problem, "code": self.code}}
