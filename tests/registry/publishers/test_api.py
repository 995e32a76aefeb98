"""The API of publishers, as a client sees it."""

import pytest

from registry.publishers.models import MemberRole
from tests.asking import code_of

API = "/api/v1/publishers"


def test_from_making_a_publisher_to_a_member_who_leaves(client, given):
    owner, member = given.account(), given.account()
    me = client.bearing(given.token(owner))
    made = me.post(API, json={"slug": "north-tools", "name": "North Tools"})
    assert made.status_code == 201
    assert made.json["slug"] == "north-tools"
    assert made.json["first_party"] is False

    body = {"email": member.email, "role": "maintainer"}
    added = me.post(f"{API}/north-tools/members", json=body)
    assert added.status_code == 201
    assert added.json["role"] == "maintainer"
    assert added.json["account"] == str(member.id)

    [publisher] = client.bearing(given.token(member)).get("/api/v1/me").json["publishers"]
    assert publisher == {
        "slug": "north-tools",
        "name": "North Tools",
        "role": "maintainer",
        "first_party": False,
    }

    they = client.bearing(given.token(member))
    assert they.delete(f"{API}/north-tools/members/{member.id}").status_code == 204
    assert they.get("/api/v1/me").json["publishers"] == []


def test_a_member_without_a_role_named_may_only_upload(client, given):
    owner = given.account()
    publisher = given.publisher(owner)
    body = {"email": given.account().email}
    added = client.bearing(given.token(owner)).post(f"{API}/{publisher.slug}/members", json=body)
    assert added.json["role"] == "uploader"


def test_anybody_sees_a_publisher_and_members_see_its_members(client, given):
    owner = given.account(name="Ada")
    publisher = given.publisher(owner)
    member = given.member(publisher, MemberRole.UPLOADER)
    shown = client.get(f"{API}/{publisher.slug}")
    assert shown.status_code == 200
    assert shown.json["members"] is None
    assert owner.email not in shown.text
    as_member = client.bearing(given.token(member)).get(f"{API}/{publisher.slug}").json
    assert [(m["name"], m["role"], m["email"]) for m in as_member["members"]][0] == (
        "Ada",
        "owner",
        None,
    )
    as_owner = client.bearing(given.token(owner)).get(f"{API}/{publisher.slug}").json
    assert as_owner["members"][1]["email"] == member.email


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("North", 422, "publisher.slug"),
        ("taken", 409, "publisher.taken"),
        ("t-a-k-e-n", 409, "name.too_similar"),
        ("jellyfin", 409, "name.too_similar"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused(client, given, slug, status, code):
    given.publisher(slug="taken")
    me = client.bearing(given.token(given.account()))
    response = me.post(API, json={"slug": slug, "name": "Another Name"})
    assert response.status_code == status
    assert code_of(response) == code


def test_an_unverified_account_is_told_what_to_do(client, given):
    me = client.bearing(given.signed_in(given.account(verified=False)))
    response = me.post(API, json={"slug": "north", "name": "North"})
    assert response.status_code == 403
    assert code_of(response) == "account.unverified"


def test_an_owner_changes_and_an_admin_marks(client, given):
    owner = given.account()
    publisher = given.publisher(owner)
    me = client.bearing(given.token(owner))
    changed = me.patch(f"{API}/{publisher.slug}", json={"about": "Tools."})
    assert changed.json["about"] == "Tools."
    assert code_of(me.put(f"{API}/{publisher.slug}/party", json={"first_party": True})) == ("auth.forbidden")
    admin = client.bearing(given.token(given.admin()))
    marked = admin.put(f"{API}/{publisher.slug}/party", json={"first_party": True})
    assert marked.json["first_party"] is True


def test_a_change_by_a_stranger_is_refused_and_by_nobody_asks_to_sign_in(client, given):
    publisher = given.publisher()
    stranger = client.bearing(given.token(given.account()))
    for method, path, body in (
        ("PATCH", "", {"about": "mine"}),
        ("POST", "/members", {"email": "ada@example.org"}),
        ("DELETE", f"/members/{given.account().id}", None),
        ("PUT", "/party", {"first_party": True}),
    ):
        where = f"{API}/{publisher.slug}{path}"
        assert code_of(stranger.open(where, method=method, json=body)) == "auth.forbidden"
        assert code_of(client.open(where, method=method, json=body)) == "auth.required"


def test_the_last_owner_stays(client, given):
    owner = given.account()
    publisher = given.publisher(owner)
    me = client.bearing(given.token(owner))
    response = me.delete(f"{API}/{publisher.slug}/members/{owner.id}")
    assert response.status_code == 409
    assert code_of(response) == "member.last_owner"


def test_an_unknown_publisher_is_a_problem(client):
    response = client.get(f"{API}/nowhere")
    assert response.status_code == 404
    assert code_of(response) == "publisher.unknown"
