"""Marquee's own index, and how fast the feeds of a large catalogue are rendered."""

import json
import time
from datetime import timedelta

import pytest

from registry.bundles.ecosystems.base import Kind, Site
from registry.bundles.ecosystems.index import index_feed
from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.ecosystems.stash import STASH
from registry.bundles.ecosystems.webos import WEBOS
from tests.registry.bundles.ecosystems.offering import NOON, entry, requires

SITE = Site("https://marquee.example", "marquee.example", "Films")
CATALOGUE = 20_000


def render(**entries):
    return json.loads(index_feed(entries, SITE).body)


def test_it_names_the_site_and_holds_every_release_newest_first():
    document = render(
        plex=[entry("b", "1.9"), entry("b", "1.10"), entry("a", "1")],
        stash=[entry("a", "2", kind=Kind.AGENT)],
    )
    assert (document["format"], document["name"], document["url"]) == (1, "Films", SITE.url)
    found = [
        (listing["ecosystem"], listing["identifier"], [r["version"] for r in listing["releases"]])
        for listing in document["listings"]
    ]
    assert found == [("plex", "a", ["1"]), ("plex", "b", ["1.10", "1.9"]), ("stash", "a", ["2"])]


def test_a_listing_is_described_by_its_newest_release():
    old = entry("a", "1", name="Old", published_at=NOON + timedelta(days=1))
    [listing] = render(plex=[old, entry("a", "2", name="New", first_party=True)])["listings"]
    assert listing["name"] == "New"
    assert listing["third_party"] is False


def test_a_release_has_address_digest_size_license_and_requirements():
    [listing] = render(stash=[entry("a", "1.0", requires=requires("b"), size_bytes=7)])["listings"]
    assert listing["releases"] == [
        {
            "version": "1.0",
            "url": "https://marquee.example/feeds/stash/a/1.0/a-1.0.zip",
            "sha256": entry("a", "1.0").sha256,
            "size": 7,
            "license": "MIT",
            "privacy_notice": None,
            "platforms": [],
            "requires": [{"identifier": "b", "minimum": None, "optional": False}],
            "published_at": "2026-11-30T12:00:00+00:00",
            "changed_at": "2026-11-30T12:00:00+00:00",
            "changelog": "",
        }
    ]


def test_kodis_packages_are_where_kodi_looks_for_them():
    [listing] = render(kodi=[entry("plugin.a", "1.0")])["listings"]
    assert listing["releases"][0]["url"] == "https://marquee.example/feeds/kodi/plugin.a/plugin.a-1.0.zip"


def test_an_empty_catalogue_is_an_index_too():
    assert render(plex=[], kodi=[])["listings"] == []
    assert index_feed({}, SITE).path == "index.json"


def test_the_order_of_entries_does_not_change_a_byte():
    entries = [entry("a", "1"), entry("b", "1"), entry("a", "2")]
    assert index_feed({"plex": entries}, SITE) == index_feed({"plex": entries[::-1]}, SITE)


@pytest.fixture(scope="module")
def catalogue():
    """20,000 releases of 10,000 listings, each after the first requiring the first."""
    return [
        entry(f"listing{n:05}", version, summary="Does one thing well.", requires=requires(*needs))
        for n in range(CATALOGUE // 2)
        for version in ("1.9.1", "1.10.0")
        for needs in [["listing00000"] if n else []]
    ]


@pytest.mark.parametrize(
    "render_all",
    [
        lambda entries: PLEX.feed(entries, SITE),
        lambda entries: STASH.feed(entries, SITE),
        lambda entries: WEBOS.feed(entries, SITE),
        lambda entries: [index_feed({"plex": entries}, SITE)],
    ],
    ids=["plex", "stash", "webos", "index"],
)
def test_a_large_catalogue_is_rendered_in_seconds_of_processor_time(catalogue, render_all):
    started = time.process_time()
    files = render_all(catalogue)
    assert time.process_time() - started < 5
    assert sum(len(file.body) for file in files) > 1_000_000
