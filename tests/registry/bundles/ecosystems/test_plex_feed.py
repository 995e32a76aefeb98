"""The Plex store: the list and what WebTools installs from it."""

import io
import json
import zipfile
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from registry.bundles.ecosystems.base import Kind, Site
from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.ecosystems.plex.feed import commits_feed
from tests.registry.bundles.ecosystems.offering import NOON, entry, run_client, served, shared
from tests.registry.bundles.packing import bundle_of, zip_of

SITE = Site("https://marquee.example", "marquee.example")
OLD_FIELDS = {
    "title",
    "bundle",
    "type",
    "description",
    "repo",
    "branch",
    "identifier",
    "icon",
    "supporturl",
}


def rows(*entries):
    return json.loads(PLEX.feed(entries, SITE)[0].body)


def of_bundle(reading, packed, version="1.0"):
    """The entry of a bundle that was read and published."""
    metadata = reading.metadata
    version = metadata.version or version
    return entry(
        metadata.identifier,
        version,
        kind=metadata.kind,
        name=metadata.name,
        facts=metadata.facts,
        filename=PLEX.filename(metadata.identifier, version),
        sha256=sha256(packed).hexdigest(),
        size_bytes=len(packed),
    )


class Web:
    """What the web layer answers, over the rendered files and the packages."""

    def __init__(self):
        self.files, self.packages = {}, {}

    def publish(self, base, entries):
        for each in entries:
            folder = each.facts.get("folder") or f"{each.identifier}.bundle"
            repo = f"/feeds/plex/{each.identifier}/{folder}"
            package = self.packages[each.sha256]
            self.files[f"{repo}/archive/{each.sha256}.zip"] = package
            self.files[f"{repo}/commits/{each.sha256}.atom"] = commits_feed(
                each.sha256, each.version, each.changed_at
            )
            self.files[f"/feeds/plex/{each.identifier}/{each.version}/{each.filename}"] = package
        for file in PLEX.feed(entries, Site(base, "here")):
            self.files[f"/feeds/{file.path}"] = file.body


class TestTheList:
    def test_an_entry_has_the_older_stores_fields_and_version_digest_license_besides(self):
        [row] = rows(entry("com.example.agents.one", "1.2", license="MIT", facts={"folder": "One.bundle"}))
        assert row.keys() >= OLD_FIELDS
        assert (row["version"], row["license"]) == ("1.2", "MIT")
        assert row["sha256"] == entry("com.example.agents.one", "1.2").sha256
        assert row["bundle"] == "One.bundle"
        assert row["url"] == (
            "https://marquee.example/feeds/plex/com.example.agents.one/1.2/com.example.agents.one-1.2.zip"
        )

    def test_only_the_newest_release_is_listed_and_the_repository_stays_the_same(self):
        old = rows(entry("com.example.one", "1.9"))
        new = rows(entry("com.example.one", "1.9"), entry("com.example.one", "1.10"))
        assert [row["version"] for row in new] == ["1.10"]
        assert old[0]["repo"] == new[0]["repo"]
        assert old[0]["branch"] != new[0]["branch"]

    def test_the_types_are_the_words_of_the_older_store(self):
        agent = entry("a", kind=Kind.AGENT, facts={"areas": ["video"]})
        tool = entry("b", kind=Kind.CHANNEL, facts={"areas": ["music", "applications"]})
        unknown = entry("c", kind=Kind.CHANNEL)
        assert [row["type"] for row in rows(agent, tool, unknown)] == [
            ["Metadata Agent"],
            ["Music", "Application"],
            ["Video"],
        ]

    def test_a_third_party_is_marked(self):
        third, first = rows(entry("a"), entry("b", first_party=True))
        assert third["third_party"] is True
        assert "its own privacy practices apply" in third["notice"]
        assert first["third_party"] is False

    def test_metadata_providers_are_not_in_it(self):
        assert rows(entry("tv.plex.agents.custom.x", facts={"form": "provider"})) == []

    def test_the_archive_holds_the_same_list_and_is_the_same_bytes_each_time(self):
        entries = [entry("b"), entry("a")]
        first, second = PLEX.feed(entries, SITE), PLEX.feed(entries[::-1], SITE)
        assert [f.body for f in first] == [f.body for f in second]
        paths = {f.path: f.body for f in first}
        assert set(paths) == {"plex/bundles.json", "plex/branches/master", "plex/archive/master.zip"}
        with zipfile.ZipFile(io.BytesIO(paths["plex/archive/master.zip"])) as archive:
            [name] = archive.namelist()
            assert archive.read(name) == paths["plex/bundles.json"]
        commit = json.loads(paths["plex/branches/master"])["commit"]["sha"]
        assert commit == sha256(paths["plex/bundles.json"]).hexdigest()


def corpus_entries():
    """An entry and its package of every bundle of the corpus; code stands in, since none is copied."""
    for path in sorted(shared("corpus", "plex").glob("*.bundle")):
        agent = b"PlexPluginClass</key>\n\t<string>Agent" in (path / "Contents/Info.plist").read_bytes()
        bundle = {
            f"{path.name}-master/{file.relative_to(path)}": file.read_bytes()
            for file in path.rglob("*")
            if file.is_file() and file.name not in ("tree.txt", "hosts.txt")
        }
        code = "class A(Agent.Movies):\n    name = NAME\n" if agent else "pass\n"
        bundle[f"{path.name}-master/Contents/Code/__init__.py"] = code
        packed = zip_of(bundle)
        yield of_bundle(PLEX.read(bundle_of(bundle)), packed), packed


@pytest.fixture(scope="module")
def store():
    web, entries = Web(), []
    for each, packed in corpus_entries():
        web.packages[each.sha256] = packed
        entries.append(each)
    with served(web.files.get) as base:
        web.publish(base, entries)
        yield f"{base}/feeds/plex", entries, web


def test_webtools_lists_every_bundle_of_the_corpus_without_an_error(store):
    address, entries, _ = store
    listed = run_client("plex/uas_client.py", "list", address)
    assert listed["exit"] == 0
    assert len(listed["bundles"]) == len(entries) == 37
    # WebTools asks GitHub alone for updates; of any other address its emulator says so.
    assert [f for f in listed["findings"] if "not on GitHub" not in f["text"]] == []


@pytest.mark.parametrize("folder", ["Hama", "Trakttv", "SC2Casts", "Sub-Zero", "Fanart-TV-Agent"])
def test_webtools_installs_a_bundle_into_its_folder_and_knows_its_identifier(store, tmp_path, folder):
    address, entries, _ = store
    wanted = next(e for e in entries if e.facts["folder"] == f"{folder}.bundle")
    done = run_client("plex/uas_client.py", "install", address, wanted.name, "--into", str(tmp_path))
    assert done["exit"] == 0, done
    assert (done["identifier"], done["folder"]) == (wanted.identifier, f"{folder}.bundle")
    assert done["notes"] == []
    assert done["commit"] == wanted.version[:10]
    assert (tmp_path / f"{folder}.bundle/Contents/Info.plist").is_file()


def test_a_package_that_was_published_passes_the_check_of_its_zip(store, tmp_path):
    _, entries, web = store
    for each in entries:
        file = tmp_path / "bundle.zip"
        file.write_bytes(web.packages[each.sha256])
        checked = run_client("plex/uas_client.py", "check", str(file))
        assert checked["exit"] == 0, checked
        assert (checked["identifier"], checked["kind"]) == (each.identifier, each.kind.value)


def test_the_address_of_each_package_gives_its_bytes(store):
    address, entries, web = store
    for row in json.loads(web.files["/feeds/plex/bundles.json"]):
        assert row["repo"].startswith(address)
        assert sha256(web.files[urlsplit(row["url"]).path]).hexdigest() == row["sha256"]
    assert {e.changed_at for e in entries} == {NOON}
