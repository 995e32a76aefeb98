"""What a moderator sees on one page: the release, its upload, the last approved one, the publisher's past."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from registry.accounts.models import Account
from registry.clock import now
from registry.database import session
from registry.listings.models import IdentifierClaim, Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.reading import artifacts_of
from registry.releases.states import ReleaseState
from registry.review.difference import Difference, compare
from registry.review.models import Decision, ReviewClaim
from registry.review.service import decisions_on


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a decision may rest on."""

    release: Release
    listing: Listing
    publisher: Publisher
    uploader: Account
    artifacts: list[Artifact]
    previous: Release | None
    difference: Difference | None
    history: Mapping[str, int]
    decisions: list[Decision]
    claim: ReviewClaim | None
    claims: list[IdentifierClaim]


def gather(release: Release) -> Evidence:
    """Gather the evidence on a release."""
    current = session()
    listing = current.get_one(Listing, release.listing_id)
    previous = last_published(release)
    difference = None
    if previous:
        difference = compare((previous.files, previous.content), (release.files, release.content))
    return Evidence(
        release=release,
        listing=listing,
        publisher=current.get_one(Publisher, listing.publisher_id),
        uploader=current.get_one(Account, release.uploaded_by),
        artifacts=artifacts_of([release.id])[release.id],
        previous=previous,
        difference=difference,
        history=_history(listing),
        decisions=decisions_on(release.id),
        claim=_claim(release),
        claims=list(
            current.scalars(
                select(IdentifierClaim).where(
                    IdentifierClaim.listing_id == listing.id, IdentifierClaim.closed_at.is_(None)
                )
            )
        ),
    )


def _claim(release: Release) -> ReviewClaim | None:
    """Return who looks at it, while that holds."""
    held = session().get(ReviewClaim, release.id)
    return held if held and held.until > now() else None


def last_published(release: Release) -> Release | None:
    """Return the release of the same listing that was published last, this one aside."""
    return session().scalar(
        select(Release)
        .where(
            Release.listing_id == release.listing_id,
            Release.id != release.id,
            Release.published_at.is_not(None),
        )
        .order_by(Release.published_at.desc())
        .limit(1)
    )


def _history(listing: Listing) -> dict[str, int]:
    """Return how many releases of the same publisher stand in each state."""
    rows = session().execute(
        select(Release.state, func.count())
        .join(Listing, Listing.id == Release.listing_id)
        .where(Listing.publisher_id == listing.publisher_id)
        .group_by(Release.state)
    )
    counts = {ReleaseState(state): count for state, count in rows}
    order = dict.fromkeys([ReleaseState.PUBLISHED, *ReleaseState])  # what speaks for a publisher comes first
    return {state.value: counts[state] for state in order if state in counts}
