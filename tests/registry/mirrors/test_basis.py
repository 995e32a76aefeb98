"""The operator's ground on which mirrors may have what is conditional: written, kept, heeded, taken back."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from registry.audit.models import AuditEvent
from registry.database import session, transaction
from registry.licensing.service import conclude_license
from registry.mirrors.models import MirrorBasis
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests.asking import code_of
from tests.story import Story

REASON = "Its maker wrote on 3 March that clubs may pass it on."
BACK = "Its maker took that word back on 9 May."


@pytest.fixture
def story(given) -> Story:
    return Story(given, first_party=True)


@pytest.fixture
def admin(given, client):
    return client.bearing(given.token(given.admin()))


def published(story, expression: str) -> Release:
    given, release = story.given, story.waiting()
    concluded(story, release, expression)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def concluded(story, release, expression: str) -> None:
    by = story.given.actor(story.moderator)
    story.given.run(conclude_license, release.id, expression, note="Read it.", by=by)


def say(asker, release, *, given: bool = True, reason: str = REASON):
    address = f"/api/v1/releases/{release.id}/license/mirror-basis"
    return asker.put(address, json={"given": given, "reason": reason})


def changes(client, since: int = 0):
    return client.get(f"/api/v1/mirror?since={since}").json["changes"]


def mirrored(story, release) -> str:
    query = select(Artifact.sha256).where(Artifact.release_id == release.id)
    return "/api/v1/mirror/artifacts/" + story.given.run(lambda: session().scalars(query).one())


@pytest.mark.parametrize("expression", ["CC-BY-NC-4.0", "Elastic-2.0", "BUSL-1.1 AND MIT"])
def test_what_is_conditional_goes_to_mirrors_once_a_ground_is_recorded(story, client, admin, expression):
    release = published(story, expression)
    assert (changes(client), client.get(mirrored(story, release)).status_code) == ([], 404)
    assert say(admin, release).status_code == 200
    [entry] = changes(client)
    assert (entry["change"], entry["terms"]["operator_basis"]["reason"]) == ("offered", REASON)
    answer = client.get(mirrored(story, release))
    assert answer.status_code == 200
    assert client.get(entry["notices"]).status_code == 200
    receipt = client.get(f"/api/v1/copies/{answer.headers['Marquee-Copy']}").json
    assert receipt["operator_basis"]["reason"] == REASON
    assert REASON in client.get(f"/copies/{answer.headers['Marquee-Copy']}").text
    assert receipt["permissions"]["redistribute"]["allowed"] == "conditional"
    others = client.get(mirrored(story, release).replace("/mirror", ""))
    assert (others.status_code, code_of(others)) == (403, "terms.acceptance")


def test_taken_back_it_is_a_removal_and_older_copies_keep_what_they_were_told(story, client, admin):
    release = published(story, "CC-BY-NC-4.0")
    say(admin, release)
    serial = changes(client)[0]["serial"]
    copy = f"/api/v1/copies/{client.get(mirrored(story, release)).headers['Marquee-Copy']}"
    before = client.get(copy).json
    assert say(admin, release, given=False, reason=BACK).status_code == 200
    [removed] = changes(client, serial)
    assert (removed["change"], removed["rule"]) == ("removed", "terms.acceptance")
    refused = client.get(mirrored(story, release))
    assert (refused.status_code, refused.json["needs"]) == (403, ["operator_basis"])
    assert client.get(copy).json == before
    told = admin.get(f"/api/v1/releases/{release.id}/license/mirror-basis").json["bases"]
    assert [(one["given"], one["reason"]) for one in told] == [(True, REASON), (False, BACK)]
    events = (
        select(AuditEvent.event).where(AuditEvent.event.startswith("mirror_basis")).order_by(AuditEvent.id)
    )
    names = story.given.run(lambda: session().scalars(events).all())
    assert names == ["mirror_basis_recorded", "mirror_basis_revoked"]
    assert say(admin, release).status_code == 200
    assert changes(client, removed["serial"])[0]["change"] == "offered"


def test_it_is_a_ground_for_the_terms_that_it_names_and_no_others(story, client, admin):
    release = published(story, "CC-BY-NC-4.0")
    say(admin, release)
    serial = changes(client)[0]["serial"]
    concluded(story, release, "CC-BY-NC-SA-4.0")
    assert [one["change"] for one in changes(client, serial)] == ["removed"]
    concluded(story, release, "CC-BY-NC-4.0")
    assert [one["change"] for one in changes(client, serial)] == ["offered"]


@pytest.mark.parametrize(
    "expression", ["MIT", "NONE", "LicenseRef-Mine", "LicenseRef-PolyForm-Internal-Use-1.0.0"]
)
def test_it_is_refused_where_nothing_turns_on_it(story, admin, expression):
    refused = say(admin, published(story, expression))
    assert (refused.status_code, code_of(refused)) == (409, "mirror.basis")


def test_it_is_an_admins_word_in_writing_and_said_once(story, client, admin, given):
    release = published(story, "CC-BY-NC-4.0")
    for other in (
        client,
        client.bearing(given.token(story.developer)),
        client.bearing(given.token(story.moderator)),
    ):
        assert say(other, release).status_code in {401, 403}
    assert say(admin, release, reason="They may.").status_code == 422
    assert code_of(say(admin, release, given=False, reason=BACK)) == "mirror.basis"
    assert say(admin, release).status_code == 200
    assert code_of(say(admin, release)) == "mirror.basis"


@pytest.mark.parametrize("statement", [update(MirrorBasis).values(reason="Another."), delete(MirrorBasis)])
def test_rows_are_only_ever_added(story, admin, given, statement):
    say(admin, published(story, "CC-BY-NC-4.0"))

    def change() -> None:
        with transaction() as tx:
            tx.execute(statement)

    with pytest.raises(IntegrityError, match="only ever added"):
        given.run(change)


def test_admins_record_it_on_the_license_desk_and_moderators_read_it_there(story, visit, given, client):
    release = published(story, "CC-BY-NC-4.0")
    address, act = f"/review/{release.id}/license", f"/review/{release.id}/license/mirrors"
    root, moderator = visit(given.admin()), visit(story.moderator)
    assert "unless the operator records why they may" in moderator.see(address)
    assert "Record the ground" not in moderator.see(address)
    refused = root.send(act, at=address, status=422, act="record", reason="Yes.")
    assert "Say in 20 to 5,000 characters why" in refused.text
    assert "mirrors hear of it now" in root.after(root.send(act, at=address, act="record", reason=REASON))
    assert REASON in moderator.see(address)
    moderator.send(act, at=address, status=403, act="revoke", reason=BACK)
    root.send(act, at=address, act="revoke", reason=BACK)
    assert changes(client)[0]["change"] == "removed"


def test_nothing_of_mirrors_is_on_the_desk_of_what_they_get_anyway(story, visit):
    assert "Mirrors" not in visit(story.moderator).see(f"/review/{published(story, 'MIT').id}/license")
