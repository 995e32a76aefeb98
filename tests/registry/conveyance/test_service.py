"""A copy has an id of its own; the several requests of one install are one copy."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from registry.conveyance.folding import forget_keys
from registry.conveyance.models import Copy, FoldingKey
from registry.database import session, transaction
from registry.releases.models import Release
from registry.releases.reading import artifacts_of
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story

KODI = {"User-Agent": "Kodi/20.1 (X11; Linux x86_64) App_Bitness/64 Version/20.1"}


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def artifact(given, story):
    release = story.published()
    return given.run(lambda: artifacts_of([release.id])[release.id][0])


def count(given) -> int:
    return given.run(lambda: session().scalar(select(func.count()).select_from(Copy)))


def age_copies(given, by: timedelta) -> None:
    def age() -> None:
        with transaction() as tx:
            for copy in tx.scalars(select(Copy)):
                copy.conveyed_at -= by

    given.run(age)


def test_the_three_requests_of_one_kodi_install_are_one_copy(client, given, artifact):
    address = "/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip"
    first = client.get(address, headers={**KODI, "Range": "bytes=0-"})
    head = client.head(address, headers=KODI)
    second = client.get(address, headers={**KODI, "Range": "bytes=0-"})
    assert {r.headers["Marquee-Copy"] for r in (first, head, second)} == {first.headers["Marquee-Copy"]}
    assert count(given) == 1


def test_another_client_at_the_same_address_gets_a_copy_of_its_own(client, given, artifact):
    client.get(f"/api/v1/artifacts/{artifact.sha256}", headers=KODI)
    client.get(f"/api/v1/artifacts/{artifact.sha256}", headers={"User-Agent": "another"})
    assert count(given) == 2


def test_after_ten_minutes_the_same_client_makes_a_new_copy(client, given, artifact):
    first = client.get(f"/api/v1/artifacts/{artifact.sha256}", headers=KODI)
    age_copies(given, timedelta(minutes=10, seconds=1))
    again = client.get(f"/api/v1/artifacts/{artifact.sha256}", headers=KODI)
    assert first.headers["Marquee-Copy"] != again.headers["Marquee-Copy"]


def test_each_signed_in_download_is_a_new_copy_but_a_resumed_one_is_not(client, given, artifact):
    bearing = client.bearing(given.token(given.account()))
    address = f"/api/v1/artifacts/{artifact.sha256}"
    asked = bearing.get(address)
    assert asked.status_code == 403
    agreed = {"subject": "notice", "digest": asked.json["notice"]}
    assert bearing.put("/api/v1/acknowledgements", json=agreed).status_code == 200
    first, second = bearing.get(address), bearing.get(address)
    resumed = bearing.get(address, headers={"Range": "bytes=100-"})
    assert first.headers["Marquee-Copy"] != second.headers["Marquee-Copy"]
    assert resumed.headers["Marquee-Copy"] == second.headers["Marquee-Copy"]


def test_a_copy_asked_for_is_always_new_and_its_address_counts_no_other(client, given, artifact):
    made = [client.post(f"/api/v1/artifacts/{artifact.sha256}/copies").json for _ in range(2)]
    assert made[0]["id"] != made[1]["id"]
    bytes_of_it = client.get(made[0]["url"].removeprefix("http://marquee.test"))
    assert bytes_of_it.headers["Marquee-Copy"] == made[0]["id"]
    assert count(given) == 2


def test_the_receipt_names_the_artifact_the_rule_and_the_class_of_its_recipient_only(client, given, artifact):
    copy = client.get(f"/api/v1/artifacts/{artifact.sha256}", headers=KODI).headers["Marquee-Copy"]
    receipt = client.get(f"/api/v1/copies/{copy}").json
    assert receipt["artifact"]["sha256"] == artifact.sha256
    assert (receipt["recipient"], receipt["rule"]) == ("anonymous", "terms.license")
    assert receipt["license"] == "GPL-2.0-or-later"
    assert receipt["third_party_privacy"] is True
    assert "Kodi" not in str(receipt)
    assert "127.0.0.1" not in str(receipt)


def test_neither_address_nor_user_agent_of_a_copy_is_kept(client, given, artifact):
    client.get(f"/api/v1/artifacts/{artifact.sha256}", headers={"User-Agent": "canary-agent-7"})
    copy = given.run(lambda: session().scalars(select(Copy)).one())
    kept = " ".join(str(value) for value in vars(copy).values())
    assert "canary-agent-7" not in kept
    assert "127.0.0.1" not in kept


def test_the_hashes_and_keys_of_days_that_are_over_are_forgotten(client, given, artifact):
    client.get(f"/api/v1/artifacts/{artifact.sha256}", headers=KODI)
    age_copies(given, timedelta(days=2))

    def age_keys() -> None:
        with transaction() as tx:
            for key in tx.scalars(select(FoldingKey)):
                key.day -= timedelta(days=2)

    given.run(age_keys)
    assert given.run(forget_keys) == 1
    assert given.run(lambda: session().scalars(select(FoldingKey)).all()) == []
    assert given.run(lambda: session().scalars(select(Copy.fold)).one()) is None


def test_bytes_that_wait_are_for_their_people_only(client, given, story):
    release = story.waiting(bundles.kodi(version="2.0.0"))
    sha256 = given.run(lambda: artifacts_of([release.id])[release.id][0].sha256)
    address = f"/api/v1/artifacts/{sha256}"
    assert client.get(address).status_code == 404
    assert client.bearing(given.token(given.account())).get(address).status_code == 404
    assert client.bearing(given.token(story.developer)).get(address).status_code == 200
    assert client.bearing(given.token(story.moderator)).get(address).status_code == 200
    for method in ("head", "get"):
        refused = getattr(client, method)(address, headers={"Range": "bytes=0-10"})
        assert refused.status_code == 404
    assert client.post(f"{address}/copies").status_code == 404


@pytest.mark.parametrize(
    ("verdict", "status", "code"),
    [(Verdict.WITHDRAW, 410, "state.withdrawn"), (Verdict.QUARANTINE, 403, "state.quarantined")],
)
def test_what_a_moderator_took_back_is_refused_at_once_on_every_way(
    client, given, story, artifact, verdict, status, code
):
    story.decided(given.found(Release, artifact.release_id), verdict, "security.risk")
    for address in (
        f"/api/v1/artifacts/{artifact.sha256}",
        "/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip",
    ):
        answer = client.get(address)
        assert answer.status_code == status
        assert answer.json["type"].endswith(code)
        assert client.head(address).status_code == status
