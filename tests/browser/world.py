"""A registry in use, built through the services: catalogue, queue, uploads in every state, mails."""

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import create_engine, text

from registry.accounts.actor import ANONYMOUS
from registry.accounts.models import Account, Role
from registry.conveyance.models import Copy
from registry.conveyance.service import make_copy
from registry.feeds.building import build_feed
from registry.ingest.service import ingest_upload
from registry.publishers import service as publishers
from registry.publishers.models import MemberRole
from registry.releases import service as releases
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.releases.reading import artifacts_of
from registry.review.models import Verdict
from registry.review.service import decide_review
from registry.uploads.bodies import SizedBody
from registry.uploads.models import Upload
from registry.uploads.service import open_upload, receive_whole
from tests.browser import content
from tests.browser.content import ALMANAC, FERN, LANTERN, ODD, Piece
from tests.browser.household import Household, furnish
from tests.given import Given

SLUGS = {"Fern & Sons": "fern", "Shelfmark": "shelfmark"}
LOOKED_AT, BROKEN, RISKY = "review.approved", "quality.broken", "security.risk"
FEEDS = ("kodi", "jellyfin", "plex", "stash", "webos", "index")


@dataclass
class World:
    """Who and what there is. Every page has something to show."""

    given: Given
    ada: Account = field(init=False)
    noah: Account = field(init=False)
    max: Account = field(init=False)
    root: Account = field(init=False)
    releases: dict[str, Release] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    household: Household = field(init=False)
    copy: Copy = field(init=False)

    def build(self, *, odd: bool = True) -> "World":
        """Build all of it; without ``odd`` no listing has a strange name."""
        self._people()
        for piece in (*(ODD if odd else ()), *content.PUBLISHED):
            for version in piece.versions:
                self.publish(piece, version)
        self._past()
        self._queue()
        self._uploads()
        lantern = self.releases["Lantern Subtitles 2.4.1"]
        self.household = furnish(self.given, self._by(self.ada), lantern.listing_id)
        self.copy = self.given.run(self._copied, lantern)
        for name in FEEDS:
            self.given.run(build_feed, name)
        return self

    @staticmethod
    def _copied(release: Release) -> Copy:
        """Make a copy of a release, as somebody who is not signed in."""
        sha256 = artifacts_of([release.id])[release.id][0].sha256
        return make_copy(sha256, by=ANONYMOUS)

    def publish(self, piece: Piece, version: str) -> Release:
        """Bring one version into the catalogue."""
        release = self.wait(piece, version)
        silent = not (piece.license or dict(piece.said).get("license"))
        self.decide(release, Verdict.APPROVE, LOOKED_AT, "", license="MIT" if silent else None)
        self.given.run(publish_release, str(release.id))
        return release

    def wait(self, piece: Piece, version: str | None = None) -> Release:
        """Bring one version into the queue."""
        upload = self.send(piece, version)
        self.given.run(ingest_upload, str(upload.id))
        found = self.given.found(Upload, upload.id)
        assert found.release_id is not None, (piece.name, found.findings)
        release = self.given.found(Release, found.release_id)
        self.releases[f"{piece.name} {release.version}"] = release
        return release

    def send(self, piece: Piece, version: str | None = None) -> Upload:
        """Bring the bytes here, as the members of the publisher do."""
        filename, body = piece.file(version)
        return self.upload(self.publisher(piece.publisher), filename, body, dict(piece.said))

    def upload(self, publisher: str, filename: str, body: bytes, said: dict[str, Any]) -> Upload:
        """Bring any bytes here."""
        sent, _ = self.given.run(
            receive_whole, publisher=publisher, filename=filename, said=said,
            sha256=hashlib.sha256(body).hexdigest(), body=SizedBody(io.BytesIO(body), len(body)),
            by=self._by(self.ada),
        )  # fmt: skip
        return sent

    def decide(
        self,
        release: Release,
        verdict: Verdict,
        reason: str,
        note: str,
        *,
        license: str | None = None,  # noqa: A002
    ) -> None:
        """Decide as the moderator; ``license`` is concluded where the bundle and its publisher say none."""
        self.given.run(
            decide_review, release.id, verdict=verdict, reason=reason, note=note, license=license,
            by=self._by(self.max),
        )  # fmt: skip

    def publisher(self, name: str) -> str:
        """The slug of a publisher of this name; made when it is not there."""
        slug = SLUGS.get(name, name.lower().replace(" ", "-"))
        if slug not in self._made:
            self._made.add(slug)
            self.given.run(
                publishers.create_publisher, slug=slug, name=name, website=f"https://{slug}.example.org/",
                about=ABOUT.get(slug, ""), by=self._by(self.ada),
            )  # fmt: skip
        return slug

    def _by(self, account: Account) -> Any:
        return self.given.actor(account)

    def _people(self) -> None:
        self._made: set[str] = set()
        self.ada = self.given.account("ada@example.org", name="Ada Bell")
        self.max = self.given.account("max@example.org", role=Role.MODERATOR, name="Max Reuter")
        self.root = self.given.account("root@example.org", role=Role.ADMIN, name="Ines Duarte")
        self.given.account("noor@example.org", name="Noor Haddad", verified=False)
        lantern, harbor = self.publisher("Lantern Works"), self.publisher("Harbor Light")
        self.noah = self.given.account("noah@example.org", name="Noah Okafor")
        self.given.run(
            publishers.set_member, lantern, email=self.noah.email, role=MemberRole.UPLOADER, by=self._by(self.ada)
        )  # fmt: skip
        self.given.run(publishers.mark_first_party, harbor, first_party=True, by=self._by(self.root))
        self.given.signed_in(self.ada, "Firefox on Linux")
        self.given.token(self.ada, "read", "upload")

    def _past(self) -> None:
        old = self.releases["Lantern Subtitles 2.3.0"]
        why = "Loses the settings of 2.2; use 2.4.1"
        self.given.run(releases.yank_release, old.id, reason=why, by=self._by(self.ada))
        bad = self.publish(FERN, "1.9.2")
        self.decide(bad, Verdict.QUARANTINE, RISKY, "Sends the storage key in clear; 1.9.1 does not.")
        note = "It does not load on 10.10: build it against that version."
        self.decide(self.wait(ALMANAC, "2.2.0.0"), Verdict.REQUEST_CHANGES, BROKEN, note)

    def _queue(self) -> None:
        self.wait(content.NEWER_ORBIT, "3.0.0")
        self.wait(LANTERN, "2.5.0")
        self.wait(content.CINDER, "0.4.0")
        self.wait(content.EMBER)

    def _uploads(self) -> None:
        self.uploads["asks"] = self._ingested(self.send(content.ASKING))
        self.uploads["asks-license"] = self._ingested(self.send(content.UNLICENSED))
        self.uploads["rejected"] = self._ingested(
            self.upload("lantern-works", "plugin.video.torn-1.0.zip", content.TORN, {})
        )
        self.uploads["received"] = self.send(content.LAMP, "0.1.0")
        self.uploads["open"], _ = self.given.run(
            open_upload, publisher="lantern-works", filename="lantern-assets-complete.zip",
            size_bytes=300_000_000, sha256=None, said={}, by=self._by(self.ada),
        )  # fmt: skip

    def _ingested(self, upload: Upload) -> Upload:
        self.given.run(ingest_upload, str(upload.id))
        return self.given.found(Upload, upload.id)


ABOUT = {
    "lantern-works": "Three people and a shelf of dictionaries. We have made subtitles since 2014.",
    "harbor-light": "The people who run this registry.",
}
AGES = """
SET session_replication_role = 'replica';
WITH aged AS (
  SELECT id, (1.3 * power(row_number() OVER (ORDER BY published_at DESC), 1.5) - 1)::float AS days
  FROM release WHERE published_at IS NOT NULL
)
UPDATE release r SET published_at = r.published_at - a.days * interval '1 day',
  approved_at = r.approved_at - a.days * interval '1 day',
  created_at = r.created_at - (a.days + 0.3) * interval '1 day'
  FROM aged a WHERE a.id = r.id;
UPDATE release SET created_at = created_at - (2 + (hashtext(version) & 15)) * interval '1 hour'
  WHERE state = 'waiting';
UPDATE listing l SET updated_at = r.published_at FROM release r WHERE r.id = l.latest_release_id;
UPDATE listing SET copies = (hashtext(identifier) & 16383) + 37;
UPDATE decision d SET decided_at = r.created_at
  + CASE WHEN d.verdict = 'approve' THEN interval '5 hours' ELSE interval '26 hours' END
  FROM release r WHERE r.id = d.release_id;
SET session_replication_role = 'origin';
"""


def grown_old(database_url: str) -> None:
    """The same world some weeks later: nothing but times and the numbers of copies differ."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(AGES))
    engine.dispose()
