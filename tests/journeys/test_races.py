"""BAD-INPUTS rows 60 and 63: a hundred clients publish the same version at once, and what comes again."""

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from registry.database import session
from registry.listings.models import Listing
from registry.releases.models import Artifact, Release
from tests import bundles
from tests.journeys.insides import inside, no_work_is_left, objects
from tests.journeys.running import Person, Running, eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
CLIENTS = 100


@pytest.fixture(scope="module")
def racer(running: Running) -> Person:
    person = running.person("racer@example.org")
    person.publisher("racer")
    return person


def at_once(racer: Person, bundle_of: Any) -> list[httpx.Response]:
    """A hundred clients, each of its own address, let go at the same moment."""
    gate = Barrier(CLIENTS)

    def one(number: int) -> httpx.Response:
        bundle = bundle_of(number)
        gate.wait(60)
        return httpx.put(
            f"{racer.running.url}/api/v1/uploads", content=bundle, timeout=120,
            params={"publisher": "racer", "filename": "a.zip", "sha256": hashlib.sha256(bundle).hexdigest()},
            headers={"Authorization": f"Bearer {racer.token}", "X-Forwarded-For": f"10.9.0.{number + 1}"},
        )  # fmt: skip

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def releases(running: Running, identifier: str) -> list[tuple[str, str]]:
    """State and digest of every release of a listing."""
    with inside(running):
        rows = session().execute(
            select(Release.state, Artifact.sha256)
            .join(Listing, Listing.id == Release.listing_id)
            .join(Artifact, Artifact.release_id == Release.id)
            .where(Listing.identifier == identifier)
        )
        return [(state.value, sha256) for state, sha256 in rows]


def test_identical_bytes_make_one_upload_one_object_and_one_release(running, racer):
    bundle = bundles.kodi("metadata.race.same")
    before = objects(running)
    answers = at_once(racer, lambda _: bundle)
    assert {answer.status_code for answer in answers} <= {200, 202}, Counter(a.status_code for a in answers)
    (upload,) = {answer.json()["id"] for answer in answers}
    assert racer.ended(upload)["state"] == "waiting"
    assert releases(running, "metadata.race.same") == [("waiting", hashlib.sha256(bundle).hexdigest())]
    assert {key for _, key in objects(running) - before if key.startswith("upload-")} == {f"upload-{upload}"}


def test_different_bytes_make_exactly_one_release(running, racer):
    answers = at_once(racer, lambda number: bundles.kodi("metadata.race.other", summary=f"Number {number}"))
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {a.json()["type"].rsplit("/", 1)[-1] for a in refused} <= {
        "upload.too_many_open",
        "release.exists",
    }
    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len(refused) + len(accepted) == CLIENTS, Counter(answer.status_code for answer in answers)
    ends = [racer.ended(answer.json()["id"], within_s=200) for answer in accepted]
    assert Counter(end["state"] for end in ends) == {"waiting": 1, "rejected": len(accepted) - 1}
    codes = {end["findings"][-1]["code"] for end in ends if end["state"] == "rejected"}
    assert codes <= {"release.exists"}
    assert len(releases(running, "metadata.race.other")) == 1
    eventually(lambda: no_work_is_left(running))


def test_a_hundred_approvals_publish_once(running, racer, moderator):
    release = racer.release("racer", bundles.kodi("metadata.race.approved"))
    gate = Barrier(20)

    def one(_: int) -> int:
        gate.wait(60)
        path = f"{running.url}/api/v1/releases/{release}/decisions"
        headers = {"Authorization": f"Bearer {moderator.token}"}
        return httpx.post(path, json={"decision": "approve"}, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        assert Counter(pool.map(one, range(20))) == {201: 1, 409: 19}
    racer.published(release)


def test_the_same_bytes_again_are_the_same_upload(racer):
    bundle = bundles.kodi("metadata.again.same")
    first = racer.upload("racer", bundle)
    racer.ended(first["id"])
    again = racer.upload("racer", bundle)
    assert again["id"] == first["id"]


def test_the_same_version_with_other_bytes_is_told_so(racer):
    racer.release("racer", bundles.kodi("metadata.again.other"))
    ended = racer.ended(racer.upload("racer", bundles.kodi("metadata.again.other", summary="Other"))["id"])
    assert (ended["state"], ended["findings"][-1]["code"]) == ("rejected", "release.exists")


def test_a_version_that_was_withdrawn_is_never_used_again(racer, moderator):
    release = racer.release("racer", bundles.kodi("metadata.again.withdrawn"))
    moderator.approve(release)
    racer.published(release)
    said = {"decision": "withdraw", "reason": "other", "note": "It was a mistake."}
    assert moderator.http.post(f"/api/v1/releases/{release}/decisions", json=said).status_code == 201
    for summary in ("Finds films", "Other"):  # the same bytes, and others
        bundle = bundles.kodi("metadata.again.withdrawn", summary=summary)
        ended = racer.ended(racer.upload("racer", bundle)["id"])
        assert (ended["state"], ended["findings"][-1]["code"]) == ("rejected", "release.tombstoned")
