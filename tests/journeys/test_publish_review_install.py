"""The story: a developer uploads, a moderator approves, a server installs; every copy has its id."""

import hashlib
import io
import zipfile

import pytest

from registry.feeds.building import build_feed
from registry.ingest.service import ingest_upload
from registry.releases.publishing import publish_release

ADDON = """<?xml version="1.0" encoding="UTF-8"?>
<addon id="metadata.example.lantern" name="Lantern" version="{version}" provider-name="Lantern Works">
  <requires><import addon="xbmc.python" version="3.0.0"/></requires>
  <extension point="xbmc.metadata.scraper.movies" library="lantern.py"/>
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">Finds films</summary>
    <description lang="en_GB">Finds films by name.</description>
    <license>GPL-2.0-or-later</license>
    <platform>all</platform>
  </extension>
</addon>
"""


def kodi_zip(version: str = "1.0.0") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("metadata.example.lantern/addon.xml", ADDON.format(version=version))
        zipped.writestr("metadata.example.lantern/lantern.py", "print('hello')\n")
    return held.getvalue()


@pytest.fixture
def developer(given):
    account = given.account()
    given.publisher(account, slug="lantern")
    return account


def upload(client, bundle: bytes, filename: str = "lantern.zip") -> dict:
    sha256 = hashlib.sha256(bundle).hexdigest()
    answer = client.put(
        f"/api/v1/uploads?publisher=lantern&filename={filename}&sha256={sha256}", data=bundle
    )
    assert answer.status_code == 202, answer.text
    return answer.json


def test_an_upload_becomes_a_release_that_is_approved_published_and_conveyed(app, client, given, developer):
    bearing = client.bearing(given.token(developer))
    bundle = kodi_zip()
    opened = upload(bearing, bundle)
    given.run(ingest_upload, opened["id"])
    seen = bearing.get(f"/api/v1/uploads/{opened['id']}").json
    assert seen["state"] == "waiting", seen
    release = seen["release"]

    moderator = client.bearing(given.token(given.moderator()))
    queue = moderator.get("/api/v1/reviews").json
    assert [row["id"] for row in queue["releases"]] == [release]
    decided = moderator.post(f"/api/v1/releases/{release}/decisions", json={"decision": "approve"})
    assert decided.status_code == 201, decided.text
    given.run(publish_release, release)
    given.run(build_feed, "kodi")

    feed = client.get("/feeds/kodi/addons.xml")
    assert feed.status_code == 200
    assert b"metadata.example.lantern" in feed.data
    zipped = client.get("/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip")
    assert zipped.data == bundle
    receipt = client.get(f"/api/v1/copies/{zipped.headers['Marquee-Copy']}").json
    assert receipt["artifact"]["sha256"] == hashlib.sha256(bundle).hexdigest()
