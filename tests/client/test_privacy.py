"""What a maker sees of privacy before publishing, and how a declaration goes along."""

import pytest

from registry.accounts.actor import SYSTEM
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import acknowledged_digests
from registry.privacy.models import Source
from registry.privacy.service import picture_of
from tests.registry.privacy.known import NONE, TELLS_ALL, TRACKER, tracking
from tests.story import Story


@pytest.fixture
def undeclared(tmp_path):
    path = tmp_path / "tracking.zip"
    path.write_bytes(tracking(privacy=None))
    return path


@pytest.fixture
def declaration(tmp_path):
    path = tmp_path / "privacy.toml"
    path.write_text(TELLS_ALL, encoding="utf-8")
    return path


def test_check_shows_what_is_found_and_not_declared_with_the_line_that_settles_it(marquee, undeclared):
    ran = marquee("check", undeclared)
    assert ran.code == 0
    assert "the bundle has no privacy.toml" in ran.out
    assert f"{TRACKER} (Google) in metadata.example.lantern/report.py line 2" in ran.out
    assert f'Settle: add "{TRACKER}" to hosts = […]' in ran.out


def test_check_tells_what_the_code_can_do_with_its_place(marquee, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(tracking(code="import subprocess\nsubprocess.run(['ls'])\n"))
    assert "can: exec in metadata.example.lantern/report.py line 2" in marquee("check", path).out


@pytest.mark.parametrize("name", ["privacy.toml", "tracking.zip.privacy.toml"])
def test_a_declaration_beside_the_bundle_is_read_by_check_and_goes_along(publishing, undeclared, given, name):
    beside = undeclared.with_name(name)
    beside.write_text(TELLS_ALL, encoding="utf-8")
    checked = publishing("check", undeclared).out
    assert f"declared in {beside}" in checked
    assert "not declared" not in checked
    (told,) = publishing("publish", undeclared, "--json").lines
    seen = given.run(picture_of, told["release"], by=SYSTEM)
    assert (seen.declaration.source, seen.declaration.hosts) == (Source.CLI, [TRACKER])


def test_the_bundles_own_declaration_wins_over_the_one_beside_it(publishing, tmp_path, given):
    path = tmp_path / "own.zip"
    path.write_bytes(tracking(privacy=TELLS_ALL))
    path.with_name("privacy.toml").write_text(NONE, encoding="utf-8")
    (told,) = publishing("publish", path, "--json").lines
    assert given.run(picture_of, told["release"], by=SYSTEM).declaration.source is Source.BUNDLE


def test_check_shows_a_contradiction_and_says_nothing_of_what_is_declared(marquee, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(tracking(privacy=NONE))
    assert "privacy.contradiction" in marquee("check", path).out
    path.write_bytes(tracking(privacy=TELLS_ALL))
    assert "not declared" not in marquee("check", path).out


def test_a_wrong_declaration_is_told_before_anything_is_sent(marquee, undeclared, declaration):
    declaration.write_text('[[data]]\ncode = "shoe_size"\n', encoding="utf-8")
    ran = marquee("publish", undeclared, "--privacy", declaration)
    assert ran.code == 2
    assert "shoe_size" in ran.out + ran.err


def test_publish_brings_the_declaration_and_the_label_along(publishing, undeclared, declaration, given):
    ran = publishing("publish", undeclared, "--privacy", declaration, "--maturity", "teen", "--json")
    (told,) = ran.lines
    seen = given.run(picture_of, told["release"], by=SYSTEM)
    assert seen.declaration.source is Source.CLI
    assert seen.declaration.hosts == [TRACKER]
    assert seen.release.maturity == "teen"
    assert not [reason for reason in seen.release.reasons if reason.startswith("privacy.")]


def test_publish_says_whose_practices_apply_and_what_is_not_declared(publishing, undeclared):
    ran = publishing("publish", undeclared)
    assert "third party: people are told that your own privacy practices apply" in ran.out
    assert "privacy: nothing is declared; add privacy.toml, or --privacy FILE" in ran.out


def test_a_notice_is_read_and_acknowledged_from_the_command_line(publishing, given, developer):
    release = Story(given, "maker").published(tracking(privacy=TELLS_ALL))
    ran = publishing("acknowledge", release.notice_digest, "--yes")
    assert ran.code == 0, ran.err
    assert "by maker (third party)" in ran.out
    assert "its own privacy practices apply" in ran.out
    kept = given.run(acknowledged_digests, Subject.NOTICE, account_id=developer.id)
    assert kept == {release.notice_digest}
    assert publishing("acknowledge", release.notice_digest).code == 2
    assert publishing("acknowledge", "0" * 64, "--yes").code == 1
