"""Stash packages: which file makes them, what Stash would refuse, what is told."""

import json

import pytest

from registry.bundles.ecosystems.base import Kind
from registry.bundles.ecosystems.stash import STASH
from registry.bundles.findings import BundleRejected, Severity
from tests.registry.bundles.packing import bundle_of

PLUGIN = "name: Alpha\ndescription: Does it.\nversion: 1.10\nexec:\n  - python\n  - a.py\n"
BY_URL = "  - {action: stash, url: [a]}\n"
SCRAPER = (
    "name: Films\nsceneByURL:\n  - action: script\n    url: [films.example]\n    script: [python, f.py]\n"
)


def codes(reading):
    return [finding.code for finding in reading.findings]


def errors(reading):
    return [(f.code, f.line) for f in reading.findings if f.severity is Severity.ERROR]


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


def read(files):
    bundle = bundle_of(files)
    assert STASH.recognises(bundle)
    return STASH.read(bundle)


def single(text, name="Alpha.yml"):
    return STASH.read_file(name, text.encode())


class TestPackages:
    def test_the_file_name_is_the_id_and_the_version_stays_text(self):
        metadata = read({"alpha.yml": PLUGIN, "a.py": ""}).metadata
        assert (metadata.kind, metadata.identifier, metadata.version) == (Kind.PLUGIN, "alpha", "1.10")
        assert metadata.summary == "Does it."
        assert metadata.facts["commands"] == [["python", "a.py"]]

    def test_a_scraper_is_an_agent_without_a_version(self):
        reading = read({"Films.yml": SCRAPER, "f.py": ""})
        metadata = reading.metadata
        assert (metadata.kind, metadata.version) == (Kind.AGENT, None)
        assert metadata.summary == "Finds scene on films.example."
        assert codes(reading) == ["manifest.no_version"]

    def test_marquee_toml_gives_a_scraper_its_version(self):
        reading = read({"Films.yml": SCRAPER, "marquee.toml": 'version = "1.4"\nlicense = "MIT"\n'})
        assert (reading.metadata.version, reading.metadata.license) == ("1.4", "MIT")
        assert reading.findings == ()

    def test_marquee_toml_may_not_contradict_the_file(self):
        files = {"alpha.yml": PLUGIN, "marquee.toml": '# a note\nversion = "2"\n'}
        finding = refusal(lambda: read(files))
        assert (finding.code, finding.path, finding.line) == ("manifest.mismatch", "marquee.toml", 2)

    def test_a_library_takes_its_id_from_its_folder_or_else_its_name(self):
        foldered = read({"py_tools/package": "name: Tools\n", "py_tools/a.py": ""})
        assert foldered.metadata.identifier == "py_tools"
        flat = read({"package": "name: py_tools\n", "a.py": ""})
        assert flat.metadata.identifier == "py_tools"
        assert "stash.library_id" in codes(flat)
        assert flat.metadata.kind is Kind.AGENT
        unnamed = read({"package": "name: Python tools\n", "a.py": ""})
        assert unnamed.metadata.identifier is None
        assert "manifest.no_id" in codes(unnamed)

    def test_one_top_folder_is_accepted_and_told(self):
        reading = read({"repo-main/alpha.yml": PLUGIN, "repo-main/a.py": ""})
        assert reading.metadata.identifier == "alpha"
        assert "stash.top_folder" in codes(reading)

    def test_a_root_file_called_manifest_is_refused(self):
        assert errors(read({"alpha.yml": PLUGIN, "manifest": "x"})) == [("stash.manifest", None)]

    def test_a_settings_file_of_another_shape_is_passed_by_and_told(self):
        reading = read({"config.yml": "lists:\n  a: b\n", "alpha.yml": PLUGIN, "deep/x.yml": "a: b"})
        assert reading.metadata.identifier == "alpha"
        assert codes(reading) == ["stash.stray_yml", "stash.stray_yml"]

    def test_a_file_that_says_pkgignore_is_passed_by(self):
        reading = read({"beta.yml": "#pkgignore\n" + PLUGIN, "alpha.yml": PLUGIN})
        assert reading.metadata.identifier == "alpha"

    def test_two_packages_in_one_zip_are_ambiguous_until_one_is_named(self):
        both = {"alpha.yml": PLUGIN, "beta.yml": PLUGIN}
        assert refusal(lambda: read(both)).code == "manifest.ambiguous"
        assert read(both | {"marquee.toml": 'id = "beta"'}).metadata.identifier == "beta"

    def test_two_files_of_one_id_are_refused(self):
        reading = read({"alpha.yml": PLUGIN, "old/Alpha.yml": PLUGIN})
        assert errors(reading) == [("manifest.ambiguous", None)]

    @pytest.mark.parametrize(
        "files",
        [
            {"a.py": "", "readme.md": ""},
            {"docker-compose.yml": "services: {}", "marquee.toml": 'id = "x"'},
            {".travis.yml": "language: python"},
            {"Jellyfin.Plugin.Example.dll": "MZ", "settings.yml": "a: b"},
            {"app/docker-compose.yml": "services: {}"},
        ],
    )
    def test_other_archives_are_left_to_others(self, files):
        assert not STASH.recognises(bundle_of(files))

    def test_a_lone_yml_that_stash_would_refuse_is_refused_with_its_reason(self):
        finding = refusal(lambda: read({"compose.yml": "services:\n  web: {}\n"}))
        assert (finding.code, finding.line) == ("stash.shape", 1)
        assert "'services'" in finding.message


class TestIdentity:
    @pytest.mark.parametrize("name", ["a b.yml", "é.yml", ".yml", "a%2e.yml", f"{'a' * 101}.yml", "-a.yml"])
    def test_a_name_that_is_no_plain_word_is_refused(self, name):
        assert refusal(lambda: single(PLUGIN, name)).code == "manifest.id"

    @pytest.mark.parametrize(
        "version", ['"1.0\\n"', "1.0/../2.0", "9" * 10_000, "v٣.0", "1!2.0", "1.0+x", "1 0", "[1]"]
    )
    def test_a_bad_version_is_refused_with_its_line(self, version):
        finding = refusal(lambda: single(f"name: A\nexec: [a]\nversion: {version}\n"))
        assert (finding.code, finding.line) == ("manifest.version", 3)

    @pytest.mark.parametrize(
        ("filename", "identifier"),
        [
            ("Alpha.yml", "Alpha"),
            ("plugins/Alpha/Alpha.yml", "Alpha"),
            ("Alpha", "Alpha"),
        ],
    )
    def test_the_given_name_is_the_id(self, filename, identifier):
        assert STASH.recognises_file(filename, PLUGIN.encode())
        assert single(PLUGIN, filename).metadata.identifier == identifier


class TestRequirements:
    def test_they_stand_in_comments_maybe_several(self):
        text = "# requires: one, two\n#requires: three\n  # requires: not_this\n" + PLUGIN
        assert [r.identifier for r in single(text).metadata.requires] == ["one", "two", "three"]

    def test_a_bad_one_is_refused_with_its_line(self):
        finding = refusal(lambda: single("name: A\n# requires: ../x\nexec: [a]\n"))
        assert (finding.code, finding.line) == ("manifest.id", 2)

    def test_ui_requires_installs_nothing_and_that_is_told(self):
        reading = single("name: A\nversion: 1\nui:\n  requires:\n    - Lib\n")
        assert reading.metadata.requires == ()
        assert [(f.code, f.line) for f in reading.findings] == [("stash.ui_requires", 4)]
        assert single("# requires: Lib\nname: A\nversion: 1\nui:\n  requires: [Lib]\n").findings == ()

    def test_a_script_of_another_package_is_told(self):
        text = SCRAPER.replace("f.py", "../Other/f.py")
        assert "stash.outside_script" in codes(single(text))
        assert "stash.outside_script" not in codes(single("# requires: Other\n" + text))


class TestStrictness:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("name: A\nexec: [a]\nextra: 1\n", 3),
            ("name: A\nexec: a\n", 2),
            ("name: A\ntasks:\n  - name: T\n    when: now\n", 4),
            ("name: A\ninterface: dbus\n", 2),
            ("name: A\nsettings:\n  one:\n    type: TEXT\n", 4),
            ("name: [A]\nexec: [a]\n", 1),
            ("sceneByURL:\n  - action: stash\n    url: [a]\n", 1),
            ("name: A\nsceneByURL:\n  - action: guess\n    url: [a]\n", 3),
            ("name: A\nsceneByURL:\n  - action: script\n    url: [a]\n", 3),
            ("name: A\nsceneByURL:\n  - action: stash\n", 3),
            (f"name: A\nmovieByURL:\n{BY_URL}groupByURL:\n{BY_URL}", 2),
            ("name: A\nxPathScrapers:\n  one:\n    books: {}\n", 4),
            ("name: A\ndriver:\n  sleep: long\nsceneByFragment:\n  action: stash\n", 3),
        ],
    )  # fmt: skip
    def test_what_stash_would_drop_is_an_error_with_its_line(self, text, line):
        assert errors(single(text)) == [("stash.shape", line)]

    def test_every_error_is_told_at_once(self):
        assert len(errors(single("name: A\nexec: [a]\none: 1\ntwo: 2\n"))) == 2

    def test_code_from_elsewhere_is_told(self):
        reading = single(
            "name: A\nversion: 1\nui:\n  javascript:\n    - https://cdn.example/a.js\n    - a.js\n"
        )
        assert [(f.code, f.line) for f in reading.findings] == [("stash.remote_code", 5)]


class TestHostileYaml:
    @pytest.mark.parametrize(
        "text",
        [
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdef", "bcdefg", strict=True)
            ),
            "name: !!python/object:os.system {}\n",
            "name: A\nname: B\n",
            "[" * 5000,
            "name: A\n---\nname: B\n",
            "name: *nothing\n",
        ],
    )
    def test_it_is_refused(self, text):
        assert refusal(lambda: single(text)).code == "manifest.yaml"
        assert refusal(lambda: read({"alpha.yml": text})).code == "manifest.yaml"

    def test_aliases_as_real_scrapers_use_them_are_read(self):
        text = SCRAPER + "xPathScrapers:\n  a:\n    scene: &s {Title: t}\n    movie: *s\n"
        assert errors(single(text)) == []


def test_facts_are_json():
    facts = single(SCRAPER).metadata.facts
    assert json.loads(json.dumps(facts)) == facts
    assert facts["sites"] == ["films.example"]
