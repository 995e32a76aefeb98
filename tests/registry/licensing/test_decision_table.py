"""LICENSES.md section 5, row by row and column by column, with real bytes by every way that they leave."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from licenses.spdx import text_of
from registry.accounts.actor import ANONYMOUS
from registry.clock import now
from registry.conveyance.service import wanted_of
from registry.database import session
from registry.licensing.service import conclude_license, give_grant, offer_source, revoke_grant
from registry.licensing.submission import current_terms
from registry.licensing.terms import decide_copy
from registry.listings.service import PERMISSIONS, Search, count_listings
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.releases.states import ReleaseState
from registry.review.models import Verdict
from tests import bundles
from tests.registry.servers.test_enrolment import enrolled
from tests.story import Story

AGREEMENT = """Agreement on Lantern

Whoever uses, passes on or changes Lantern has first agreed to this page, and passes it on with Lantern.
"""
COLUMNS = ("member", "moderator", "account", "server", "anonymous")
FEEDS = {"kodi": "kodi/addons.xml", "jellyfin": "jellyfin/manifest.json", "plex": "plex/bundles.json"}


def plain(story: Story, spdx: str) -> Release:
    """A release whose files and metadata say this license."""
    bundle = bundles.kodi(license=spdx, more={"LICENSE.txt": text_of(spdx) or ""})
    return story.published(bundle)


def unlicensed(story: Story, *, granted: bool) -> Release:
    release = story.waiting(bundles.plex(license=None), version="1.0")
    developer, moderator = story.given.actor(story.developer), story.given.actor(story.moderator)
    if granted:
        story.given.run(give_grant, release.id, terms_digest=current_terms().sha256, by=developer)
    else:
        story.given.run(conclude_license, release.id, "NONE", note="Nothing says a license.", by=moderator)
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    story.fed(release)
    return story.given.found(Release, release.id)


def revoked(story: Story) -> Release:
    release = unlicensed(story, granted=True)
    story.given.run(revoke_grant, release.id, by=story.given.actor(story.developer))
    story.fed(release)
    return story.given.found(Release, release.id)


def copyleft_binary(story: Story, *, offered: bool) -> Release:
    bundle = bundles.jellyfin(license="GPL-3.0-only")
    release = story.published(bundle)
    if offered:
        story.given.run(
            offer_source, release.id, address="https://example.org/source.tar.gz",
            until=now() + timedelta(days=1200), by=story.given.actor(story.developer),
        )  # fmt: skip
        story.fed(release)
    return story.given.found(Release, release.id)


def agreement(story: Story) -> Release:
    """Words of its maker's own, which a moderator has read: to be accepted before anything else."""
    name = "LicenseRef-Lantern-Agreement"
    release = story.waiting(bundles.kodi(license="Lantern Agreement", more={"LICENSE.txt": AGREEMENT}))
    facets = dict.fromkeys(("use", "copy", "redistribute", "modify"), "conditional")
    refs = {name: {"facets": facets, "conditions": ["acceptance"]}}
    by = story.given.actor(story.moderator)
    story.given.run(conclude_license, release.id, name, note="Read it.", refs=refs, by=by)
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    story.fed(release)
    return story.given.found(Release, release.id)


def with_source(story: Story, expression: str = "GPL-3.0-only") -> Release:
    """A binary whose source lies beside it."""
    release = copyleft_binary(story, offered=False)
    by = story.given.actor(story.moderator)
    story.given.run(conclude_license, release.id, expression, note="Read it.", by=by)
    source = bundles.zipped({"Lamplight.cs": "class Lamplight { }\n"})
    story.ingested(source, "source.zip", {"source_for": str(release.id)})
    story.fed(release)
    return story.given.found(Release, release.id)


def removed(story: Story, build: Callable[[Story], Release] = lambda story: plain(story, "MIT")) -> Release:
    release = story.decided(build(story), Verdict.WITHDRAW, "legal.demand")
    story.fed(release)
    return release


@dataclass(frozen=True)
class Row:
    """A situation, and each column's answer for a file of its release: the status and a refusal's rule."""

    name: str
    build: Callable[[Story], Release]
    answers: tuple[str, str, str, str]
    after_accepting: str | None = None
    role: str = "package"


ASKED_FIRST = ("200", "200", "403 terms.acceptance", "403 terms.acceptance")
TAKEN_AWAY = ("451 terms.legal_removal", "200", "451 terms.legal_removal", "451 terms.legal_removal")
ROWS = (
    Row("a license that allows copies", lambda s: plain(s, "MIT"), ("200", "200", "200", "200")),
    Row("verbatim copies only", lambda s: plain(s, "CC-BY-ND-4.0"), ("200", "200", "200", "200")),
    Row(
        "no commercial use",
        lambda s: plain(s, "CC-BY-NC-4.0"),
        ASKED_FIRST,
        after_accepting="200",
    ),
    Row(
        "not for commercial use, and changed only for that",
        lambda s: plain(s, "PolyForm-Noncommercial-1.0.0"),
        ASKED_FIRST,
        after_accepting="200",
    ),
    Row("a field of use", lambda s: plain(s, "Elastic-2.0"), ASKED_FIRST, after_accepting="200"),
    Row("a field of use that ends one day", lambda s: plain(s, "BUSL-1.1"), ASKED_FIRST, after_accepting="200"),
    Row("an agreement that is accepted first", agreement, ASKED_FIRST, after_accepting="200"),
    Row("no license and a grant", lambda s: unlicensed(s, granted=True), ("200", "200", "200", "200")),
    Row(
        "no license and no grant",
        lambda s: unlicensed(s, granted=False),
        ("200", "200", "403 terms.no_permission", "403 terms.no_permission"),
        after_accepting="403 terms.no_permission",
    ),
    Row(
        "a grant that was revoked",
        revoked,
        ("200", "200", "403 terms.no_permission", "403 terms.no_permission"),
    ),
    Row(
        "a copyleft binary without its source",
        lambda s: copyleft_binary(s, offered=False),
        ("200", "200", "403 terms.source_missing", "403 terms.source_missing"),
    ),
    Row(
        "a copyleft binary with a written offer",
        lambda s: copyleft_binary(s, offered=True),
        ("200", "200", "200", "200"),
    ),
    Row("a copyleft binary with its source", with_source, ("200", "200", "200", "200")),
    Row("the source of a copyleft binary", with_source, ("200", "200", "200", "200"), role="source"),
    Row(
        "the source of what is accepted first",
        lambda s: with_source(s, "GPL-3.0-only AND Elastic-2.0"),
        ASKED_FIRST,
        after_accepting="200",
        role="source",
    ),
    Row(
        "the source of what nobody may pass on",
        lambda s: with_source(s, "GPL-3.0-only AND LicenseRef-Own"),
        ("200", "200", "403 terms.no_permission", "403 terms.no_permission"),
        role="source",
    ),
    Row("removed after a legal demand", removed, TAKEN_AWAY),
    Row(
        "the source of what was removed after a legal demand",
        lambda s: removed(s, with_source),
        TAKEN_AWAY,
        role="source",
    ),
    Row(
        "undecided and waiting",
        lambda s: s.waiting(bundles.plex(license=None), version="1.0"),
        ("200", "200", "404 not_found", "404 not_found"),
    ),
)  # fmt: skip


@pytest.fixture
def story(given) -> Story:
    return Story(given, first_party=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_of_the_table_by_every_way_that_bytes_leave(row, story, given, client):
    release = row.build(story)
    artifact = artifact_of(given, release, row.role)
    tokens = {
        "member": given.token(story.developer),
        "moderator": given.token(story.moderator),
        "account": given.token(given.account()),
        "server": enrolled(given, client)["token"],
    }
    member, moderator, account, anonymous = row.answers
    ways = [way for way in WAYS if release.published_at or way is not by_name]
    # LICENSES.md has one column for accounts, servers and nobody in particular; they differ in what is asked.
    for column, expected in zip(COLUMNS, (member, moderator, account, account, anonymous), strict=True):
        asker = client.bearing(tokens[column]) if column in tokens else client
        told = {way.__name__: way(asker, artifact) for way in ways}
        assert told == dict.fromkeys(told, expected), column
    if row.after_accepting:
        accepted(client.bearing(tokens["account"]), release)
        assert download(client.bearing(tokens["account"]), artifact) == row.after_accepting
        assert download(client.bearing(tokens["server"]), artifact) == account
        assert download(client, artifact) == anonymous


@pytest.mark.parametrize("row", [row for row in ROWS if row.role == "package"], ids=lambda row: row.name)
def test_feeds_and_searches_hold_a_release_exactly_as_it_is_decided(row, story, given, client):
    release = row.build(story)
    index = client.get("/feeds/index.json")
    listed = index.status_code == 200 and sha256_of(given, release) in index.text
    if release.published_at is not None:
        story.given.run(_build_index)
        listed = sha256_of(given, release) in client.get("/feeds/index.json").text
        shown = client.bearing(given.token(story.moderator)).get(f"/api/v1/releases/{release.id}").json
        own = client.get(f"/feeds/{FEEDS[shown['ecosystem']]}").text
        assert (shown["identifier"] in own) == listed
    assert listed == (row.answers[3] == "200")
    found = {may for may in PERMISSIONS if given.run(count_listings, Search(may=(may,)))}
    assert found == (
        given.run(allowed_to_readers, release) if release.state is ReleaseState.PUBLISHED else set()
    )


def allowed_to_readers(release: Release) -> set[str]:
    """What the decision for nobody in particular allows, or asks of no more than signing in and accepting."""
    terms, found = wanted_of(release.id, by=ANONYMOUS).terms, set()
    for action in ("redistribute", "modify"):
        decision = decide_copy(terms, "anonymous", at=now(), action=action)
        if decision.allowed != "no" or set(decision.needs) <= {"account", "acknowledgement"}:
            found.add(action)
            if {"no_commercial", "field_of_use"}.isdisjoint(decision.conditions):
                found.add("commercial")
    return found


def test_a_commercial_operator_conveys_nothing_that_is_for_other_use_alone(
    story, given, client, app, monkeypatch
):
    settings = replace(app.extensions["marquee_settings"], commercial_operator=True)
    monkeypatch.setitem(app.extensions, "marquee_settings", settings)
    release = plain(story, "CC-BY-NC-4.0")
    account, artifact = client.bearing(given.token(given.account())), artifact_of(given, release)
    assert download(account, artifact) == "403 terms.acceptance"
    accepted(account, release)
    assert download(account, artifact) == "403 terms.acceptance"
    refused = account.get(f"/api/v1/artifacts/{artifact.sha256}").json
    assert refused["needs"] == ["noncommercial_operator"]
    assert download(client.bearing(given.token(story.developer)), artifact) == "200"
    assert given.run(count_listings, Search()) == 1
    assert given.run(count_listings, Search(may=("redistribute",))) == 0


def _build_index() -> None:
    from registry.feeds.building import INDEX, build_feed

    build_feed(INDEX)


def sha256_of(given, release: Release) -> str:
    return artifact_of(given, release).sha256


def artifact_of(given, release: Release, role: str = "package") -> Artifact:
    return given.run(lambda: session().query(Artifact).filter_by(release_id=release.id, role=role).one())


def answer(response, status: int = 200) -> str:
    """The status, and the rule where it is refused; bytes only where they are allowed."""
    if response.status_code in {200, 201, 206}:
        return "200"
    rule = (response.json or {}).get("type", "/?").rsplit("/", 1)[-1] if response.data else "?"
    return f"{response.status_code} {rule}"


def download(asker, artifact) -> str:
    response = asker.get(f"/api/v1/artifacts/{artifact.sha256}")
    if response.status_code == 200:
        assert len(response.data) == artifact.size_bytes
    else:
        assert b"PK\x03\x04" not in response.data
    return answer(response)


def by_range(asker, artifact) -> str:
    response = asker.get(f"/api/v1/artifacts/{artifact.sha256}", headers={"Range": "bytes=0-3"})
    assert (response.data == b"PK\x03\x04") == (response.status_code == 206)
    return answer(response)


def head(asker, artifact) -> str:
    response = asker.head(f"/api/v1/artifacts/{artifact.sha256}")
    assert not response.data
    assert ("Marquee-Copy" in response.headers) == (response.status_code == 200)
    # A HEAD has no body: the rule is asked for by the GET.
    return "200" if response.status_code == 200 else download(asker, artifact)


def new_copy(asker, artifact) -> str:
    return answer(asker.post(f"/api/v1/artifacts/{artifact.sha256}/copies"))


def by_name(asker, artifact) -> str:
    """As a media server asks, by the address in its feed."""
    shown = asker.get(f"/api/v1/releases/{artifact.release_id}").json
    path = f"/feeds/{shown['ecosystem']}/{shown['identifier']}/{artifact.filename}"
    return answer(asker.get(path))


WAYS = (download, by_range, head, new_copy, by_name)


def accepted(asker, release) -> None:
    digest = asker.get(f"/api/v1/releases/{release.id}/license").json["terms_digest"]
    body = {"subject": "terms", "digest": digest}
    assert asker.put("/api/v1/acknowledgements", json=body).status_code == 200
