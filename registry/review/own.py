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
    own = release.uploaded_by == by.account_id or by.role_in(listing.publisher_id) is not None
    if not own:
        return False
    moderators = tx.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.role.in_([Role.MODERATOR, Role.ADMIN]), Account.disabled_at.is_(None))
    )
    if settings().review_self and by.role is Role.ADMIN and moderators == 1:
        return True
    raise NotAllowed("Nobody decides on their own release; ask another moderator.", code="review.own")
