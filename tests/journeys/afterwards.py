"""What must be true of a Marquee whose parts were killed, once all of them are back."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import func, select, text

from registry.audit.models import AuditEvent
from registry.conveyance.counting import count_copies
from registry.conveyance.models import Copy
from registry.database import session
from registry.feeds.models import FeedDocument
from registry.listings.models import Listing
from registry.releases.models import Artifact, Picture, Release
from registry.uploads.models import Upload
from storage.keys import blob_key, feed_key, picture_key
from tests.journeys.insides import inside, no_work_is_left, objects, swept
from tests.journeys.killing import Killer, Patient
from tests.journeys.running import Running, eventually

ONCE = ("upload_opened", "upload_received", "release_received", "release_approved", "release_published")


@dataclass
class Acknowledged:
    """What clients were told, and may rely on."""

    uploads: dict[str, str] = field(default_factory=dict)  # id → digest
    approvals: dict[str, str] = field(default_factory=dict)  # release → digest
    copies: dict[str, set[str]] = field(default_factory=dict)  # digest → ids that downloads had
    made_copies: set[str] = field(default_factory=set)  # by POST
    crashes: list[str] = field(default_factory=list)


def all_is_well(running: Running, killer: Killer, told: Acknowledged) -> None:
    """Wait until everything lives and nothing is left to do; then look at everything."""
    assert not told.crashes, told.crashes
    eventually(killer.all_live, within_s=90)
    eventually(lambda: no_work_is_left(running), within_s=120, every_s=0.5)
    _every_upload_has_ended(running, told)
    _every_approval_is_published_and_fed(running, told)
    _every_release_has_its_bytes(running)
    _every_copy_is_there_once(running, told)
    _everything_was_done_once(running)
    _nothing_unknown_is_left(running)
    assert "request_failed" not in (running.home / "logs" / "web.log").read_text()


def _every_upload_has_ended(running: Running, told: Acknowledged) -> None:
    with inside(running):
        ends = dict(session().execute(select(Upload.id, Upload.state)).all())
    wrong = {
        key: state for key, state in ends.items() if str(key) in told.uploads and state.value != "waiting"
    }
    assert not wrong
    assert told.uploads.keys() <= {str(key) for key in ends}


def _every_approval_is_published_and_fed(running: Running, told: Acknowledged) -> None:
    with inside(running):
        rows = session().execute(
            select(Release.id, Release.state, Listing.identifier, Release.version).join(
                Listing, Listing.id == Release.listing_id
            )
        )
        found = {str(key): (state.value, identifier, version) for key, state, identifier, version in rows}
    feed = Patient(running).insist("GET", "/feeds/kodi/addons.xml", fine=(200,)).text
    for release in told.approvals:
        state, identifier, version = found[release]
        assert state == "published"
        assert f'id="{identifier}"' in feed
        assert f'version="{version}"' in feed


def _every_release_has_its_bytes(running: Running) -> None:
    with inside(running):
        published = session().scalars(
            select(Artifact.sha256)
            .join(Release, Release.id == Artifact.release_id)
            .where(Release.published_at.is_not(None))
        )
        digests = set(published)
    moderator = Patient(running, name="verifier")
    for sha256 in digests:
        body = moderator.insist("GET", f"/api/v1/artifacts/{sha256}", fine=(200,)).content
        assert hashlib.sha256(body).hexdigest() == sha256
    moderator.http.close()


def _every_copy_is_there_once(running: Running, told: Acknowledged) -> None:
    with inside(running):
        count_copies()
        rows = session().execute(select(Copy.id, Copy.artifact_sha256).where(Copy.fold.is_not(None)))
        by_artifact: dict[str, set[str]] = {}
        for key, sha256 in rows:
            by_artifact.setdefault(sha256, set()).add(str(key))
        everyone = {str(key) for key in session().scalars(select(Copy.id))}
        wrong = session().execute(
            select(Listing.identifier, Listing.copies, func.count(Copy.id))
            .join(Release, Release.listing_id == Listing.id)
            .outerjoin(Copy, Copy.release_id == Release.id)
            .group_by(Listing.id)
            .having(func.count(Copy.id) != Listing.copies)
        )
        assert wrong.all() == []
    assert told.made_copies <= everyone
    for sha256, copies in told.copies.items():
        # One more: the one that verified the bytes just now.
        assert copies <= by_artifact[sha256]
        assert len(by_artifact[sha256]) == len(copies) + 1, sha256


def _everything_was_done_once(running: Running) -> None:
    with inside(running):
        twice = session().execute(
            select(AuditEvent.event, AuditEvent.subject_id, func.count())
            .where(AuditEvent.event.in_(ONCE))
            .group_by(AuditEvent.event, AuditEvent.subject_id)
            .having(func.count() > 1)
        )
        assert twice.all() == []
        published = select(func.count()).select_from(Release).where(Release.published_at.is_not(None))
        told = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "release_published")
        assert session().scalar(published) == session().scalar(told)
        leased = session().scalar(text("SELECT count(*) FROM job WHERE lease_until IS NOT NULL"))
        assert leased == 0


def _nothing_unknown_is_left(running: Running) -> None:
    swept(running)
    with inside(running):
        public = select(Release.id).where(Release.published_at.is_not(None))
        shown = session().scalars(select(Artifact.sha256).where(Artifact.release_id.in_(public)))
        needed = {("published", blob_key(sha256)) for sha256 in shown}
        pictures = session().scalars(select(Picture.sha256).where(Picture.release_id.in_(public)))
        needed |= {("published", picture_key(sha256)) for sha256 in pictures}
        for one, packed in session().execute(select(FeedDocument.sha256, FeedDocument.gzip_sha256)):
            needed |= {("published", feed_key(sha256)) for sha256 in (one, packed) if sha256}
        hidden = session().scalars(select(Artifact.incoming_key).where(Artifact.release_id.not_in(public)))
        needed |= {("incoming", key) for key in hidden}
        still_open = session().scalars(select(Upload.id).where(Upload.state == "open"))
        may_be = {("incoming", f"upload-{key}") for key in still_open}
    there = objects(running)
    assert needed <= there
    assert there <= needed | may_be
