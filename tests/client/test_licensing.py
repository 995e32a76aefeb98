"""``marquee publish --license``, ``--grant`` and ``--source-offer``: what evidence leaves open is said along."""

import pytest

from licenses.spdx import text_of
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import acknowledged_digests
from registry.database import session
from registry.licensing.models import LicenseGrant
from registry.licensing.recording import record_in_force
from registry.releases.models import Release
from tests import bundles
from tests.story import Story

PLAIN = ("--version", "0.9", "--json")


@pytest.fixture
def bare(tmp_path):
    """A bundle that says nothing of a license."""
    path = tmp_path / "Lantern.bundle.zip"
    path.write_bytes(bundles.plex(license=None))
    return path


def in_force(given, release_id):
    return given.run(lambda: record_in_force(session(), session().get_one(Release, release_id)))


def test_a_license_is_said_along_and_kept_as_said(publishing, given, bare):
    ran = publishing("publish", bare, "--license", "MIT", *PLAIN)
    assert ran.code == 0, ran.out
    row = in_force(given, ran.lines[0]["release"])
    assert (row.declared_text, row.declared_expression) == ("MIT", "MIT")


def test_what_nothing_says_is_told_and_the_next_run_says_it(publishing, given, bare):
    first = publishing("publish", bare, "--version", "0.9")
    assert "the bundle declares no license; say it with --license, or --grant it" in first.out
    ran = publishing("publish", bare, "--license", "MIT", *PLAIN)
    assert in_force(given, ran.lines[0]["release"]).declared_text == "MIT"
    again = publishing("publish", bare, "--license", "MIT", "--version", "0.9")
    assert "license declared" not in again.out


def test_what_the_files_say_is_told_with_the_question(publishing, tmp_path):
    path = tmp_path / "lamplight.zip"
    path.write_bytes(bundles.jellyfin())
    assert "(its files say MIT)" in publishing("publish", path).out


def test_a_license_that_is_markup_is_refused_before_anything_is_sent(publishing, site, bare):
    ran = publishing("publish", bare, "--license", "<b>MIT</b>", "--version", "0.9")
    assert ran.code == 1
    assert "Markup is no license" in ran.err
    assert site.sent_parts() == []


def test_a_grant_needs_a_yes_to_the_terms_that_are_shown(publishing, site, bare):
    ran = publishing("publish", bare, "--grant", "--version", "0.9")
    assert ran.code == 2
    assert "Whoever receives a copy may use it." in ran.out
    assert "then say --yes" in ran.err
    assert site.sent_parts() == []


def test_a_grant_goes_along_once(publishing, given, bare):
    ran = publishing("publish", bare, "--grant", "--yes", *PLAIN)
    assert ran.code == 0, ran.out
    assert ran.lines[0]["basis"] == "grant"
    again = publishing("publish", bare, "--grant", "--yes", "--version", "0.9")
    assert "no grant is needed: it was granted before" in again.out
    assert given.run(lambda: session().query(LicenseGrant).count()) == 1


def test_a_grant_is_left_out_where_the_license_does(publishing, tmp_path):
    path = tmp_path / "lantern.zip"
    path.write_bytes(bundles.kodi(license="MIT"))
    ran = publishing("publish", path, "--grant", "--yes")
    assert "no grant is needed: its license lets copies be given" in ran.out


def test_the_source_of_a_binary_is_offered_with_it(publishing, given, tmp_path):
    path = tmp_path / "binary.zip"
    files = {"lib/native.so": b"\x7fELF" + bytes(60), "LICENSE.txt": text_of("GPL-3.0-only") or ""}
    path.write_bytes(bundles.kodi(license="GPL-3.0-only", more=files))
    assert "no copy leaves before you attach the source" in publishing("publish", path).out
    half = publishing("publish", path, "--source-offer", "https://src.example.org/")
    assert half.code == 2
    words = ("--source-offer", "https://src.example.org/", "--source-until")
    soon = publishing("publish", path, *words, "2027-01-31")
    assert soon.code == 1
    assert "at least three years" in soon.err
    ran = publishing("publish", path, *words, "2040-01-31", "--json")
    assert ran.code == 0, ran.out
    row = in_force(given, ran.lines[0]["release"])
    assert (row.source.value, row.source_until.date().isoformat()) == ("offer", "2040-01-31")


def test_terms_are_accepted_by_the_command_line_once_they_were_shown(marquee, site, given):
    story, name = Story(given), "PolyForm-Noncommercial-1.0.0"
    files = {"LICENSE.txt": f"SPDX-License-Identifier: {name}\n"}
    release = story.published(bundles.kodi(license=name, more=files))
    reader = given.account()
    command = marquee.signed(site.url, given.token(reader))
    shown = command("accept", release.id)
    assert shown.code == 2
    assert f"License: {name}" in shown.out
    assert "no commercial" in shown.out
    accepted = command("accept", release.id, "--yes", "--json")
    assert accepted.code == 0
    digests = given.run(acknowledged_digests, Subject.TERMS, account_id=reader.id)
    assert digests == {accepted.lines[0]["digest"]}
