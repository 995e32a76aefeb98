"""Published releases as feeds get them, and a site that serves them."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

from registry.bundles.ecosystems.base import FeedEntry, Kind, Reading, Site

SITE = Site(url="http://127.0.0.1:8000", host="127.0.0.1:8000")
NOON = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)

PLAIN = FeedEntry(
    identifier="plugin.video.example",
    kind=Kind.PLUGIN,
    name="Example",
    version="1.0.0",
    summary="Shows examples",
    description="Shows examples of everything.",
    author="Ada",
    publisher="Example Works",
    first_party=True,
    license="MIT",
    homepage=None,
    source=None,
    changelog="First release",
    requires=(),
    platforms=(),
    filename="example.zip",
    sha256="a1" * 32,
    md5="b2" * 16,
    size_bytes=4711,
    published_at=NOON,
    changed_at=NOON,
    listing_url="http://127.0.0.1:8000/listings/kodi/plugin.video.example",
    pictures={},
    facts={},
)


def offer(**changes: Any) -> FeedEntry:
    """Return a published release; ``changes`` replace the plain one's fields."""
    return dataclasses.replace(PLAIN, **changes)


def offer_of(reading: Reading, **changes: Any) -> FeedEntry:
    """Return the release that a reading would become once it is published."""
    said = reading.metadata
    assert said.identifier is not None
    assert said.version is not None
    return offer(
        **{
            "identifier": said.identifier,
            "kind": said.kind or Kind.PLUGIN,
            "name": said.name or said.identifier,
            "version": said.version,
            "summary": said.summary,
            "description": said.description,
            "author": said.author,
            "license": said.license,
            "changelog": said.changelog,
            "requires": said.requires,
            "platforms": said.platforms,
            "facts": said.facts,
        }
        | changes
    )
