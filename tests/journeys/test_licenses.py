"""The story of licenses by API, with real workers: asked, granted, accepted, offered, changed, revoked."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from licenses.spdx import text_of
from tests import bundles
from tests.journeys.running import Person, Running, eventually

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]


def kodi(name: str, spdx: str, version: str = "1.0.0") -> bytes:
    return bundles.kodi(name, version, license=spdx, more={"LICENSE.txt": text_of(spdx) or ""})


def published(developer: Person, moderator: Person, bundle: bytes, **said: str) -> dict:
    release = developer.release("lantern", bundle, **said)
    moderator.approve(release)
    return developer.published(release)


def bytes_of(release: dict, **headers: str) -> httpx.Response:
    return httpx.get(release["artifacts"][0]["url"], headers=headers, timeout=30)


def in_feed(running: Running, path: str, needle: str) -> bool:
    return needle in httpx.get(f"{running.url}/feeds/{path}", timeout=10).text


def test_a_bundle_without_a_license_is_stored_and_conveyed_once_it_is_granted(running, developer, moderator):
    release = developer.release(
        "lantern", bundles.plex("com.plexapp.agents.bare", license=None), version="1.0"
    )
    path = f"/api/v1/releases/{release}"
    assert "license.undecided" in developer.http.get(path).json()["reasons"]
    refused = moderator.http.post(f"{path}/decisions", json={"decision": "approve"})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "license.undecided")

    concluded = {"expression": "NONE", "note": "Neither the bundle nor its maker says a license."}
    assert moderator.http.put(f"{path}/license/concluded", json=concluded).status_code == 200
    moderator.approve(release)
    shown = developer.published(release)
    stored = bytes_of(shown)
    assert (stored.status_code, stored.json()["rule"]) == (403, "terms.no_permission")
    assert not in_feed(running, "plex/bundles.json", "com.plexapp.agents.bare")

    terms = httpx.get(f"{running.url}/api/v1/submission-terms", timeout=10).json()
    granted = developer.http.put(f"{path}/license/grant", json={"terms_digest": terms["sha256"]})
    assert granted.json()["basis"] == "grant"
    assert bytes_of(shown).status_code == 200
    eventually(lambda: in_feed(running, "plex/bundles.json", "com.plexapp.agents.bare"))

    assert developer.http.delete(f"{path}/license/grant").status_code == 200
    assert bytes_of(shown).status_code == 403
    eventually(lambda: not in_feed(running, "plex/bundles.json", "com.plexapp.agents.bare"))


def test_terms_that_must_be_accepted_are_asked_once(running, developer, moderator):
    release = published(developer, moderator, kodi("metadata.terms.lamp", "CC-BY-NC-4.0"))
    reader = running.person("reader@example.org")
    path = f"/api/v1/artifacts/{release['artifacts'][0]['sha256']}"
    asked = reader.http.get(path)
    assert (asked.status_code, asked.json()["rule"]) == (403, "terms.acceptance")
    agree = {"subject": "terms", "digest": asked.json()["terms"]}
    assert reader.http.put("/api/v1/acknowledgements", json=agree).status_code == 200
    notice = reader.http.get(path)  # it comes from a third party, whose notice is asked for next
    agree = {"subject": "notice", "digest": notice.json()["notice"]}
    assert reader.http.put("/api/v1/acknowledgements", json=agree).status_code == 200
    had = reader.http.get(path)
    assert had.status_code == 200
    receipt = httpx.get(f"{running.url}/api/v1/copies/{had.headers['Marquee-Copy']}", timeout=10).json()
    assert (receipt["license"], receipt["terms"]) == ("CC-BY-NC-4.0", asked.json()["terms"])
    assert bytes_of(release).status_code == 403
    assert not in_feed(running, "kodi/addons.xml", "metadata.terms.lamp")


def test_a_copyleft_binary_goes_out_with_its_source_only(running, developer, moderator):
    guid = "99999999-2222-4333-8444-555555555555"
    release = published(
        developer, moderator, bundles.jellyfin(guid, name="Sourceful", license="GPL-3.0-only")
    )
    refused = bytes_of(release)
    assert (refused.status_code, refused.json()["rule"]) == (403, "terms.source_missing")
    until = (datetime.now(UTC) + timedelta(days=4 * 365)).isoformat()
    offer = {"address": "https://code.example/sourceful.tar.gz", "until": until}
    path = f"/api/v1/releases/{release['id']}/license/source-offer"
    assert developer.http.put(path, json=offer).status_code == 200
    assert bytes_of(release).status_code == 200
    eventually(lambda: in_feed(running, "jellyfin/manifest.json", guid))


def test_a_changed_license_is_held_and_approved_and_reaches_back_to_no_copy(running, developer, moderator):
    name = "metadata.change.lamp"
    first = published(developer, moderator, kodi(name, "MIT"))
    copy = bytes_of(first).headers["Marquee-Copy"]
    second = developer.release("lantern", kodi(name, "GPL-3.0-only", "2.0.0"))
    assert "license.changed" in developer.http.get(f"/api/v1/releases/{second}").json()["reasons"]
    moderator.approve(second)
    shown = developer.published(second)
    after = bytes_of(shown).headers["Marquee-Copy"]
    receipts = [httpx.get(f"{running.url}/api/v1/copies/{one}", timeout=10).json() for one in (copy, after)]
    assert [receipt["license"] for receipt in receipts] == ["MIT", "GPL-3.0-only"]


def test_an_altered_text_waits_for_a_person(running, developer, moderator):
    altered = (text_of("MIT") or "").replace(
        "without restriction", "for evaluation only, without restriction"
    )
    bundle = bundles.kodi("metadata.altered.lamp", license="MIT", more={"LICENSE.txt": altered})
    release = developer.release("lantern", bundle)
    reasons = developer.http.get(f"/api/v1/releases/{release}").json()["reasons"]
    assert {"license.undecided", "license.altered"} <= set(reasons)
    approve = {"decision": "approve"}
    assert moderator.http.post(f"/api/v1/releases/{release}/decisions", json=approve).status_code == 409
