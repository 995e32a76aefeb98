"""What a policy page means now, as a notice tells it: a digest that a change of wording leaves alone."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.policies.models import Policy, PolicyText, Standing


def meaning_of(tx: Session, listing_id: UUID, url: str) -> str | None:
    """Return the digest of the last text that gave the page its meaning; None while it was never read."""
    return tx.scalar(
        select(PolicyText.words_sha256)
        .join(Policy, Policy.id == PolicyText.policy_id)
        .where(
            Policy.listing_id == listing_id,
            Policy.url == url,
            PolicyText.standing.in_([Standing.FIRST, Standing.MEANING]),
        )
        .order_by(PolicyText.fetched_at.desc())
        .limit(1)
    )
