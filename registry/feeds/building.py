"""Building a feed: render, store what is new by its digest, swap all of its rows in one transaction.

The old feed is served until the new one is whole. Nothing of an unchanged file is stored again. A build
that began before another change is followed by one more (see ``work``).
"""

import gzip
import hashlib
from collections.abc import Sequence

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.bundles.ecosystems import ECOSYSTEMS, ecosystem
from registry.bundles.ecosystems.base import FeedFile, Site
from registry.bundles.ecosystems.index import index_feed
from registry.clock import now
from registry.configured import settings
from registry.database import let_go, session, transaction
from registry.feeds.entries import offered, site_of
from registry.feeds.models import FeedDocument, FeedState
from registry.storing import store
from registry.work import Job, Work, enqueue
from storage.keys import feed_key

log = structlog.get_logger()
INDEX = "index"
SMALLEST_GZIP = 512


def build_feed(subject: str) -> None:
    """Build the feed of one ecosystem, or the index of all (``index``)."""
    began = now()
    site = site_of(settings(), session().get(FeedState, subject, populate_existing=True))
    files, entries = _render(subject, site)
    there = dict(_kept(session(), subject).values())
    let_go()
    rows = [_stored(subject, file, there) for file in files]
    with transaction() as tx:
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"feed:{subject}"))))
        state = tx.get(FeedState, subject, populate_existing=True)
        if state is not None and state.built_at > began:
            return  # a younger build was faster
        kept = _kept(tx, subject)
        changed = [row for row in rows if kept.get(str(row["path"])) != (row["sha256"], row["gzip_sha256"])]
        for row in changed:
            tx.execute(
                insert(FeedDocument).values(row).on_conflict_do_update(index_elements=["path"], set_=row)
            )
        gone = set(kept) - {str(row["path"]) for row in rows}
        tx.execute(delete(FeedDocument).where(FeedDocument.path.in_(gone)))
        values = {
            "ecosystem": subject, "public_url": site.url, "site_name": site.name, "revision": site.revision,
            "built_at": began, "entries": entries,
        }  # fmt: skip
        tx.execute(
            insert(FeedState).values(values).on_conflict_do_update(index_elements=["ecosystem"], set_=values)
        )
        if subject != INDEX:
            # It tells more of a release than most feeds do, so it follows each that is built: a long one for
            # several changes at once, and after the feeds that wait for it.
            enqueue(tx, Work.FEEDS, INDEX, delay_s=min(10, entries / 4000))
    log.info("feed_built", ecosystem=subject, entries=entries, changed=len(changed))


def ensure_feeds() -> list[str]:
    """Ask for every feed that was never built, or was built for another public address."""
    now_named = (settings().public_url, settings().site_name)
    fresh = {
        s.ecosystem for s in session().scalars(select(FeedState)) if (s.public_url, s.site_name) == now_named
    }
    # What was asked for already is on its way; asking anew would take its back-off away.
    asked = set(session().scalars(select(Job.subject).where(Job.work == Work.FEEDS)))
    missing = [name for name in (*(e.name for e in ECOSYSTEMS), INDEX) if name not in fresh | asked]
    if missing:
        session().rollback()
        with transaction() as tx:
            for name in missing:
                enqueue(tx, Work.FEEDS, name)
    return missing


def _render(subject: str, site: Site) -> tuple[Sequence[FeedFile], int]:
    if subject == INDEX:
        entries = {e.name: offered(e.name, settings()) for e in ECOSYSTEMS}
        return [index_feed(entries, site)], sum(map(len, entries.values()))
    of_one = offered(subject, settings())
    return ecosystem(subject).feed(of_one, site), len(of_one)


Digests = tuple[str, str | None]
"""What a file of a feed is kept under: its bytes' sha256 and that of them packed, None where they are not."""


def _kept(tx: Session, subject: str) -> dict[str, Digests]:
    """Return by path what is served now; a row is there only while its objects are."""
    wanted = select(FeedDocument.path, FeedDocument.sha256, FeedDocument.gzip_sha256)
    rows = tx.execute(wanted.where(FeedDocument.ecosystem == subject))
    return {path: (sha256, packed) for path, sha256, packed in rows}


def _stored(subject: str, file: FeedFile, there: dict[str, str | None]) -> dict[str, object]:
    """Return a file's row; ``there`` are the digests of what is stored already, series share most of it."""
    sha256 = hashlib.sha256(file.body).hexdigest()
    if sha256 not in there:
        there.update([_put_both(file)])
    return {
        "path": file.path, "ecosystem": subject, "sha256": sha256, "gzip_sha256": there[sha256],
        "content_type": file.content_type, "headers": dict(file.headers), "size_bytes": len(file.body),
        "changed_at": now(),
    }  # fmt: skip


def _put_both(file: FeedFile) -> Digests:
    packed = None
    if len(file.body) >= SMALLEST_GZIP and not file.path.endswith((".gz", ".zip", ".png")):
        packed = _put(gzip.compress(file.body, compresslevel=6, mtime=0), "application/gzip")
    return _put(file.body, file.content_type), packed


def _put(body: bytes, content_type: str) -> str:
    sha256 = hashlib.sha256(body).hexdigest()
    bucket, key = store().config.bucket_published, feed_key(sha256)
    if store().stat(bucket, key) != len(body):
        store().put(bucket, key, body, sha256=sha256, size=len(body), content_type=content_type)
    return sha256
