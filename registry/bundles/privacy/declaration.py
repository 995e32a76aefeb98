"""What a publisher declares: the shape that ``privacy.toml``, a form and the API share."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row: data that leaves the server, what for, to whom. None where it is not said.

    ``precision`` is of places alone: ``city``, or ``finer``.
    """

    code: str
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    basis: str | None = None
    linked: str | None = None
    retention_days: int | str | None = None
    transit: str | None = None
    deletion: str | None = None
    precision: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration; ``hosts`` is None where no list was given, ``none`` says that nothing leaves."""

    policy_url: str | None = None
    hosts: tuple[str, ...] | None = None
    children: str = "unknown"
    none: bool = False
    data: Sequence[DataRow] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the declaration as the command prints it."""
        rows = [
            {**asdict(row), "purposes": list(row.purposes), "recipients": list(row.recipients)}
            for row in self.data
        ]
        hosts = None if self.hosts is None else list(self.hosts)
        return {**asdict(self), "hosts": hosts, "data": rows}
