"""Keyset pages: a cursor is the sort values of the last row seen, opaque to the client (RFC 8288 Link)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request

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


def link_header(next_cursor: str | None) -> dict[str, str]:
    """Return the Link header to the next page, or none."""
    if next_cursor is None:
        return {}
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "cursor"]
    query.append(("cursor", next_cursor))
    return {"Link": f'<{request.base_url}?{urlencode(query)}>; rel="next"'}
