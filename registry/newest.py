"""Lists that show the newest first, page by page."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_

from registry.database import session
from registry.errors import fault
from registry.paging import MOST, Page, cursor_of, values_of

Row = TypeVar("Row", bound=Any)


def newest_page(query: Select[Row], model: type[Row], *, cursor: str | None, limit: int) -> Page[Row]:
    """Run a query over ``model`` (with ``created_at`` and ``id``), from the cursor on.

    Raises Invalid for a cursor that is not ours.
    """
    if cursor is not None:
        query = query.where(tuple_(model.created_at, model.id) < _last_seen(cursor))
    query = query.order_by(model.created_at.desc(), model.id.desc())
    count = min(max(limit, 1), MOST)
    rows = session().scalars(query.limit(count + 1)).all()
    if len(rows) <= count:
        return Page(rows)
    last = rows[count - 1]
    return Page(rows[:count], cursor_of(last.created_at.isoformat(), str(last.id)))


def _last_seen(cursor: str) -> tuple[datetime, UUID]:
    at, row_id = values_of(cursor, 2)
    try:
        return datetime.fromisoformat(str(at)), UUID(str(row_id))
    except ValueError as error:
        raise fault("cursor", "This cursor is of another list; start from the first page.") from error
