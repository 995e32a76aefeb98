"""A policy page that means something else: every release that names it gets a new notice."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.policies.models import Policy
from registry.privacy.noticing import renew
from registry.privacy.reading import newest_declaration
from registry.releases.models import Release
from registry.releases.states import ReleaseState

TOLD = (ReleaseState.WAITING, ReleaseState.PUBLISHED, ReleaseState.YANKED)


def tell_of_meaning(tx: Session, policy: Policy) -> None:
    """Renew the notice of each release that can be got and names this page; in the open transaction."""
    tx.flush()
    releases = tx.scalars(
        select(Release)
        .where(Release.listing_id == policy.listing_id, Release.state.in_(TOLD))
        .order_by(Release.id)
        .with_for_update()
    ).all()
    for release in releases:
        declared = newest_declaration(tx, release)
        if declared is not None and declared.policy_url == policy.url:
            renew(tx, release, because="policy")
