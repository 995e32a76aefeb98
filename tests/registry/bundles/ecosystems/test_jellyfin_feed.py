import dataclasses
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.base import FeedEntry, Site
from registry.bundles.ecosystems.jellyfin import JELLYFIN
from registry.bundles.ecosystems.jellyfin.series import series_for_user_agent
from registry.bundles.ecosystems.jellyfin.versions import version_key
from tests.registry.bundles.ecosystems.assemblies import EXAMPLE_DLL, GUID
from tests.registry.bundles.ecosystems.corpus import SHARED, needs_shared
from tests.registry.bundles.ecosystems.offered import NOON, SITE, offer, offer_of
from tests.registry.bundles.ecosystems.serving import serving
from tests.registry.bundles.packing import bundle_of, zip_of

OTHER = "00000000-0000-4000-8000-000000000002"
KNOWN = ["10.8", "10.9", "10.10", "10.11", "12.0"]


def plugin(version: str = "1.0.0.0", abi: str | None = "10.11.0.0", **changes: Any) -> FeedEntry:
    facts = {"target_abi": abi, "category": "Metadata", "image": None}
    fields = {"identifier": GUID, "name": "Example", "version": version, "facts": facts}
    return offer(**(fields | changes))


def documents(*entries: FeedEntry, site: Site = SITE) -> dict[str, Any]:
    """Return every manifest by its series, the one of all under an empty name."""
    found = {}
    for file in JELLYFIN.feed(entries, site):
        name = file.path.removeprefix("jellyfin").removesuffix("manifest.json").strip("/")
        found[name] = json.loads(file.body)
    return found


def listed(*entries: FeedEntry) -> Any:
    return documents(*entries)[""]


def versions(document: Any) -> list[str]:
    return [version["version"] for package in document for version in package["versions"]]


# --- the checklist of the format page ---


def test_an_empty_feed_is_an_array_for_every_known_series() -> None:
    assert documents() == {name: [] for name in ("", *KNOWN)}


def test_versions_have_four_numbers_newest_first() -> None:
    entries = [plugin(version) for version in ("1.9.0.0", "1.10.0.0", "1.2.0.0", "1.10.0.1")]
    assert versions(listed(*entries)) == ["1.10.0.1", "1.10.0.0", "1.9.0.0", "1.2.0.0"]


def test_a_listing_is_one_package_with_its_guid_in_lower_case_with_hyphens() -> None:
    document = listed(plugin("1.0.0.0"), plugin("2.0.0.0"), plugin(identifier=OTHER, name="Other"))
    assert {package["guid"]: len(package["versions"]) for package in document} == {GUID: 2, OTHER: 1}


def test_a_name_stays_as_it_was_first_published() -> None:
    first = plugin("1.0.0.0", name="Example", published_at=NOON)
    later = plugin("2.0.0.0", name="Example Renamed", published_at=NOON + timedelta(days=1))
    (package,) = listed(later, first)
    assert package["name"] == "Example"


def test_of_two_listings_with_one_name_the_first_keeps_it() -> None:
    first = plugin(published_at=NOON)
    second = plugin(identifier=OTHER, name="EXAMPLE", published_at=NOON + timedelta(days=1))
    assert [package["guid"] for package in listed(second, first)] == [GUID]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../../etc"},
        {"name": "a/b"},
        {"name": ".."},
        {"version": "1.0"},
        {"version": "v1"},
        {"version": "1.0.0.99999999999"},
        {"identifier": "not-a-guid"},
        {"identifier": GUID.upper()},
    ],
)
def test_what_would_break_a_server_is_left_out(change: dict[str, str]) -> None:
    assert listed(plugin(**change), plugin(identifier=OTHER, name="Sound"))[0]["guid"] == OTHER
    assert len(listed(plugin(**change), plugin(identifier=OTHER, name="Sound"))) == 1


def test_the_checksum_is_the_md5_in_lower_case_and_no_other_digest_is_there() -> None:
    (package,) = listed(plugin(md5="AB" * 16))
    (version,) = package["versions"]
    assert version["checksum"] == "ab" * 16
    assert "a1" * 32 not in json.dumps(package)


def test_the_address_of_a_zip_is_absolute_and_ends_in_zip() -> None:
    name = JELLYFIN.filename(GUID, "1.0.0.0")
    (package,) = listed(plugin(filename=name))
    assert package["versions"][0]["sourceUrl"] == (
        f"http://127.0.0.1:8000/feeds/jellyfin/{GUID}/1.0.0.0/{GUID}_1.0.0.0.zip"
    )


def test_a_picture_is_an_absolute_address_or_absent() -> None:
    (without,) = listed(plugin())
    assert "imageUrl" not in without
    (package,) = listed(plugin(pictures={"icon": "https://media.example/a.png", "fanart": "x"}))
    assert package["imageUrl"] == "https://media.example/a.png"


def test_times_are_in_utc_with_t_and_z() -> None:
    east = datetime(2026, 3, 4, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    (package,) = listed(plugin(published_at=east))
    assert package["versions"][0]["timestamp"] == "2026-03-03T23:30:00Z"


def test_no_field_is_empty_even_where_the_plugin_says_nothing() -> None:
    bare = plugin(summary="", description="", author="", facts={"target_abi": "10.11.0.0"})
    (package,) = listed(bare)
    for key in ("overview", "description", "owner", "category"):
        assert package[key]
    assert (package["owner"], package["category"]) == ("Example Works", "General")


def test_without_an_oldest_server_none_is_claimed() -> None:
    (package,) = listed(plugin(abi=None))
    assert "targetAbi" not in package["versions"][0]


def test_license_origin_and_page_stand_in_the_description() -> None:
    (own,) = listed(plugin(license="MIT", first_party=True))
    assert "License: MIT." in own["description"]
    assert "/listings/" in own["description"]
    (foreign,) = listed(plugin(first_party=False))
    assert "a third party, Example Works: its own privacy practices apply" in foreign["description"]
    assert "/listings/" in foreign["description"]


def test_the_same_releases_in_any_order_give_the_same_bytes() -> None:
    entries = [
        plugin(f"1.{minor}.0.0", identifier=identifier, name=identifier)
        for identifier in (GUID, OTHER)
        for minor in range(4)
    ]
    shuffled = random.Random(7).sample(entries, len(entries))
    assert JELLYFIN.feed(entries, SITE) == JELLYFIN.feed(shuffled, SITE)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_of_a_publisher_breaks_the_document(description: str, changelog: str) -> None:
    (package,) = listed(plugin(description=description, changelog=changelog))
    assert package["versions"][0]["changelog"] == changelog


# --- one feed a server series ---


def test_a_series_is_offered_what_was_built_for_it() -> None:
    found = documents(plugin("1.0.0.0", "10.10.0.0"), plugin("2.0.0.0", "10.11.3.0"))
    assert {name: versions(document) for name, document in found.items()} == {
        "": ["2.0.0.0", "1.0.0.0"],
        "10.8": [],
        "10.9": [],
        "10.10": ["1.0.0.0"],
        "10.11": ["2.0.0.0"],
        "12.0": ["2.0.0.0"],
    }


def test_a_fix_for_an_older_series_does_not_reach_the_newer() -> None:
    found = documents(
        plugin("1.0.0.0", "10.10.0.0"), plugin("2.0.0.0", "10.11.0.0"), plugin("3.0.0.0", "10.10.7.0")
    )
    assert versions(found["10.11"]) == ["2.0.0.0"]
    assert versions(found["10.10"]) == ["3.0.0.0", "1.0.0.0"]


def test_without_a_build_for_a_series_the_nearest_older_one_is_offered() -> None:
    found = documents(plugin("1.0.0.0", "10.8.0.0"), plugin("2.0.0.0", "10.9.0.0"))
    assert versions(found["10.11"]) == ["2.0.0.0"]
    assert versions(found["10.8"]) == ["1.0.0.0"]


def test_what_names_no_server_is_offered_to_all() -> None:
    found = documents(plugin("1.0.0.0", None), plugin("2.0.0.0", "10.11.0.0"))
    assert versions(found["10.11"]) == ["2.0.0.0", "1.0.0.0"]
    assert versions(found["10.8"]) == ["1.0.0.0"]


def test_a_series_that_occurs_gets_a_feed_and_a_publisher_cannot_make_them_without_end() -> None:
    assert "12.1" in documents(plugin(abi="12.1.0.0"))
    many = [plugin(f"1.0.0.{minor}", f"30.{minor}.0.0") for minor in range(200)]
    assert len(documents(*many)) == 1 + len(KNOWN) + 16


@pytest.mark.parametrize(
    ("user_agent", "series"),
    [
        ("Jellyfin-Server/10.11.11", "10.11"),
        ("Jellyfin-Server/10.8.13", "10.8"),
        ("Jellyfin-Server/12.0.0", "12.0"),
        ("Jellyfin-Server/12.3.0", "12.3"),
        ("Jellyfin-Server/10.11", "10.11"),
        ("Jellyfin-Server/10", None),
        ("Jellyfin-Server/", None),
        ("Jellyfin-Server/99999.1", None),
        ("Mozilla/5.0 Jellyfin-Server/10.11.11", None),
        ("curl/8.0", None),
        ("", None),
    ],
)
def test_the_user_agent_says_the_series(user_agent: str, series: str | None) -> None:
    assert series_for_user_agent(user_agent) == series


def test_the_feed_of_all_says_that_it_depends_on_the_user_agent() -> None:
    (first, *rest) = JELLYFIN.feed((), SITE)
    assert (first.path, first.headers) == ("jellyfin/manifest.json", {"Vary": "User-Agent"})
    assert all(file.path.count("/") == 2 for file in rest)


# --- the strict client ---


def client(*arguments: str) -> tuple[int, Any]:
    """Run the strict client; return its exit status and its answer."""
    program = SHARED / "clients/jellyfin/jellyfin_client.py"
    run = subprocess.run(
        [sys.executable, str(program), *arguments], capture_output=True, timeout=60, check=False
    )
    assert run.stdout, run.stderr.decode()
    return run.returncode, json.loads(run.stdout)


def package_of(entry: FeedEntry) -> bytes:
    """Return a zip that agrees with the entry, as jprm would pack it."""
    meta = {
        "guid": entry.identifier,
        "name": entry.name,
        "version": entry.version,
        "targetAbi": entry.facts["target_abi"],
        "category": entry.facts["category"] or "General",
        "overview": entry.summary,
        "description": entry.description,
        "owner": entry.author,
        "changelog": entry.changelog,
        "timestamp": "2026-03-04T12:00:00Z",
    }
    return zip_of({"Plugin.dll": EXAMPLE_DLL, "meta.json": json.dumps(meta)})


def corpus_entries() -> list[FeedEntry]:
    """Return a release for every release of the corpus, and three for every listed plug-in."""
    entries: dict[tuple[str, str], FeedEntry] = {}
    for path in sorted((SHARED / "corpus/jellyfin").iterdir()):
        if path.suffix not in (".yaml", ".json"):
            continue
        reading = JELLYFIN.read_file(path.name, path.read_bytes())
        if reading.metadata.identifier:
            found = [offer_of(reading, first_party=False)]
        else:
            found = list(entries_of_list(json.loads(path.read_bytes())))
        for entry in found:
            entries.setdefault((entry.identifier, entry.version), entry)
    return list(entries.values())


def entries_of_list(packages: list[dict[str, Any]]) -> Iterator[FeedEntry]:
    for package in packages:
        for version in package["versions"]:
            yield plugin(
                version["version"],
                ".".join(f"{version['targetAbi']}.0".split(".")[:4]),
                identifier=package["guid"].lower(),
                name=package["name"],
                summary=package["overview"],
                description=package["description"],
                author=package["owner"],
                changelog=version["changelog"],
                published_at=datetime.fromisoformat(version["timestamp"].replace("Z", "")).replace(
                    tzinfo=UTC
                ),
            )


@contextmanager
def served(entries: list[FeedEntry]) -> Iterator[str]:
    """Serve the feed of these entries, their zips and a picture."""
    files: dict[str, bytes] = {"/media/icon.png": b"\x89PNG"}
    with serving(files) as url:
        site = Site(url, "127.0.0.1")
        offers = []
        for entry in entries:
            body, name = package_of(entry), JELLYFIN.filename(entry.identifier, entry.version)
            files[f"/feeds/jellyfin/{entry.identifier}/{entry.version}/{name}"] = body
            md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
            pictures = {"icon": f"{url}/media/icon.png"}
            offers.append(dataclasses.replace(entry, md5=md5, filename=name, pictures=pictures))
        files |= {f"/feeds/{file.path}": file.body for file in JELLYFIN.feed(offers, site)}
        yield f"{url}/feeds/jellyfin"


@needs_shared
def test_the_strict_client_finds_nothing_in_the_feed_of_the_whole_corpus() -> None:
    entries = corpus_entries()
    assert len({entry.identifier for entry in entries}) > 40
    assert len(entries) > 200
    with served(entries) as feed:
        for series in ("", "/10.8", "/10.10", "/10.11", "/12.0"):
            status, answer = client("lint", f"{feed}{series}/manifest.json")
            assert answer["findings"] == []
            assert status == 0


@needs_shared
def test_the_strict_client_installs_every_release_read_from_the_corpus(tmp_path: Path) -> None:
    entries = [entry for entry in corpus_entries() if entry.facts["category"] == "Anime"]
    assert len(entries) == 2
    with served(entries) as feed:
        status, answer = client("lint", f"{feed}/manifest.json", "--deep")
        assert (status, answer["findings"]) == (0, [])
        into = str(tmp_path / "plugins")
        status, answer = client("install", f"{feed}/10.11/manifest.json", "AniDB", "--into", into)
        assert (status, answer["status"], answer["version"]) == (0, "Restart", "11.0.0.0")


@needs_shared
@pytest.mark.parametrize(
    ("server", "update"), [("10.10.7", "1.1.0.0"), ("10.11.11", "2.0.0.0"), ("12.0.0", "2.0.0.0")]
)
def test_the_strict_client_updates_to_the_newest_that_its_series_is_offered(server: str, update: str) -> None:
    entries = [
        plugin("1.0.0.0", "10.10.0.0"),
        plugin("2.0.0.0", "10.11.0.0"),
        plugin("1.1.0.0", "10.10.0.0"),
    ]
    with served(entries) as feed:
        series = series_for_user_agent(f"Jellyfin-Server/{server}")
        status, answer = client(
            "updates", f"{feed}/{series}/manifest.json", "--server", server,
            "--installed", f"{GUID}=1.0.0.0=Example",
        )  # fmt: skip
    assert status == 0
    assert [one["update"] for one in answer["updates"]] == [update]


def test_what_is_packed_as_jprm_packs_is_read_back_as_it_was_said() -> None:
    entry = plugin("1.2.0.0")
    said = JELLYFIN.read(bundle_of({"meta.json": package_meta(entry), "Plugin.dll": EXAMPLE_DLL})).metadata
    assert (said.identifier, said.version, said.name) == (GUID, "1.2.0.0", "Example")
    assert version_key(said.version or "") == (1, 2, 0, 0)


def package_meta(entry: FeedEntry) -> str:
    return json.dumps({"guid": entry.identifier, "name": entry.name, "version": entry.version})
