"""A look into a running Marquee: its database and its store, past its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from flask import Flask
from sqlalchemy import select

from registry.app import create_app
from registry.database import db, session
from registry.settings import read_settings
from registry.storing import store
from registry.uploads.sweeping import sweep_uploads
from registry.work import Job
from storage.multipart import unfinished_in
from tests.journeys.running import Running


@contextmanager
def inside(running: Running) -> Iterator[Flask]:
    """An application of our own on the same parts; its connections are closed after."""
    app = _application(running)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@cache
def _application(running: Running) -> Flask:
    return create_app(read_settings(running.environ))


def objects(running: Running) -> set[tuple[str, str]]:
    """Every object and unfinished upload of both buckets, as (``incoming`` or ``published``, key)."""
    with inside(running):
        config = store().config
        named = {"incoming": config.bucket_incoming, "published": config.bucket_published}
        whole = {(name, key) for name, bucket in named.items() for key in store().list_keys(bucket)}
        parts = {
            (name, upload.key) for name, bucket in named.items() for upload in unfinished_in(store(), bucket)
        }
        return whole | parts


def swept(running: Running) -> dict[str, int]:
    """Run the sweep of uploads and objects as if a day had passed since the last one was stored."""
    with inside(running):
        return sweep_uploads(orphan_after=timedelta(seconds=-5))


def no_work_is_left(running: Running) -> bool:
    """Whether nothing waits for a worker or is being done by one."""
    with inside(running):
        return not session().scalars(select(Job)).all()
