"""A worker in a thread: the real handlers, claimed and settled as Celery's tasks do it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from registry.database import db
from registry.feeds.building import build_feed
from registry.ingest.service import ingest_upload
from registry.releases.publishing import publish_release
from registry.work import Job, Work, perform

HANDLERS = {Work.INGEST: ingest_upload, Work.PUBLISH: publish_release, Work.FEEDS: build_feed}


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Do the work that is asked for, until the block ends."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            with app.app_context():
                _do_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _do_all() -> None:
    rows = db.session.execute(
        select(Job.work, Job.subject).where(Job.work.in_(HANDLERS), Job.dead_at.is_(None))
    ).all()
    db.session.rollback()
    for work, subject in rows:
        perform(work, subject, HANDLERS[work])
