"""The two Stash sources: the checklist of the format's notes, line by line, and Stash itself."""

import re
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.base import Kind, Requirement, Site
from registry.bundles.ecosystems.stash import STASH
from registry.bundles.ecosystems.stash.feed import left_out, quoted
from registry.bundles.findings import BundleRejected
from tests.registry.bundles.ecosystems.offering import NOON, entry, requires, run_client, served, shared
from tests.registry.bundles.packing import zip_of

SITE = Site("https://marquee.example", "marquee.example")


def index(*entries, folder="plugins", site=SITE):
    [file] = [f for f in STASH.feed(entries, site) if f.path == f"stash/{folder}/index.yml"]
    return yaml.load(file.body, yaml.BaseLoader)


class TestChecklist:
    def test_one_newest_release_an_id(self):
        assert [p["version"] for p in index(entry("a", "1.9"), entry("a", "1.10"), entry("b", "2"))] == [
            "1.10",
            "2",
        ]

    def test_of_releases_that_are_commits_the_last_published_is_the_newest(self):
        older = entry("a", "f28c294", published_at=NOON - timedelta(days=1))
        newer = entry("a", "0a1b2c3")
        assert [p["version"] for p in index(newer, older)] == ["0a1b2c3"]

    def test_scalars_are_quoted(self):
        odd = entry("on", "1.10", name="no: # 'yes'", summary='"\n\t\x85\u2028\ufeff', license="null")
        body = STASH.feed([odd], SITE)[0].body.decode()
        values = re.findall(r"^[ -]+(?:[a-z0-9]+: )?(.+)$", body, re.MULTILINE)
        assert all(value.startswith('"') for value in values if value not in ("metadata:", "requires:"))
        [package] = index(odd)
        assert package["name"] == "no: # 'yes'"
        assert package["metadata"]["description"].startswith('"\n\t\x85\u2028\ufeff')

    def test_the_date_is_the_change_in_utc_and_grows_with_it(self):
        def date(when):
            return index(entry("a", changed_at=when))[0]["date"]

        east = timezone(timedelta(hours=2))
        assert date(datetime(2026, 11, 30, 1, 2, 3, 999, tzinfo=UTC)) == "2026-11-30 01:02:03"
        assert date(datetime(2026, 11, 30, 1, 2, 3, tzinfo=east)) == "2026-11-29 23:02:03"

    def test_a_rollback_shows_the_older_release_with_its_later_date(self):
        first = index(entry("a", "1.0"), entry("a", "1.1", changed_at=NOON + timedelta(seconds=1)))
        back = index(entry("a", "1.0", changed_at=NOON + timedelta(seconds=2)))
        assert (first[0]["version"], back[0]["version"]) == ("1.1", "1.0")
        assert back[0]["date"] > first[0]["date"]

    def test_the_digest_is_lower_case(self):
        assert index(entry("a", sha256="AB" * 32))[0]["sha256"] == "ab" * 32

    def test_the_path_is_a_full_address_that_ends_in_zip_and_names_the_version(self):
        release = entry("a", "1.0", filename=STASH.filename("a", "1.0"))
        assert index(release)[0]["path"] == "https://marquee.example/feeds/stash/a/1.0/a-1.0.zip"

    def test_requirements_are_complete_at_every_remove(self):
        packages = index(entry("a", requires=requires("b")), entry("b", requires=requires("c")), entry("c"))
        assert [p.get("requires") for p in packages] == [["b", "c"], ["c"], None]

    def test_an_optional_requirement_is_not_listed(self):
        optional = (Requirement("elsewhere", optional=True),)
        assert "requires" not in index(entry("a", requires=optional))[0]

    def test_license_author_and_third_party_stand_in_the_metadata(self):
        described = entry("a", license="AGPL-3.0-only", author="Grace", summary="Does it.")
        metadata = index(described)[0]["metadata"]
        assert metadata["license"] == "AGPL-3.0-only"
        assert metadata["author"] == "Grace"
        assert metadata["description"] == "Does it. [Third party: its own privacy practices apply]"
        assert (
            index(entry("a", first_party=True, summary="Does it."))[0]["metadata"]["description"]
            == "Does it."
        )
        assert "third party, ada: its own privacy practices apply" in metadata["notice"]
        assert "third party" not in index(entry("a", first_party=True))[0]["metadata"]["notice"]

    def test_description_is_never_empty_and_an_unknown_license_is_said(self):
        metadata = index(entry("com.example.one", license=None))[0]["metadata"]
        assert metadata["description"].startswith("one")
        assert metadata["license"] == "not known"


class TestSources:
    def test_plug_ins_and_scrapers_are_two_sources(self):
        plugin = entry("p")
        scraper = entry("s", kind=Kind.AGENT)
        library = entry("l", kind=Kind.PLUGIN, facts={"form": "library"})
        assert [p["id"] for p in index(plugin, scraper, library)] == ["p"]
        assert [p["id"] for p in index(plugin, scraper, library, folder="scrapers")] == ["l", "s"]

    def test_without_packages_a_source_is_an_empty_list(self):
        assert index() == []
        assert index(folder="scrapers") == []

    def test_what_would_break_stash_is_left_out_with_a_reason(self):
        entries = [
            entry("lost", requires=requires("nowhere")),
            entry("left", requires=requires("right")),
            entry("right", requires=requires("left")),
            entry("Twin"),
            entry("twin", published_at=NOON + timedelta(days=1)),
            entry("fine"),
        ]
        assert [p["id"] for p in index(*entries)] == ["Twin", "fine"]
        assert left_out(entries).keys() == {"lost", "left", "right", "twin"}
        assert "nowhere" in left_out(entries)["lost"]

    def test_a_plug_in_cannot_require_what_only_the_other_source_has(self):
        entries = [entry("p", requires=requires("s")), entry("s", kind=Kind.AGENT)]
        assert index(*entries) == []

    def test_the_order_of_entries_does_not_change_a_byte(self):
        entries = [entry(c, requires=requires("a") if c != "a" else ()) for c in "cab"]
        first, second = STASH.feed(entries, SITE), STASH.feed(entries[::-1], SITE)
        assert [f.body for f in first] == [f.body for f in second]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_text_comes_back_from_a_yaml_reader(text):
    assert yaml.safe_load(quoted(text)) == text
    assert "\n" not in quoted(text)


def corpus():
    """An entry and a package of every valid file of the corpus; scripts stand in, none is copied."""
    for path in sorted(shared("corpus", "stash").iterdir()):
        name = path.name.removeprefix("plugin-").removeprefix("scraper-").removeprefix("package-")
        content = path.read_bytes()
        if name.endswith(".package"):
            name = f"{name.removesuffix('.package')}/package"
        elif path.suffix != ".yml":
            continue
        try:
            metadata = STASH.read_file(name, content).metadata
        except BundleRejected:
            continue
        packed = zip_of({name.rpartition("/")[2]: content, "script.py": "pass\n"})
        version = metadata.version or "1.0"
        yield (
            packed,
            entry(
                metadata.identifier,
                version,
                kind=metadata.kind,
                name=metadata.name,
                summary=metadata.summary,
                requires=metadata.requires,
                facts=metadata.facts,
                filename=STASH.filename(metadata.identifier, version),
                sha256=sha256(packed).hexdigest(),
            ),
        )


@pytest.fixture(scope="module")
def source():
    files = {}
    with served(files.get) as base:
        entries = []
        for packed, each in corpus():
            entries.append(each)
            address = f"/feeds/stash/{each.identifier}/{each.version}/{each.filename}"
            files[address] = packed
        for file in STASH.feed(entries, Site(base, "here")):
            files[f"/feeds/{file.path}"] = file.body
        yield f"{base}/feeds/stash", entries


@pytest.mark.parametrize(("folder", "count"), [("plugins", 18), ("scrapers", 18)])
def test_stash_lists_and_installs_every_package_of_the_corpus_without_a_finding(source, folder, count):
    address, entries = source
    assert left_out(entries) == {}
    linted = run_client(
        "stash/stash_client.py", "lint", "--deep", f"{address}/{folder}/index.yml", "--kind", folder
    )
    assert linted["findings"] == []
    assert linted["packages"] == count
    assert linted["exit"] == 0


def test_stash_installs_a_package_with_what_it_requires(source, tmp_path):
    address, _ = source
    done = run_client(
        "stash/stash_client.py",
        "install",
        f"{address}/plugins/index.yml",
        "date_parser",
        "--into",
        str(tmp_path),
    )
    assert done["exit"] == 0
    assert [package["id"] for package in done["installed"]] == ["date_parser", "PythonDepManager"]


def test_stash_sees_an_update_by_the_later_date(source):
    address, _ = source
    before, now = (
        run_client(
            "stash/stash_client.py",
            "updates",
            f"{address}/plugins/index.yml",
            "--installed",
            f"stats={when:%Y-%m-%d %H:%M:%S}",
        )["updates"][0]["update"]
        for when in (NOON - timedelta(seconds=1), NOON)
    )
    assert (before, now) == ("1.1", None)
