"""Looking at published releases again: what would be concluded otherwise is told, and nothing is changed."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from licenses.spdx import text_of
from registry import cli
from registry.database import session, transaction
from registry.licensing.audit import audit_licenses
from registry.licensing.models import LicenseRecord
from registry.licensing.recording import carry_on
from registry.licensing.service import conclude_license
from registry.releases.models import Release
from registry.releases.reading import artifacts_of
from registry.storing import store
from storage.keys import blob_key
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


@pytest.fixture
def release(story):
    return story.published(bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT")}))


def audited(given):
    return given.run(lambda: list(audit_licenses()))


def as_if_recorded(given, release, **changed) -> None:
    """A record as an older detector, or an older table, might have drawn it."""

    def write() -> None:
        with transaction() as tx:
            row = tx.get_one(Release, release.id, with_for_update=True)
            carry_on(tx, row, None, "An older detector.", **changed)

    given.run(write)


def test_what_is_as_recorded_differs_in_nothing(given, release):
    [one] = audited(given)
    assert (one.release_id, one.differs, one.error) == (release.id, (), None)


def test_what_an_older_detector_saw_otherwise_is_told_and_left_as_it_is(given, release):
    as_if_recorded(given, release, expression="ISC", suggested="ISC")
    count = select(func.count()).select_from(LicenseRecord)
    before = given.run(lambda: session().scalar(count))
    [one] = audited(given)
    assert one.differs == ("expression", "suggested")
    assert (one.recorded["expression"], one.now["expression"]) == ("ISC", "MIT")
    assert given.run(lambda: session().scalar(count)) == before


def test_what_a_moderator_concluded_stays_and_only_another_suggestion_is_told(given, story, release):
    by = given.actor(story.moderator)
    given.run(conclude_license, release.id, "BSD-3-Clause", note="Its author told me.", by=by)
    assert [one.differs for one in audited(given)] == [()]
    as_if_recorded(given, release, suggested="ISC")
    [one] = audited(given)
    assert (one.differs, one.now["expression"]) == (("suggested",), "BSD-3-Clause")


def test_a_release_that_waits_is_not_looked_at(given, story):
    story.waiting()
    assert audited(given) == []


def test_bytes_that_are_lost_are_told_and_the_rest_is_looked_at(given, story, release):
    other = story.published(bundles.stash())

    def lose() -> None:
        sha256 = artifacts_of([release.id])[release.id][0].sha256
        store().delete(store().config.bucket_published, blob_key(sha256))

    given.run(lose)
    by_id = {one.release_id: one for one in audited(given)}
    assert by_id[release.id].error
    assert by_id[other.id].error is None


@pytest.fixture
def call(environ, monkeypatch, tmp_path):
    for name, value in {**environ, "MARQUEE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(cli.main, ["licenses", "audit", *words])


def test_the_command_prints_only_what_differs(given, release, call):
    quiet = call()
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    assert "1 looked at: 0 would be concluded otherwise" in quiet.stderr
    as_if_recorded(given, release, expression="ISC", suggested="ISC")
    assert "expression ISC → MIT" in call().stdout
    told = json.loads(call("--json").stdout)
    assert (told["release"], told["now"]["expression"]) == (str(release.id), "MIT")
