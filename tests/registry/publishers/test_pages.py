"""The pages of publishers: make one, what it says of itself, who belongs to it."""

import re

import pytest

from registry.publishers.models import MemberRole, Publisher
from tests.story import Story
from tests.visiting import fault_beside, value_of

NORTH = {
    "name": "North Tools",
    "slug": "north-tools",
    "website": "https://north.example",
    "about": "We mend.",
}


def test_a_publisher_is_made_by_a_confirmed_account(visit, given):
    visit().get("/publishers/new", status=302)
    unsure = visit(given.account(verified=False))
    assert "Confirm your e-mail address first" in unsure.see("/publishers/new")
    assert "confirm" in unsure.send("/publishers/new", status=403, **NORTH).text.lower()

    somebody = visit(given.account())
    made = somebody.send("/publishers/new", **NORTH)
    assert made.location == "/publish"
    assert "North Tools is yours." in somebody.after(made)
    seen = visit().see("/publishers/north-tools")
    assert "We mend." in seen
    assert "north.example" in seen
    assert "Nothing of this publisher is offered now." in seen
    assert "Members" not in seen


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("slug", "North Tools!", "A publisher's short name has"),
        ("name", "", "A name has from 1 to 80"),
        ("website", "javascript:alert(1)", "Give an address that begins with https://"),
        ("about", "x" * 2001, "At most 2000 characters"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept(visit, given, field, wrong, sentence):
    refused = visit(given.account()).send("/publishers/new", status=422, **{**NORTH, field: wrong})
    assert sentence in fault_beside(refused, field)
    assert value_of(refused, field) == wrong
    kept = "name" if field != "name" else "slug"
    assert value_of(refused, kept) == NORTH[kept]


def test_a_name_that_is_taken_is_told_beside_the_short_name(visit, given):
    given.publisher(slug="north-tools")
    refused = visit(given.account()).send("/publishers/new", status=409, **NORTH)
    assert fault_beside(refused, "slug")


def test_only_owners_change_it_and_only_members_see_members(visit, given):
    owner, other = given.account(name="Ada"), given.account("max@example.org", name="Max")
    given.publisher(owner, slug="north")
    address = "/publishers/north"
    assert "Max" not in visit(owner).see(address)
    somebody = visit(owner)
    added = somebody.send(f"{address}/members", at=address, email="max@example.org", role="uploader")
    assert "Done; they got a mail about it." in somebody.after(added)
    member = visit(other)
    seen = member.see(address)
    assert "Uploader" in seen
    assert "What it says of itself" not in seen
    member.send(address, at="/accounts", status=403, name="Mine now")

    refused = somebody.send(
        f"{address}/members", at=address, status=422, email="zz@example.org", role="owner"
    )
    assert "No verified account" in fault_beside(refused, "email")
    assert value_of(refused, "email") == "zz@example.org"
    changed = somebody.send(address, name="North & Sons", website="", about="Two people.")
    assert "Two people." in somebody.after(changed)
    refused = somebody.send(address, status=422, name="", website="", about="")
    assert fault_beside(refused, "name")

    remove = f"{address}/members/{other.id}/remove"
    assert "Removed." in somebody.after(somebody.send(remove, at=address))
    assert "Members" not in member.see(address)


def test_the_last_owner_cannot_leave(visit, given):
    owner = given.account()
    given.publisher(owner, slug="north")
    somebody = visit(owner)
    refused = somebody.send(f"/publishers/north/members/{owner.id}/remove", at="/publishers/north")
    assert "owner" in somebody.after(refused)


def test_an_unknown_role_is_refused(visit, given):
    owner = given.account()
    given.publisher(owner, slug="north")
    at, fields = "/publishers/north", {"email": "x@example.org", "role": "emperor"}
    refused = visit(owner).send(f"{at}/members", at=at, status=422, **fields)
    assert fault_beside(refused, "role") == "The role is one of owner, maintainer, uploader."


def test_only_an_admin_says_who_is_first_party(visit, given):
    publisher = given.publisher(slug="harbor")
    act = "/publishers/harbor/party"
    visit(given.moderator()).send(act, at="/accounts", status=403, first_party="yes")
    admin = visit(given.admin())
    marked = admin.send(act, at="/publishers/harbor", first_party="yes")
    assert "It is first party now." in admin.after(marked)
    assert given.found(Publisher, publisher.id).first_party
    assert "First party: run by this registry" in visit().see("/publishers/harbor")


def test_its_listings_are_shown_and_what_it_wrote_is_escaped(visit, given):
    story = Story(given)
    story.published()
    owner = visit(story.developer)
    owner.send(
        "/publishers/lantern", name="Lantern <b>Works</b>", website="", about="<script>alert(1)</script>"
    )
    page = visit().get("/publishers/lantern").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r'class="tile-name[^>]*>Lantern<', page)
    assert MemberRole.OWNER.value.capitalize() in owner.see("/publishers/lantern")


def test_an_unknown_publisher_is_told_in_words(visit):
    assert "There is no publisher 'nobody'." in visit().see("/publishers/nobody", status=404)
