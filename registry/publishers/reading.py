"""Reading publishers, many in one query."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from registry.database import session
from registry.publishers.models import Publisher


def publishers_by_id(ids: Iterable[UUID]) -> dict[UUID, Publisher]:
    """Return the publishers of these ids."""
    rows = session().scalars(select(Publisher).where(Publisher.id.in_(set(ids))))
    return {publisher.id: publisher for publisher in rows}
