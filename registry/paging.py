"""Keyset pages: a cursor is the sort values of the last row seen, opaque to the client."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from registry.errors import fault

Row = TypeVar("Row")
MOST = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and, where there are more, the cursor of the next page."""

    rows: Sequence[Row]
    next_cursor: str | None = None


def cursor_of(*values: Any) -> str:
    """Pack sort values (strings, numbers) into a cursor."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def values_of(cursor: str, count: int) -> list[Any]:
    """Unpack a cursor. Raises Invalid for one that is not ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except ValueError as error:
        raise fault("cursor", "This is no cursor of ours; start from the first page.") from error
    if not isinstance(values, list) or len(values) != count:
        raise fault("cursor", "This cursor is of another list; start from the first page.")
    return values
