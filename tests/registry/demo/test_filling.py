"""The demonstration through the public API of a live server, with a worker that really works."""

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from registry.accounts import service
from registry.accounts.models import Account, Role
from registry.audit.models import AuditEvent
from registry.database import session
from registry.demo.cast import Cast, kept_password
from registry.demo.catalogue import Catalogue, Fate, read_catalogue
from registry.demo.filling import fill
from registry.demo.site import DemoFailed, Site
from registry.releases.models import Release
from tests.browser.serving import served
from tests.registry.demo.working import working

ROOT = Path(__file__).parents[3]
WHOLE = read_catalogue()
#: One of each fate, and the formats in which most must be said at upload.
CHOSEN = ("service.lamplighter", "lampblack", "com.plexapp.agents.operabox", "balcony-roku",
          "e4c2b7a1-3f58-4f0d-a2d9-8b7c6d5e4f44", "script.ferry")  # fmt: skip
SMALL = replace(WHOLE, listings=tuple(one for one in WHOLE.listings if one.identifier in CHOSEN))


@pytest.fixture
def url(app):
    with served(app) as port, working(app):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def admin(given):
    return given.admin()


@pytest.fixture
def site(url):
    with Site(url) as made:
        yield made


def cast_of(
    site, given, admin, catalogue: Catalogue = SMALL, password: str = "coral lantern obeys nine mules"
):
    return Cast(site, catalogue, password, lambda: Site(site.url, given.token(admin)))


def perform(cast):
    cast.assemble()
    told = []
    new = fill(cast, told.append)
    cast.leave()
    return new


def releases(given):
    rows = given.run(lambda: session().query(Release).all())
    return Counter(row.state.value for row in rows)


def acts(given):
    """How often something was done with an upload or a release."""
    done = AuditEvent.subject_type.in_(["upload", "release"])
    return given.run(lambda: session().query(AuditEvent).filter(done).count())


def wanted(catalogue):
    return Counter(version.fate.value for listing in catalogue.listings for version in listing.versions)


@pytest.mark.slow
def test_the_catalogue_comes_to_stand_as_it_should_and_a_second_run_changes_nothing(site, given, admin):
    assert perform(cast_of(site, given, admin)) == sum(wanted(SMALL).values())
    assert releases(given) == wanted(SMALL)
    before = acts(given)

    assert perform(cast_of(site, given, admin)) == 0
    assert releases(given) == wanted(SMALL)
    assert acts(given) == before

    assert site.ask("GET", "publishers/quayside")["first_party"]
    assert not site.ask("GET", "publishers/nightjar")["first_party"]
    rejected = next(one for one in SMALL.listings if one.name == "Aftercredits").versions[1]
    owner = site.signed_in("tomasz@demo.invalid", "coral lantern obeys nine mules")
    shown = owner.ask("GET", f"listings/jellyfin/{CHOSEN[4]}/{rejected.number}")
    assert (shown["state_reason"], shown["state_note"]) == ("privacy.unclear", rejected.why)
    yanked = site.ask("GET", "listings/kodi/service.lamplighter/0.9.1")
    assert yanked["state"] == "yanked"
    assert site.ask("GET", "listings/kodi/service.lamplighter")["version"] == "0.9.2"


@pytest.mark.slow
def test_what_a_run_left_waiting_is_decided_by_the_next(site, given, admin):
    (one,) = (listing for listing in SMALL.listings if listing.identifier == "script.ferry")
    waiting = replace(one, versions=(replace(one.versions[0], fate=Fate.WAITING),))
    perform(cast_of(site, given, admin, replace(SMALL, listings=(waiting,))))
    assert releases(given) == {"waiting": 1}
    perform(cast_of(site, given, admin, replace(SMALL, listings=(one,))))
    assert releases(given) == {"published": 2}


def test_nobody_else_s_account_is_given_a_role(site, given, admin):
    squatter = given.account("petra@demo.invalid")
    with pytest.raises(DemoFailed, match="another password"):
        perform(cast_of(site, given, admin))
    assert given.found(Account, squatter.id).role is Role.USER


def test_without_an_admin_nothing_is_half_made(site, given):
    def nobody():
        raise DemoFailed("An admin is needed")

    with pytest.raises(DemoFailed, match="An admin is needed"):
        perform(Cast(site, SMALL, "coral lantern obeys nine mules", nobody))
    assert given.run(lambda: session().query(Account).count()) == 0


def test_a_server_that_is_not_there_is_told():
    with Site("http://127.0.0.1:1") as site, pytest.raises(DemoFailed, match="make run"):
        site.ask("GET", "me")


def test_the_password_is_made_once_and_kept_for_the_operator_alone(tmp_path):
    first = kept_password(tmp_path, "http://a.example")
    assert kept_password(tmp_path, "http://a.example") == first
    assert kept_password(tmp_path, "http://b.example") != first
    assert kept_password(tmp_path, "http://a.example") == first
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def demo(url, home, *words):
    environ = {"MARQUEE_HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-m", "registry.demo", "--url", url, *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_says_who_is_needed(url, tmp_path, given):
    told = demo(url, tmp_path)
    assert told.returncode == 1
    assert "--email EMAIL" in told.stderr
    told = demo(url, tmp_path, "--token", given.token(given.account()))
    assert told.returncode == 1
    assert "(403)" in told.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_whole_command_fills_a_catalogue_by_the_first_login_and_again_without(url, tmp_path, given):
    login = given.run(service.create_first_admin)
    (tmp_path / "first-login.json").write_text(json.dumps({**login, "url": url}))
    told = demo(url, tmp_path)
    assert told.returncode == 0, told.stderr
    assert "58 new releases" in told.stdout
    assert login["password"] in told.stdout
    assert releases(given) == wanted(WHOLE)

    (tmp_path / "first-login.json").unlink()
    told = demo(url, tmp_path)
    assert told.returncode == 0, told.stderr
    assert "0 new releases" in told.stdout
    with Site(url) as site:
        found = site.ask("GET", "listings", params={"limit": "100"})["listings"]
    assert len(found) == 39
    assert all(one["icon"] for one in found if one["ecosystem"] in {"kodi", "jellyfin", "plex"})
