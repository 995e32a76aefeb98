"""Publishers: who may make one, what it may be called, who its members are."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from registry.accounts.actor import ANONYMOUS, SYSTEM, Scope
from registry.accounts.models import Account
from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, Invalid, MarqueeError, NotAllowed, NotFound, NotSignedIn
from registry.publishers import service
from registry.publishers.models import MemberRole, Membership, Publisher

pytestmark = pytest.mark.usefixtures("in_app")

OWNER, MAINTAINER, UPLOADER = MemberRole.OWNER, MemberRole.MAINTAINER, MemberRole.UPLOADER


def make(by, slug="north-tools", name="North Tools", **values):
    return service.create_publisher(slug=slug, name=name, by=by, **values)


def roles(publisher: Publisher) -> dict:
    rows = session().query(Membership).filter_by(publisher_id=publisher.id).populate_existing()
    return {row.account_id: row.role for row in rows}


# Making one


def test_whoever_makes_a_publisher_owns_it(given):
    account = given.account()
    publisher = make(given.actor(account), website="https://north.example", about=" Tools. ")
    assert roles(publisher) == {account.id: OWNER}
    assert publisher.first_party is False
    assert publisher.website == "https://north.example"
    assert publisher.about == "Tools."
    assert given.actor(account).owns(publisher.id)


def test_an_address_that_is_not_confirmed_makes_no_publisher(given):
    with pytest.raises(NotAllowed) as refused:
        make(given.actor(given.account(verified=False)))
    assert refused.value.code == "account.unverified"


def test_neither_anonymous_nor_a_token_that_may_only_upload_makes_one(given):
    with pytest.raises(NotSignedIn):
        make(ANONYMOUS)
    with pytest.raises(NotAllowed):
        make(given.actor(given.account(), frozenset({Scope.READ, Scope.UPLOAD})))


@pytest.mark.parametrize("slug", ["ab", "a1", "north-tools", "4chan", "x" * 40])
def test_these_are_slugs(given, slug):
    assert make(given.actor(given.account()), slug=slug).slug == slug


@pytest.mark.parametrize(
    "slug",
    ["", "a", "x" * 41, "North", "north tools", "north_tools", "-north", "north-", "north--tools",
     "north.tools", "../north", "nörth", "nоrth", "north\n", "north/x", "~north", "%6e"],
)  # fmt: skip
def test_these_are_none(given, slug):
    with pytest.raises(Invalid) as refused:
        make(given.actor(given.account()), slug=slug)
    assert refused.value.code == "publisher.slug"
    assert refused.value.faults[0].pointer == "/slug"


def test_a_slug_that_is_taken_is_refused(given):
    make(given.actor(given.account()))
    with pytest.raises(Conflict) as refused:
        make(given.actor(given.account()), name="Something Else")
    assert refused.value.code == "publisher.taken"


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("northtools", "Another Name"),
        ("n0rth-to0ls", "Another Name"),
        ("tools-north", "Another Name"),
        ("another", "North Tools"),
        ("another", "Nοrth Τools"),
        ("another", "NORTH-TOOLS"),
        ("another", "Tools North"),
    ],
)
def test_what_looks_like_another_publisher_is_refused_with_its_name(given, slug, name):
    make(given.actor(given.account()))
    with pytest.raises(Conflict) as refused:
        make(given.actor(given.account()), slug=slug, name=name)
    assert refused.value.code == "name.too_similar"
    assert "'North Tools' (north-tools)" in refused.value.detail


@pytest.mark.parametrize(
    ("slug", "name"),
    [("kodi", "Some Name"), ("p1ex", "Some Name"), ("some-name", "Official"), ("some-name", "Κodi"),
     ("admin", "Some Name"), ("marquee", "Some Name")],
)  # fmt: skip
def test_names_of_products_and_offices_are_the_operators_alone(given, slug, name):
    with pytest.raises(Conflict) as refused:
        make(given.actor(given.account()), slug=slug, name=name)
    assert refused.value.code == "name.too_similar"
    assert make(given.actor(given.admin()), slug=slug, name=name).slug == slug


def test_a_name_that_only_speaks_of_a_product_is_taken(given):
    assert make(given.actor(given.account()), slug="tools-for-kodi", name="Tools for Kodi")


def test_the_same_name_by_ten_at_once_is_made_once(given):
    actors = [given.actor(given.account()) for _ in range(10)]

    def once(actor) -> bool:
        try:
            given.run(make, actor)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(once, actors)) == 1


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "ftp://north.example", "north.example", "https://", "http://[::1",
     "https://user:secret@north.example", "https://localhost", "https://north.example/\x00"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(given, website):
    with pytest.raises(Invalid) as refused:
        make(given.actor(given.account()), website=website)
    assert refused.value.faults[0].pointer == "/website"


def test_one_account_owns_fifty_publishers_at_most(given, monkeypatch):
    monkeypatch.setattr(service, "MOST_OWNED", 2)
    account = given.account()
    given.publisher(account)
    given.publisher(account)
    with pytest.raises(Conflict) as refused:
        make(given.actor(account))
    assert refused.value.code == "publisher.too_many"


# Changing it


def test_an_owner_changes_what_is_shown_and_an_empty_text_clears(given):
    account = given.account()
    publisher = make(given.actor(account), website="https://north.example", about="Tools.")
    by = given.actor(account)
    service.change_publisher(publisher.slug, name="North & Co", about="", by=by)
    changed = given.found(Publisher, publisher.id)
    assert (changed.name, changed.about, changed.website) == ("North & Co", "", "https://north.example")
    service.change_publisher(publisher.slug, website="", by=by)
    assert given.found(Publisher, publisher.id).website is None


def test_a_new_name_must_not_look_like_another_publishers_either(given):
    make(given.actor(given.account()))
    account = given.account()
    publisher = given.publisher(account)
    with pytest.raises(Conflict):
        service.change_publisher(publisher.slug, name="N0rth Tools", by=given.actor(account))
    service.change_publisher(publisher.slug, name=publisher.name, by=given.actor(account))


@pytest.mark.parametrize("role", [MAINTAINER, UPLOADER, None])
def test_nobody_but_an_owner_changes_it(given, role):
    publisher = given.publisher()
    account = given.member(publisher, role) if role else given.account()
    with pytest.raises(NotAllowed):
        service.change_publisher(publisher.slug, about="mine", by=given.actor(account))
    with pytest.raises(NotAllowed):
        service.set_member(publisher.slug, email=account.email, role=OWNER, by=given.actor(account))


def test_only_an_admin_says_what_is_first_party(given):
    account = given.account()
    publisher = given.publisher(account)
    for who in (account, given.moderator()):
        with pytest.raises(NotAllowed):
            service.mark_first_party(publisher.slug, first_party=True, by=given.actor(who))
    service.mark_first_party(publisher.slug, first_party=True, by=given.actor(given.admin()))
    assert given.found(Publisher, publisher.id).first_party
    service.mark_first_party(publisher.slug, first_party=False, by=SYSTEM)
    assert not given.found(Publisher, publisher.id).first_party


def test_an_unknown_publisher_is_not_found(given):
    by = given.actor(given.admin())
    for act in (
        lambda: service.get_publisher("nowhere"),
        lambda: service.change_publisher("nowhere", about="", by=by),
        lambda: service.mark_first_party("nowhere", first_party=True, by=by),
        lambda: service.remove_member("nowhere", uuid4(), by=by),
    ):
        with pytest.raises(NotFound):
            act()


# Members


@pytest.mark.parametrize("role", list(MemberRole))
def test_an_owner_gives_a_role_and_another_one(given, role):
    account, member = given.account(), given.account()
    publisher = given.publisher(account)
    by = given.actor(account)
    service.set_member(publisher.slug, email=member.email.upper(), role=role, by=by)
    assert roles(publisher)[member.id] is role
    service.set_member(publisher.slug, email=member.email, role=UPLOADER, by=by)
    assert roles(publisher)[member.id] is UPLOADER


@pytest.mark.parametrize("what", ["nobody", "unverified", "disabled"])
def test_a_member_has_a_verified_account(given, what):
    account = given.account()
    publisher = given.publisher(account)
    email = "nobody@example.org"
    if what != "nobody":
        member = given.account(verified=what != "unverified")
        email = member.email
        if what == "disabled":
            with transaction() as tx:
                tx.get_one(Account, member.id).disabled_at = now()
    with pytest.raises(Invalid) as refused:
        service.set_member(publisher.slug, email=email, role=UPLOADER, by=given.actor(account))
    assert refused.value.code == "member.unknown"


def test_what_a_role_allows(given):
    publisher = given.publisher()

    def may(role):
        actor = given.actor(given.member(publisher, role))
        return (
            actor.may_upload_to(publisher.id),
            actor.may_manage(publisher.id),
            actor.owns(publisher.id),
        )

    assert may(OWNER) == (True, True, True)
    assert may(MAINTAINER) == (True, True, False)
    assert may(UPLOADER) == (True, False, False)
    stranger = given.actor(given.account())
    assert not stranger.may_upload_to(publisher.id)


def test_what_was_allowed_ends_with_the_membership_also_for_tokens(given):
    """PyPI found rights that survived leaving (2025-04-14, TOB-PYPI26-13)."""
    from registry.accounts.tokens import actor_of_token

    account = given.account()
    publisher = given.publisher(account)
    member = given.member(publisher, MAINTAINER)
    secret = given.token(member)
    assert actor_of_token(secret).may_manage(publisher.id)
    service.remove_member(publisher.slug, member.id, by=given.actor(account))
    assert not actor_of_token(secret).may_manage(publisher.id)
    assert not actor_of_token(secret).may_upload_to(publisher.id)


def test_a_member_leaves_by_themselves(given):
    publisher = given.publisher()
    member = given.member(publisher, UPLOADER)
    service.remove_member(publisher.slug, member.id, by=given.actor(member))
    assert member.id not in roles(publisher)


def test_a_member_takes_nobody_else_out(given):
    account = given.account()
    publisher = given.publisher(account)
    member = given.member(publisher, MAINTAINER)
    with pytest.raises(NotAllowed):
        service.remove_member(publisher.slug, account.id, by=given.actor(member))


def test_somebody_who_is_no_member_cannot_be_taken_out(given):
    account = given.account()
    publisher = given.publisher(account)
    with pytest.raises(NotFound):
        service.remove_member(publisher.slug, given.account().id, by=given.actor(account))


def test_the_last_owner_neither_leaves_nor_becomes_less(given):
    account = given.account()
    publisher = given.publisher(account)
    given.member(publisher, MAINTAINER)
    by = given.actor(account)
    for act in (
        lambda: service.remove_member(publisher.slug, account.id, by=by),
        lambda: service.set_member(publisher.slug, email=account.email, role=UPLOADER, by=by),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "member.last_owner"
    given.member(publisher, OWNER)
    service.remove_member(publisher.slug, account.id, by=by)


def test_two_owners_who_leave_at_once_leave_one(given):
    one = given.account()
    publisher = given.publisher(one)
    other = given.member(publisher, OWNER)

    def leave(account: Account) -> bool:
        try:
            given.run(service.remove_member, publisher.slug, account.id, by=given.actor(account))
        except MarqueeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (one, other))) == [False, True]
    assert list(roles(publisher).values()) == [OWNER]


def test_every_owner_and_the_member_are_told(given):
    """The takeover of 2023-11-22 at PyPI was undone because the events had been mailed."""
    ada, eve = given.account("ada@example.org"), given.account("eve@example.org")
    publisher = given.publisher(ada)
    given.member(publisher, OWNER, eve)
    assert len(given.mails("ada@example.org")) == 1
    service.remove_member(publisher.slug, ada.id, by=given.actor(eve))
    letter = given.mails("ada@example.org")[-1]
    assert f"eve@example.org has removed ada@example.org from {publisher.name}" in letter.body
    assert given.mails("eve@example.org")[-1].body == letter.body


def test_members_are_shown_to_members_and_moderators_alone(given):
    account = given.account()
    publisher = given.publisher(account)
    member = given.member(publisher, UPLOADER)
    for who in (account, member, given.moderator()):
        rows = service.list_members(publisher, by=given.actor(who))
        assert [row[1].id for row in rows] == [account.id, member.id]
    for actor in (given.actor(given.account()), ANONYMOUS):
        assert service.list_members(publisher, by=actor) == []


def test_ones_own_publishers_are_listed_with_the_role(given):
    account = given.account()
    mine = given.publisher(account, slug="b-mine")
    other = given.publisher(slug="a-other")
    given.publisher()
    given.member(other, UPLOADER, account)
    listed = service.list_publishers_of(given.actor(account))
    assert [(p.slug, role) for p, role in listed] == [("a-other", UPLOADER), (mine.slug, OWNER)]


def test_every_change_stands_in_the_audit_trail(given):
    account, member = given.account(), given.account()
    publisher = make(given.actor(account))
    by = given.actor(account)
    service.change_publisher(publisher.slug, about="Tools.", by=by)
    service.set_member(publisher.slug, email=member.email, role=UPLOADER, by=by)
    service.remove_member(publisher.slug, member.id, by=by)
    service.mark_first_party(publisher.slug, first_party=True, by=SYSTEM)
    events = session().query(AuditEvent).filter_by(subject_id=str(publisher.id))
    assert [event.event for event in events.order_by(AuditEvent.id)] == [
        "publisher_made",
        "publisher_changed",
        "member_set",
        "member_removed",
        "marked_first_party",
    ]
