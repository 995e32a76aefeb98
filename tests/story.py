"""The way of a release by its services, for tests that begin with one."""

import hashlib
import io
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Account
from registry.database import session
from registry.feeds.building import build_feed
from registry.ingest.service import ingest_upload
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.review.service import decide_review
from registry.uploads.bodies import SizedBody
from registry.uploads.models import Upload
from registry.uploads.service import receive_whole
from tests import bundles
from tests.given import Given


class Story:
    """One developer with a publisher, one moderator, and what they do."""

    def __init__(self, given: Given, slug: str = "lantern", *, first_party: bool = False) -> None:
        self.given = given
        self.developer: Account = given.account()
        self.publisher: Publisher = given.publisher(self.developer, slug=slug, first_party=first_party)
        self.moderator: Account = given.moderator()

    def received(
        self, bundle: bytes, filename: str = "bundle.zip", said: dict[str, Any] | None = None
    ) -> Upload:
        """An upload whose bytes are here."""
        upload, _ = self.given.run(
            receive_whole, publisher=self.publisher.slug, filename=filename, said=said or {},
            sha256=hashlib.sha256(bundle).hexdigest(), body=SizedBody(io.BytesIO(bundle), len(bundle)),
            by=self.given.actor(self.developer),
        )  # fmt: skip
        return upload

    def ingested(
        self, bundle: bytes, filename: str = "bundle.zip", said: dict[str, Any] | None = None
    ) -> Upload:
        """An upload after ingest, whatever came of it."""
        upload = self.received(bundle, filename, said)
        self.given.run(ingest_upload, str(upload.id))
        return self.given.found(Upload, upload.id)

    def waiting(self, bundle: bytes | None = None, filename: str = "bundle.zip", **said: Any) -> Release:
        """A release that waits for review."""
        upload = self.ingested(bundles.kodi() if bundle is None else bundle, filename, said)
        assert upload.release_id is not None, upload.findings
        return self.given.found(Release, upload.release_id)

    def decided(
        self, release: Release, verdict: Verdict, reason: str = "other", note: str = "A note."
    ) -> Release:
        """A release after a moderator's decision."""
        self.given.run(
            decide_review, release.id, verdict=verdict, reason=reason, note=note,
            by=self.given.actor(self.moderator),
        )  # fmt: skip
        return self.given.found(Release, release.id)

    def published(self, bundle: bytes | None = None, filename: str = "bundle.zip", **said: Any) -> Release:
        """A published release, its feed built."""
        release = self.waiting(bundle, filename, **said)
        self.decided(release, Verdict.APPROVE, "review.approved")
        self.given.run(publish_release, str(release.id))
        self.fed(release)
        return self.given.found(Release, release.id)

    def fed(self, release: Release) -> None:
        """The feed of the release's ecosystem, built."""

        def ecosystem_of() -> str:
            return session().scalars(
                select(Listing.ecosystem).join(Release, Release.listing_id == Listing.id).where(
                    Release.id == release.id
                )
            ).one()  # fmt: skip

        self.given.run(build_feed, self.given.run(ecosystem_of))
