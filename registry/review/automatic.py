"""The operator's policy that approves by itself: off by default, never for third parties."""

from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.bundles.checks import HOLDING_CODES
from registry.clock import now
from registry.configured import settings
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.review.models import Decision, Verdict
from registry.work import Work, enqueue

CALM = frozenset({"review.first_release", "review.update"})


def approve_by_policy(tx: Session, release: Release) -> bool:
    """Approve a release that only waits because everything does, where the policy says so."""
    listing = tx.get_one(Listing, release.listing_id)
    owner = tx.get_one(Publisher, listing.publisher_id)
    reasons = set(release.reasons)
    if not owner.first_party or reasons - CALM or reasons & HOLDING_CODES:
        return False
    policies = settings().review_automatic
    if "first-party" not in policies and not (
        "first-party-updates" in policies and "review.update" in reasons
    ):
        return False
    release.approved_at = now()
    tx.add(
        Decision(
            release_id=release.id,
            account_id=None,
            verdict=Verdict.APPROVE,
            reason="policy.automatic",
        )
    )
    record(tx, "release_approved", by=SYSTEM, subject=("release", release.id), detail={"policy": True})
    enqueue(tx, Work.PUBLISH, release.id)
    return True
