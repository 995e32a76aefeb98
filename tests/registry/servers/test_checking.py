"""One question of a server: what to do about what it has installed (``POST servers/me/check``)."""

import pytest

from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.bundles.privacy.declaration import Declaration
from registry.database import session, transaction
from registry.privacy.models import Source
from registry.privacy.noticing import renew
from registry.privacy.recording import add_declaration
from registry.releases.models import Release
from registry.releases.service import yank_release
from registry.review.models import Verdict
from registry.servers.models import Installed
from tests import bundles
from tests.asking import code_of
from tests.registry.servers.test_enrolment import dump, enrolled
from tests.story import Story

LANTERN = "metadata.example.lantern"
TRACKS = "import requests\nrequests.post('https://www.google-analytics.com/collect')\nimport subprocess\nsubprocess.run(['ls'])\n"


class Server:
    """A server that was let in; ``check`` asks about things written ``ecosystem/identifier version``."""

    def __init__(self, given, client) -> None:
        self.given, self.client, self.owner = given, client, given.account()
        self.row = enrolled(given, client, self.owner)
        self.bearing = client.bearing(self.row["token"])

    def check(self, *things: str) -> list[dict]:
        response = self.bearing.post(
            "/api/v1/servers/me/check", json={"installed": [item(each) for each in things]}
        )
        assert response.status_code == 200, response.text
        return response.json["installed"]

    def agreed(self, subject: Subject, digest: str) -> None:
        self.given.run(acknowledge, subject, digest, how=How.API, by=self.given.actor(self.owner))


def item(thing: str) -> dict:
    name, _, version = thing.partition(" ")
    ecosystem, _, identifier = name.partition("/")
    return {"ecosystem": ecosystem, "identifier": identifier, "version": version}


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def server(given, client):
    return Server(given, client)


def kodi(version: str, **more) -> bytes:
    return bundles.kodi(LANTERN, version, **more)


def test_what_is_newest_is_current(story, server):
    story.published(kodi("1.0.0"))
    [advice] = server.check(f"kodi/{LANTERN} 1.0.0")
    assert advice == {
        **item(f"kodi/{LANTERN} 1.0.0"), "state": "current", "reason": None, "note": None, "update": None,
        "terms_changed": False, "notice_changed": False, "capabilities_changed": False,
    }  # fmt: skip


def test_an_update_comes_with_its_digest_and_an_address_that_works(story, server, client, given):
    story.published(kodi("1.0.0"))
    newer = kodi("1.10.0")
    release = story.published(newer)
    notice = given.found(Release, release.id).notice_digest
    [advice] = server.check(f"kodi/{LANTERN} 1.0.0")
    assert advice["state"] == "update"
    assert advice["update"]["version"] == "1.10.0"
    assert (advice["update"]["rule"], advice["update"]["acknowledge"]) == (
        "privacy.acknowledge",
        {"notice": notice},
    )
    server.agreed(Subject.NOTICE, notice)
    update = server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]
    assert (update["rule"], update["acknowledge"]) == (None, {})
    assert update["size"] == len(newer)
    assert server.bearing.get(update["url"]).data == newer


def test_what_was_yanked_withdrawn_or_quarantined_is_named_with_its_reason(story, server, given):
    releases = {version: story.published(kodi(version)) for version in ("1.0.0", "2.0.0", "3.0.0", "4.0.0")}
    given.run(yank_release, releases["1.0.0"].id, reason="It loses titles.", by=given.actor(story.developer))
    story.decided(releases["2.0.0"], Verdict.WITHDRAW, "quality.broken", "It never worked.")
    story.decided(releases["4.0.0"], Verdict.QUARANTINE, "security.malware", "It mines coins.")
    first, second, third, fourth = server.check(*(f"kodi/{LANTERN} {version}" for version in releases))
    assert [each["state"] for each in (first, second, third, fourth)] == [
        "yanked", "withdrawn", "current", "quarantined",
    ]  # fmt: skip
    assert (fourth["reason"], fourth["note"]) == ("security.malware", "It mines coins.")
    assert (second["reason"], second["note"]) == ("quality.broken", "It never worked.")
    assert first["reason"] == "It loses titles."
    assert first["update"]["version"] == second["update"]["version"] == "3.0.0"
    assert fourth["update"] is None


def test_what_the_registry_does_not_know_is_unknown_and_may_have_an_update(story, server):
    story.published(kodi("2.0.0"))
    story.waiting(kodi("3.0.0"))
    older, younger, waiting, other, nowhere = server.check(
        f"kodi/{LANTERN} 1.5.0", f"kodi/{LANTERN} 9.0.0", f"kodi/{LANTERN} 3.0.0", "kodi/plugin.other 1.0",
        "winamp/skin 1",
    )  # fmt: skip
    assert [each["state"] for each in (older, younger, waiting, other, nowhere)] == ["unknown"] * 5
    assert older["update"]["version"] == "2.0.0"
    assert [younger["update"], waiting["update"], other["update"], nowhere["update"]] == [None] * 4


def test_a_change_of_terms_notice_and_capabilities_is_told(story, server):
    story.published(kodi("1.0.0", license="MIT"))
    story.published(kodi("1.1.0", license="MIT"))
    [same] = server.check(f"kodi/{LANTERN} 1.0.0")
    assert (same["terms_changed"], same["notice_changed"], same["capabilities_changed"]) == (
        False,
        False,
        False,
    )
    story.published(kodi("2.0.0", license="GPL-3.0-only", more={"report.py": TRACKS}))
    [advice] = server.check(f"kodi/{LANTERN} 1.1.0")
    assert (advice["terms_changed"], advice["notice_changed"], advice["capabilities_changed"]) == (
        True,
        True,
        True,
    )


def test_a_change_of_what_is_installed_is_told_against_the_copy_that_was_fetched(story, server, given):
    """Its maker declares more after the copy was made: the notice in force is another."""

    release = story.published(kodi("1.0.0"))
    server.agreed(Subject.NOTICE, given.found(Release, release.id).notice_digest)
    sha256 = server.client.get(f"/feeds/kodi/{LANTERN}/{LANTERN}-1.0.0.zip").headers["ETag"].strip('"')
    assert server.bearing.post(f"/api/v1/artifacts/{sha256}/copies").status_code == 201
    assert server.check(f"kodi/{LANTERN} 1.0.0")[0]["notice_changed"] is False

    def declare() -> None:
        with transaction() as tx:
            row = tx.get_one(Release, release.id, with_for_update=True)
            add_declaration(tx, row, Declaration(none=True), Source.API, None, account_id=story.developer.id)
            renew(tx, row, because="declared")

    given.run(declare)
    [advice] = server.check(f"kodi/{LANTERN} 1.0.0")
    assert (advice["state"], advice["notice_changed"]) == ("current", True)


def test_an_update_that_the_servers_limits_keep_out_says_which(story, server, client):
    story.published(kodi("1.0.0"))
    story.published(kodi("1.1.0"))
    client.bearing(server.given.token(server.owner)).patch(
        f"/api/v1/servers/{server.row['id']}", json={"limits": {"only_first_party": True}}
    )
    update = server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]
    assert update["rule"] == "server.limit"
    assert update["detail"]


def test_terms_that_ask_for_more_are_no_update_until_they_are_acknowledged(story, server, client, given):
    story.published(kodi("1.0.0", license="MIT"))
    newer = story.published(kodi("2.0.0", license="GPL-3.0-only"))
    server.agreed(Subject.NOTICE, given.found(Release, newer.id).notice_digest)
    assert server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]["rule"] is None
    client.bearing(given.token(server.owner)).patch(
        f"/api/v1/servers/{server.row['id']}", json={"limits": {"no_narrower_terms": True}}
    )
    update = server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]
    assert update["rule"] == "server.limit"
    assert server.bearing.get(update["url"]).status_code == 403
    server.agreed(Subject.TERMS, update["acknowledge"]["terms"])
    assert server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]["rule"] is None
    assert server.bearing.get(update["url"]).status_code == 200


@pytest.mark.parametrize(
    ("licenses", "asks_for_more"),
    [
        (("MIT", "MIT"), False),
        (("GPL-3.0-only", "MIT"), False),
        (("MIT", "GPL-3.0-only"), True),
        (("GPL-3.0-only", "GPL-3.0-only"), True),
    ],
)  # fmt: skip
def test_check_copy_and_feed_compare_with_the_last_terms_that_did_not_ask_for_more(
    story, server, client, given, licenses, asks_for_more
):
    """Narrower terms do not slip in with the second release that has them, and a yanked one counts too."""
    story.published(kodi("1.0.0", license="MIT"))
    between = story.published(kodi("2.0.0", license=licenses[0]))
    given.run(yank_release, between.id, reason="It loses titles.", by=given.actor(story.developer))
    newer = story.published(kodi("4.0.0", license=licenses[1]))
    server.agreed(Subject.NOTICE, given.found(Release, newer.id).notice_digest)
    client.bearing(given.token(server.owner)).patch(
        f"/api/v1/servers/{server.row['id']}", json={"limits": {"no_narrower_terms": True}}
    )
    update = server.check(f"kodi/{LANTERN} 1.0.0")[0]["update"]
    assert update["version"] == "4.0.0"
    assert (update["rule"] == "server.limit") is asks_for_more
    assert (server.bearing.get(update["url"]).status_code == 403) is asks_for_more
    offered = server.bearing.get("/feeds/kodi/addons.xml").text
    assert ('version="4.0.0"' not in offered) is asks_for_more
    if asks_for_more:
        server.agreed(Subject.TERMS, update["acknowledge"]["terms"])
        assert server.bearing.get(update["url"]).status_code == 200


def test_nothing_of_the_question_is_kept(story, server, given):
    story.published(kodi("1.0.0"))
    server.check(f"kodi/{LANTERN} 1.0.0", "kodi/plugin.secret.taste 6.6.6")
    for table in ("installed", "audit_event", "job", "media_server", "copy"):
        assert "plugin.secret.taste" not in dump(given, table)
    assert dump(given, "installed") == "[]"


def test_where_its_owner_wants_it_the_last_list_is_kept_and_goes_when_that_is_turned_off(
    story, server, given, client
):
    owner = client.bearing(given.token(server.owner))
    path = f"/api/v1/servers/{server.row['id']}"
    owner.patch(path, json={"keeps_installed": True})
    server.check("kodi/plugin.a 1", "kodi/plugin.a 2", "kodi/plugin.b 1")
    server.check("kodi/plugin.c 3")
    rows = given.run(lambda: [(row.identifier, row.version) for row in session().query(Installed)])
    assert rows == [("plugin.c", "3")]
    owner.patch(path, json={"keeps_installed": False})
    assert dump(given, "installed") == "[]"


def test_a_thousand_things_are_answered_by_a_few_queries_and_more_are_refused(story, server, queries):
    story.published(kodi("1.0.0"))
    things = [f"kodi/plugin.number{n} 1.0" for n in range(999)]
    with queries() as asked:
        assert len(server.check(f"kodi/{LANTERN} 1.0.0", *things)) == 1000
    assert len(asked) < 15
    over = server.bearing.post(
        "/api/v1/servers/me/check",
        json={"installed": [item(each) for each in [*things, "kodi/a 1", "kodi/b 1"]]},
    )
    assert code_of(over) == "request.invalid"


@pytest.mark.parametrize(
    "installed", ["x", [{"ecosystem": "kodi"}], [{**item("kodi/a 1"), "watched": ["The Third Man"]}], [1]]
)
def test_what_is_no_list_of_things_is_refused_and_so_is_more_than_is_asked(server, installed):
    response = server.bearing.post("/api/v1/servers/me/check", json={"installed": installed})
    assert code_of(response) == "request.invalid"


def test_an_empty_list_has_an_empty_answer(server):
    assert server.check() == []


def test_only_a_server_asks(given, client):
    body = {"installed": []}
    assert code_of(client.post("/api/v1/servers/me/check", json=body)) == "auth.required"
    account = client.bearing(given.token(given.account()))
    assert code_of(account.post("/api/v1/servers/me/check", json=body)) == "auth.forbidden"
