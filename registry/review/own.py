"""Nobody decides on their own release, unless the operator lets a lone admin."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.accounts.models import Account, Role
from registry.configured import settings
from registry.errors import NotAllowed
from registry.listings.models import Listing
from registry.releases.models import Release


def check_not_own(tx: Session, release: Release, listing: Listing, by: Actor) -> bool:
    """Return whether this is the operator's allowed self-approval. Raises NotAllowed otherwise."""
    if not may_decide_on(tx, release, listing, by):
        raise NotAllowed("Nobody decides on their own release; ask another moderator.", code="review.own")
    return _is_own(release, listing, by)


def may_decide_on(tx: Session, release: Release, listing: Listing, by: Actor) -> bool:
    """Say whether a moderator may decide on a release: one of others, or as a lone admin who is let."""
    return not _is_own(release, listing, by) or (
        settings().review_self and by.role is Role.ADMIN and _is_alone(tx)
    )


def _is_own(release: Release, listing: Listing, by: Actor) -> bool:
    return release.uploaded_by == by.account_id or by.role_in(listing.publisher_id) is not None


def _is_alone(tx: Session) -> bool:
    """Say whether there is one moderator in all, admins counted."""
    moderators = tx.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.role.in_([Role.MODERATOR, Role.ADMIN]), Account.disabled_at.is_(None))
    )
    return moderators == 1
