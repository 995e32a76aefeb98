"""What a mirror hears and gets: what may be redistributed, each change once, and not a word of the rest."""

import threading
from dataclasses import replace

import pytest

from licenses.spdx import text_of
from registry.conveyance.models import Copy, Recipient
from registry.database import before_commit, session, transaction
from registry.licensing.service import conclude_license, give_grant
from registry.licensing.submission import current_terms
from registry.mirrors.changes import Change, catch_up, note_change
from registry.mirrors.models import MirrorChange
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.releases.reading import artifacts_of
from registry.releases.service import unyank_release, yank_release
from registry.review.models import Verdict
from registry.review.service import release_from_quarantine
from tests import bundles
from tests.asking import code_of
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


def read(client, since: int = 0, **asked) -> dict:
    answer = client.get("/api/v1/mirror", query_string={"since": since, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json


def publish(story, given, release, expression: str | None = None) -> Release:
    if expression:
        by = given.actor(story.moderator)
        given.run(conclude_license, release.id, expression, note="Read it.", by=by)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def offered(story, given, identifier: str = "metadata.example.lantern", version: str = "1.0.0") -> Release:
    bundle = bundles.kodi(identifier, version, license="MIT", more={"LICENSE.txt": text_of("MIT")})
    return publish(story, given, story.waiting(bundle))


def sha256(given, release: Release) -> str:
    return given.run(lambda: artifacts_of([release.id]))[release.id][0].sha256


def test_a_mirror_gets_all_that_is_known_of_what_it_may_have(client, given, story):
    release = offered(story, given)
    page = read(client)
    [entry] = page["changes"]
    assert (page["serial"], page["latest"], page["more"]) == (entry["serial"], entry["serial"], False)
    assert (entry["change"], entry["release"], entry["state"]) == ("offered", str(release.id), "published")
    assert (entry["ecosystem"], entry["identifier"], entry["version"]) == (
        "kodi", "metadata.example.lantern", "1.0.0",
    )  # fmt: skip
    terms = entry["terms"]
    assert (terms["expression"], terms["basis"]) == ("MIT", "license")
    assert terms["permissions"]["share"] in {"yes", "conditional"}
    assert terms["deliver"] == ["copyright_lines", "license_texts"]
    [artifact] = entry["artifacts"]
    assert artifact["sha256"] == sha256(given, release)
    assert client.get(artifact["url"]).status_code == 200
    assert "Permission is hereby granted" in client.get(entry["notices"]).text
    for address in entry["documents"].values():
        assert client.get(address).status_code == 200


def test_a_download_of_a_mirror_is_a_copy_of_a_mirror_with_a_receipt(client, given, story):
    release = offered(story, given)
    anonymous = client.get(f"/api/v1/artifacts/{sha256(given, release)}")
    answer = client.get(f"/api/v1/mirror/artifacts/{sha256(given, release)}")
    assert answer.headers["Marquee-Copy"] != anonymous.headers["Marquee-Copy"]
    copy = given.found(Copy, answer.headers["Marquee-Copy"])
    assert copy.recipient is Recipient.MIRROR
    receipt = client.get(f"/api/v1/copies/{copy.id}").json
    assert receipt["permissions"]["redistribute"]["allowed"] == "yes"


@pytest.mark.parametrize("expression", ["CC-BY-NC-4.0", "LicenseRef-Mine", "NONE"])
def test_of_what_may_not_be_redistributed_it_hears_not_a_word(client, given, story, expression):
    publish(story, given, story.waiting(), expression)
    assert read(client) == {"since": 0, "serial": 0, "latest": 0, "more": False, "changes": []}


def test_a_grant_to_this_registry_is_none_to_mirrors(client, given, story):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    by = given.actor(story.developer)
    given.run(give_grant, release.id, terms_digest=current_terms().sha256, by=by)
    published = publish(story, given, release)
    assert client.get(f"/api/v1/artifacts/{sha256(given, published)}").status_code == 200
    assert read(client)["changes"] == []
    assert code_of(client.get(f"/api/v1/mirror/artifacts/{sha256(given, published)}")) == "not_found"


@pytest.mark.parametrize("method", ["get", "head"])
def test_no_byte_of_it_leaks_by_range_or_head(client, given, story, method):
    release = publish(story, given, story.waiting(), "CC-BY-NC-4.0")
    address = f"/api/v1/mirror/artifacts/{sha256(given, release)}"
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = getattr(client, method)(address, headers=headers)
        assert answer.status_code == 404
        assert not answer.data.startswith(b"PK")


def test_each_change_comes_once_under_a_serial_of_its_own(client, given, story):
    first = offered(story, given)
    seen = read(client)["serial"]
    assert read(client, seen)["changes"] == []
    second = offered(story, given, "metadata.example.beacon")
    page = read(client, seen)
    assert [one["release"] for one in page["changes"]] == [str(second.id)]
    given.run(yank_release, first.id, reason="Too old.", by=given.actor(story.developer))
    [yanked] = read(client, page["serial"])["changes"]
    assert (yanked["release"], yanked["change"], yanked["state"]) == (str(first.id), "offered", "yanked")
    given.run(unyank_release, first.id, by=given.actor(story.developer))
    [again] = read(client, yanked["serial"])["changes"]
    assert again["state"] == "published"


def test_pages_go_on_where_the_one_before_ended(client, given, story):
    made = {str(offered(story, given, f"metadata.example.n{number}").id) for number in range(3)}
    first = read(client, limit=2)
    assert (len(first["changes"]), first["more"]) == (2, True)
    second = read(client, first["serial"])
    assert second["more"] is False
    assert {one["release"] for one in first["changes"] + second["changes"]} == made


@pytest.mark.parametrize(
    ("verdict", "reason", "rule", "status"),
    [
        (Verdict.WITHDRAW, "security.risk", "state.withdrawn", 410),
        (Verdict.WITHDRAW, "legal.demand", "terms.legal_removal", 451),
        (Verdict.QUARANTINE, "security.malware", "state.quarantined", 403),
    ],
)
def test_what_was_taken_back_is_told_as_removed_and_refused(
    client, given, story, verdict, reason, rule, status
):
    release = offered(story, given)
    seen = read(client)["serial"]
    story.decided(release, verdict, reason)
    [removed] = read(client, seen)["changes"]
    assert removed == {"serial": seen + 1, "release": str(release.id), "change": "removed", "rule": rule}
    assert client.get(f"/api/v1/mirror/artifacts/{sha256(given, release)}").status_code == status
    if verdict is Verdict.QUARANTINE:
        given.run(release_from_quarantine, release.id, note="A mistake.", by=given.actor(story.moderator))
        assert read(client, removed["serial"])["changes"][0]["change"] == "offered"


def test_a_license_that_became_narrower_is_a_removal(client, given, story):
    release = offered(story, given)
    seen = read(client)["serial"]
    by = given.actor(story.moderator)
    given.run(conclude_license, release.id, "CC-BY-NC-4.0", note="Read again.", by=by)
    [removed] = read(client, seen)["changes"]
    assert (removed["change"], removed["rule"]) == ("removed", "terms.acceptance")


def test_a_serial_that_was_never_given_is_refused(client, story):
    answer = client.get("/api/v1/mirror?since=7")
    assert (answer.status_code, code_of(answer), answer.json["latest"]) == (409, "mirror.serial", 0)
    assert client.get("/api/v1/mirror?since=-1").status_code == 422


def test_what_changes_by_itself_is_caught_up_with(client, given, story):
    release = offered(story, given)
    seen = read(client)["serial"]

    def as_if_it_was_never_told() -> None:
        with transaction() as tx:
            tx.get_one(MirrorChange, release.id).offered = False

    given.run(as_if_it_was_never_told)
    assert given.run(catch_up) == 1
    assert [one["release"] for one in read(client, seen)["changes"]] == [str(release.id)]
    assert given.run(catch_up) == 0


def test_who_saw_a_serial_has_seen_every_smaller_one(client, given, story):
    """Two changes at once: the one with the smaller serial is never committed after the larger one."""
    first, second = offered(story, given), offered(story, given, "metadata.example.beacon")
    held, go = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction() as tx:
            release = tx.get_one(Release, first.id, with_for_update=True)
            note_change(tx, release, Change.STATE)
            before_commit("wait", lambda: (held.set(), go.wait(10)))

    def at_once() -> None:
        with transaction() as tx:
            note_change(tx, tx.get_one(Release, second.id, with_for_update=True), Change.STATE)

    seen = read(client)["serial"]
    slow = threading.Thread(target=given.run, args=(slowly,))
    slow.start()
    assert held.wait(10)
    quick = threading.Thread(target=given.run, args=(at_once,))
    quick.start()
    quick.join(0.5)
    assert quick.is_alive()  # it waits for its serial
    assert read(client, seen)["changes"] == []
    go.set()
    slow.join(10)
    quick.join(10)
    told = read(client, seen)["changes"]
    assert [one["release"] for one in told] == [str(first.id), str(second.id)]
    assert [one["serial"] for one in told] == [seen + 1, seen + 2]


def test_many_at_once_have_serials_of_their_own(client, given, story):
    releases = [offered(story, given, f"metadata.example.n{number}") for number in range(4)]

    def yank(release: Release) -> None:
        given.run(yank_release, release.id, reason="Old.", by=given.actor(story.developer))

    seen = read(client)["serial"]
    threads = [threading.Thread(target=yank, args=(release,)) for release in releases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    told = read(client, seen)["changes"]
    assert [one["serial"] for one in told] == list(range(seen + 1, seen + 5))


def test_a_release_that_waits_is_no_change(given, story):
    story.waiting()
    assert given.run(lambda: session().query(MirrorChange).count()) == 0


def test_where_notices_must_be_acknowledged_mirrors_get_first_parties_only(app, client, given, monkeypatch):
    theirs, own = Story(given, "harbor"), Story(given, "lantern", first_party=True)
    third = offered(theirs, given, "metadata.example.harbor")
    first = offered(own, given)
    seen = read(client)["serial"]
    closed = replace(app.extensions["marquee_settings"], privacy_gate="acknowledge")
    monkeypatch.setitem(app.extensions, "marquee_settings", closed)
    told = {one["release"]: one["change"] for one in read(client)["changes"]}
    assert told == {str(first.id): "offered", str(third.id): "removed"}
    refused = client.get(f"/api/v1/mirror/artifacts/{sha256(given, third)}")
    assert (refused.status_code, code_of(refused)) == (403, "privacy.acknowledge")
    assert given.run(catch_up) == 1
    [removed] = read(client, seen)["changes"]
    assert (removed["release"], removed["change"]) == (str(third.id), "removed")


def test_a_source_that_is_attached_makes_a_binary_one_for_mirrors(client, given, story):
    bundle = bundles.kodi(license="GPL-3.0-only", more={"fast.so": b"\x7fELF" + bytes(99)})
    release = publish(story, given, story.waiting(bundle), "GPL-3.0-only")
    assert read(client)["changes"] == []
    source = bundles.zipped({"main.c": "int main(void) { return 0; }\n"})
    story.ingested(source, "source.zip", {"source_for": str(release.id)})
    [entry] = read(client)["changes"]
    assert [one["role"] for one in entry["artifacts"]] == ["package", "source"]
    for artifact in entry["artifacts"]:
        assert client.get(artifact["url"]).status_code == 200


def test_a_page_is_read_in_a_fixed_number_of_queries(client, given, story, queries):
    for number in range(3):
        offered(story, given, f"metadata.example.n{number}")
    counts = []
    for limit in (1, 3):
        with queries() as asked:
            read(client, limit=limit)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
