"""Which policy pages are watched, and what their changes were called.

A text in other words waits for the publisher or a moderator: *wording* changes nothing, *meaning* makes a new
notice, which everybody acknowledges anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import NotAllowed, NotFound, StateMoved, fault
from registry.listings.models import Listing
from registry.listings.service import find_listing
from registry.policies.models import Policy, PolicyText, Standing
from registry.policies.telling import tell_of_meaning
from registry.work import Work, enqueue

#: How many pages of one listing are looked at: those of its younger releases.
MOST_WATCHED = 5
LONGEST_NOTE = 2000
CALLS = {Standing.WORDING, Standing.MEANING}


@dataclass(frozen=True, slots=True)
class Seen:
    """A policy page with its listing, the text in force and the one that waits to be called."""

    policy: Policy
    listing: Listing
    current: PolicyText | None
    pending: PolicyText | None = None


def watch(tx: Session, url: str, listing_id: UUID) -> Policy:
    """Watch this page as the policy of a listing, in the open transaction; the same page twice is one.

    It is looked at as soon as a worker can, if it never was, and then every day.
    """
    statement = insert(Policy).values(
        id=uuid4(), listing_id=listing_id, url=url, watched=True, created_at=now(), next_look_at=now()
    )
    keep = statement.on_conflict_do_update(index_elements=["listing_id", "url"], set_={"watched": True})
    row_id = tx.execute(keep.returning(Policy.id)).scalar_one()
    row = tx.get_one(Policy, row_id, populate_existing=True)
    older = select(Policy.id).where(Policy.listing_id == listing_id, Policy.id != row_id)
    older = older.order_by(Policy.created_at.desc()).offset(MOST_WATCHED - 1)
    tx.execute(update(Policy).where(Policy.id.in_(older)).values(watched=False))
    if row.looked_at is None:
        enqueue(tx, Work.POLICY, row.id)
    return row


def policies_of(listing: Listing) -> list[Seen]:
    """Return the policy pages of a listing that are watched, the youngest first."""
    rows = session().scalars(
        select(Policy)
        .where(Policy.listing_id == listing.id, Policy.watched)
        .order_by(Policy.created_at.desc())
    )
    return [_seen(policy, listing) for policy in rows]


def page_of(ecosystem: str, identifier: str, url: str) -> Seen | None:
    """Return the page that a listing names as its policy, with the text in force; None for no such page."""
    row = (
        session()
        .execute(
            select(Policy, Listing)
            .join(Listing, Listing.id == Policy.listing_id)
            .where(Listing.ecosystem == ecosystem, Listing.identifier == identifier, Policy.url == url)
        )
        .one_or_none()
    )
    return Seen(row.Policy, row.Listing, _text(row.Policy.current_id)) if row else None


def list_pending(*, by: Actor, limit: int = 100) -> list[Seen]:
    """Return the changes that wait to be called by this member or moderator, the oldest first."""
    by.must_be_signed_in()
    in_force = aliased(PolicyText)
    query = (
        select(PolicyText, Policy, Listing, in_force)
        .join(Policy, Policy.id == PolicyText.policy_id)
        .join(Listing, Listing.id == Policy.listing_id)
        .outerjoin(in_force, in_force.id == Policy.current_id)
        .where(PolicyText.standing == Standing.PENDING)
        .order_by(PolicyText.fetched_at)
    )
    if not by.is_moderator:
        query = query.where(Listing.publisher_id.in_(list(by.memberships)))
    rows = session().execute(query.limit(limit))
    return [Seen(policy, listing, current, text) for text, policy, listing, current in rows]


def count_pending() -> int:
    """Return how many changes wait to be called."""
    waiting = select(func.count()).where(PolicyText.standing == Standing.PENDING)
    return session().scalar(waiting) or 0


def find_text(text_id: UUID, *, by: Actor) -> tuple[Seen, PolicyText]:
    """Return a text with its page. What was in force is for everybody, what waits for its own people.

    Raises NotFound.
    """
    text = session().get(PolicyText, text_id)
    policy = session().get(Policy, text.policy_id) if text else None
    if text is None or policy is None:
        raise NotFound("There is no such text of a policy.")
    listing = session().get_one(Listing, policy.listing_id)
    find_listing(listing.ecosystem, listing.identifier, by=by)
    if text.standing in {Standing.PENDING, Standing.PASSED} and not is_of_its_people(listing, by=by):
        raise NotFound("There is no such text of a policy.")
    return _seen(policy, listing), text


def history_of(policy: Policy) -> Sequence[PolicyText]:
    """Return the texts that were in force, the youngest first."""
    query = select(PolicyText).where(
        PolicyText.policy_id == policy.id, PolicyText.standing.not_in([Standing.PENDING, Standing.PASSED])
    )
    return session().scalars(query.order_by(PolicyText.fetched_at.desc()).limit(100)).all()


def call_change(text_id: UUID, standing: Standing, *, note: str, by: Actor) -> PolicyText:
    """Call a text that waits *wording* or *meaning*; from now on it is the one in force.

    Raises NotFound, NotAllowed for strangers, StateMoved when it does not wait any more, Invalid.
    """
    if standing not in CALLS:
        raise fault("standing", "A change is of wording or of meaning.")
    if len(note) > LONGEST_NOTE:
        raise fault("note", f"A note has at most {LONGEST_NOTE} characters.")
    with transaction() as tx:
        text, policy, listing = _waiting(tx, text_id)
        if not may_call(listing, by=by):
            raise NotAllowed("Its publisher or a moderator says what a change of a policy is.")
        text.standing, text.note = standing, note.strip()
        text.called_by, text.called_at = by.must_be_signed_in(), now()
        policy.current_id = text.id
        detail = {"standing": standing.value, "text": str(text.id), "note": text.note}
        record(tx, "policy_called", by=by, subject=("policy", policy.id), detail=detail)
        if standing is Standing.MEANING:
            tell_of_meaning(tx, policy)
    return text


def may_call(listing: Listing, *, by: Actor) -> bool:
    """Say whether the actor may call a change of this listing's policy."""
    return by.is_moderator or by.may_manage(listing.publisher_id)


def is_of_its_people(listing: Listing, *, by: Actor) -> bool:
    """Say whether the actor is a moderator or a member of the listing's publisher."""
    return by.is_moderator or by.role_in(listing.publisher_id) is not None


def _waiting(tx: Session, text_id: UUID) -> tuple[PolicyText, Policy, Listing]:
    found = tx.get(PolicyText, text_id)
    if found is None:
        raise NotFound("There is no such text of a policy.")
    policy = tx.get_one(Policy, found.policy_id, with_for_update=True, populate_existing=True)
    text = tx.get_one(PolicyText, text_id, populate_existing=True)
    if text.standing is not Standing.PENDING:
        raise StateMoved("This change does not wait any more: it was called, or the page changed again.")
    return text, policy, tx.get_one(Listing, policy.listing_id)


def _seen(policy: Policy, listing: Listing) -> Seen:
    pending = session().scalar(
        select(PolicyText).where(PolicyText.policy_id == policy.id, PolicyText.standing == Standing.PENDING)
    )
    return Seen(policy, listing, _text(policy.current_id), pending)


def _text(text_id: UUID | None) -> PolicyText | None:
    return session().get(PolicyText, text_id) if text_id else None
