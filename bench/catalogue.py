"""A large catalogue, written straight into a database of its own: for measuring, never for tests."""

import uuid
from datetime import timedelta

from sqlalchemy import text

from registry.accounts.actor import SYSTEM
from registry.accounts.models import Role
from registry.accounts.service import create_account
from registry.clock import now
from registry.database import session, transaction
from registry.licensing.models import Basis, LicenseDetection, LicenseRecord, LicenseState
from registry.licensing.terms import digest_of
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.states import ReleaseState

WORDS = [
    "lantern",
    "harbor",
    "fern",
    "orbit",
    "tide",
    "cinder",
    "almanac",
    "aria",
    "subtitles",
    "lyrics",
    "weather",
    "radio",
    "posters",
    "trailers",
    "library",
    "backup",
    "music",
    "cinema",
    "archive",
    "garden",
    "river",
    "signal",
    "mirror",
    "window",
    "quartz",
    "meadow",
]


def fill(count: int) -> None:
    """Add ``count`` published Kodi listings with one release each, by the thousand."""
    account, _ = create_account(
        email=f"bench-{uuid.uuid4().hex[:8]}@example.org",
        name="Bench",
        password=None,
        role=Role.USER,
        by=SYSTEM,
    )
    slug = f"bench-{uuid.uuid4().hex[:8]}"
    with transaction() as tx:
        publisher = Publisher(slug=slug, name="Bench", skeleton=slug, name_skeleton=slug)
        tx.add(publisher)
    for start in range(0, count, 1000):
        _thousand(account.id, publisher, start, min(1000, count - start))
    session().execute(text("ANALYZE"))
    session().commit()


def _thousand(account_id: uuid.UUID, publisher: Publisher, start: int, many: int) -> None:
    listings, releases, artifacts, detections, records = [], [], [], [], []
    for number in range(start, start + many):
        name = f"{WORDS[number % len(WORDS)].title()} {WORDS[(number * 7) % len(WORDS)]} {number}"
        identifier = f"script.{publisher.slug}.n{number}"
        listing = Listing(
            id=uuid.uuid4(), publisher_id=publisher.id, ecosystem="kodi", identifier=identifier, kind="plugin",
            name=name, summary=f"Shows {name}", description=f"{name} reads, shows and keeps. " * 8,
            license="MIT", basis="license", permissions=["redistribute", "modify", "commercial"],
            skeleton=identifier, updated_at=now() - timedelta(minutes=number),
        )  # fmt: skip
        release = Release(
            id=uuid.uuid4(), listing_id=listing.id, version="1.0.0", order_key=1,
            content=_content(identifier, name), uploaded_by=account_id,
            changed_at=now() - timedelta(minutes=number),
        )  # fmt: skip
        detection = LicenseDetection(
            id=uuid.uuid4(), release_id=release.id, detector="bench", form="source", found={}, texts={}
        )
        detections.append(detection)
        records.append(_record(release.id, detection.id))
        sha256 = uuid.uuid4().hex * 2
        listings.append(listing)
        releases.append(release)
        artifacts.append(
            Artifact(
                release_id=release.id, filename=f"{identifier}-1.0.0.zip", sha256=sha256, md5=sha256[:32],
                size_bytes=100_000, incoming_key="upload-none",
            )
        )  # fmt: skip
    with transaction() as tx:
        for rows in (listings, releases, artifacts, detections, records):
            tx.add_all(rows)
            tx.flush()  # one kind after the other, since each names the one before
        for listing, release, record in zip(listings, releases, records, strict=True):
            release.state, release.published_at = ReleaseState.PUBLISHED, now()
            release.license_record_id = record.id
            listing.latest_release_id = release.id


def _record(release_id: uuid.UUID, detection_id: uuid.UUID) -> LicenseRecord:
    return LicenseRecord(
        id=uuid.uuid4(), release_id=release_id, detection_id=detection_id, declared_text="MIT",
        declared_expression="MIT", state=LicenseState.CONCLUDED, expression="MIT", suggested="MIT",
        code="license.agreed", basis=Basis.LICENSE, form="source",
        terms_digest=digest_of("MIT", {}, Basis.LICENSE, None),
    )  # fmt: skip


def _content(identifier: str, name: str) -> dict[str, object]:
    from registry.bundles.ecosystems.kodi import KODI  # noqa: PLC0415 - heavy

    addon = (
        f'<addon id="{identifier}" name="{name}" version="1.0.0" provider-name="Bench">'
        '<requires><import addon="xbmc.python" version="3.0.0"/></requires>'
        '<extension point="xbmc.python.script" library="main.py"/>'
        f'<extension point="xbmc.addon.metadata"><summary lang="en_GB">Shows {name}</summary>'
        "<platform>all</platform></extension></addon>"
    )
    read = KODI.read_file("addon.xml", addon.encode()).metadata
    return {
        "kind": "plugin", "name": name, "summary": f"Shows {name}", "description": "", "author": "Bench",
        "license": "MIT", "homepage": None, "source": None, "changelog": "",
        "requires": [need.as_json() for need in read.requires], "platforms": list(read.platforms),
        "facts": dict(read.facts),
    }  # fmt: skip
