"""Which policy pages are watched, and what their changes were called.

A text in other words waits for the publisher or a moderator: *wording* changes nothing, *meaning* makes a new
notice, which everybody acknowledges anew.
"""

from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.clock import now
from registry.policies.models import Policy
from registry.work import Work, enqueue


def watch(tx: Session, url: str, listing_id: UUID) -> Policy:
    """Watch this page, and no other, as the policy of a listing; in the open transaction.

    It is looked at as soon as a worker can, if it never was.
    """
    tx.execute(update(Policy).where(Policy.listing_id == listing_id, Policy.url != url).values(watched=False))
    statement = insert(Policy).values(
        id=uuid4(), listing_id=listing_id, url=url, watched=True, created_at=now(), next_look_at=now()
    )
    keep = statement.on_conflict_do_update(index_elements=["listing_id", "url"], set_={"watched": True})
    row_id = tx.execute(keep.returning(Policy.id)).scalar_one()
    row = tx.get_one(Policy, row_id, populate_existing=True)
    if row.looked_at is None:
        enqueue(tx, Work.POLICY, row.id)
    return row


def stop_watching(tx: Session, listing_id: UUID) -> None:
    """Watch no page of a listing any more: it names none. In the open transaction."""
    tx.execute(update(Policy).where(Policy.listing_id == listing_id).values(watched=False))
