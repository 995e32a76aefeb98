"""The use cases of a publisher: make, change, say who is a member. There is always an owner."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor, Scope
from registry.accounts.models import Account
from registry.audit.service import record
from registry.bundles.names import skeleton
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, NotFound, fault
from registry.mail.service import send
from registry.privacy.noticing import renew_all_of
from registry.publishers import letters, rules
from registry.publishers.models import MemberRole, Membership, Publisher

MOST_OWNED = 50
OPERATOR = "The operator"


def create_publisher(
    *, slug: str, name: str, website: str | None = None, about: str = "", by: Actor
) -> Publisher:
    """Make a publisher that the actor owns.

    Raises NotAllowed (``account.unverified``), Invalid, Conflict (``publisher.taken``,
    ``name.too_similar``, ``publisher.too_many``).
    """
    owner_id = _must_be_verified(by)
    publisher = Publisher(
        slug=rules.check_slug(slug),
        name=rules.check_name(name),
        website=rules.check_website(website),
        about=rules.check_about(about),
        skeleton=skeleton(slug),
    )
    publisher.name_skeleton = skeleton(publisher.name)
    if not by.is_admin:
        rules.check_reserved(publisher.slug, publisher.name)
    try:
        with transaction() as tx:
            _check_free(tx, publisher)
            _check_not_too_many(tx, owner_id, by)
            tx.add(publisher)
            tx.flush()  # its id is in the membership
            tx.add(Membership(publisher_id=publisher.id, account_id=owner_id, role=MemberRole.OWNER))
            record(tx, "publisher_made", by=by, subject=("publisher", publisher.id))
    except IntegrityError as error:  # somebody was faster by a moment
        raise _taken(publisher.slug) from error
    return publisher


def get_publisher(slug: str) -> Publisher:
    """Return the publisher. Raises NotFound."""
    publisher = session().scalar(select(Publisher).where(Publisher.slug == slug))
    if publisher is None:
        raise NotFound(f"There is no publisher {slug[:60]!r}.", code="publisher.unknown")
    return publisher


def list_publishers_of(by: Actor) -> list[tuple[Publisher, MemberRole]]:
    """Return the publishers that the actor is a member of, with the role in each."""
    query = (
        select(Publisher, Membership.role)
        .join(Membership, Membership.publisher_id == Publisher.id)
        .where(Membership.account_id == by.must_be_signed_in())
        .order_by(Publisher.name)
    )
    return [(publisher, role) for publisher, role in session().execute(query)]


def list_members(publisher: Publisher, *, by: Actor) -> list[tuple[Membership, Account]]:
    """Return the members, owners first; nobody but members and moderators sees them."""
    if by.role_in(publisher.id) is None and not by.is_moderator:
        return []
    query = (
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.publisher_id == publisher.id)
        .order_by(Membership.created_at)
    )
    rows = [(membership, account) for membership, account in session().execute(query)]
    order = list(MemberRole)
    return sorted(rows, key=lambda row: order.index(row[0].role))


def change_publisher(
    slug: str,
    *,
    by: Actor,
    name: str | None = None,
    website: str | None = None,
    about: str | None = None,
) -> Publisher:
    """Change what a publisher shows; None leaves a field, an empty text clears it. For owners."""
    with transaction() as tx:
        publisher = _locked(tx, slug)
        _must_own(publisher, by)
        if name is not None and name != publisher.name:
            _rename(tx, publisher, rules.check_name(name), by)
        if website is not None:
            publisher.website = rules.check_website(website)
        if about is not None:
            publisher.about = rules.check_about(about)
        record(tx, "publisher_changed", by=by, subject=("publisher", publisher.id))
    return publisher


def mark_first_party(slug: str, *, first_party: bool, by: Actor) -> Publisher:
    """Say whether the operator runs this publisher. For admins."""
    if not by.is_admin:
        raise NotAllowed("Only an admin says which publishers are the operator's own.")
    with transaction() as tx:
        publisher = _locked(tx, slug)
        publisher.first_party = first_party
        event = "marked_first_party" if first_party else "marked_third_party"
        record(tx, event, by=by, subject=("publisher", publisher.id))
        renew_all_of(tx, publisher, because=event)
    return publisher


def set_member(slug: str, *, email: str, role: MemberRole, by: Actor) -> tuple[Membership, Account]:
    """Give an account a role in a publisher, or another role. For owners.

    Raises Invalid when no verified account has the address, Conflict (``member.last_owner``).
    """
    with transaction() as tx:
        publisher = _locked(tx, slug)
        _must_own(publisher, by)
        account = tx.scalar(select(Account).where(Account.email == email.strip()))
        if account is None or account.email_verified_at is None or account.disabled_at is not None:
            raise fault(
                "email",
                "No verified account has this address; ask its owner to sign up first.",
                code="member.unknown",
            )
        membership = _give(tx, publisher, account, role)
        letter = letters.member_set(publisher, account.email, role, by.email or OPERATOR)
        _tell(tx, publisher, account, "member_set", letter)
        detail = {"account": str(account.id), "role": role.value}
        record(tx, "member_set", by=by, subject=("publisher", publisher.id), detail=detail)
    return membership, account


def remove_member(slug: str, account_id: UUID, *, by: Actor) -> None:
    """Take an account out of a publisher: an owner anybody, others themselves.

    What it may do there ends with its next request. Raises NotFound, NotAllowed, Conflict
    (``member.last_owner``).
    """
    by.must_have(Scope.MANAGE)
    with transaction() as tx:
        publisher = _locked(tx, slug)
        if account_id != by.account_id:
            _must_own(publisher, by)
        membership = tx.get(Membership, (publisher.id, account_id), populate_existing=True)
        if membership is None:
            raise NotFound("This account is no member.", code="member.unknown")
        _keep_an_owner(tx, membership)
        gone = tx.get_one(Account, account_id)
        letter = letters.member_removed(publisher, gone.email, by.email or OPERATOR)
        _tell(tx, publisher, gone, "member_removed", letter)
        tx.delete(membership)
        detail = {"account": str(account_id)}
        record(tx, "member_removed", by=by, subject=("publisher", publisher.id), detail=detail)


def _must_be_verified(by: Actor) -> UUID:
    account_id = by.must_be_signed_in()
    by.must_have(Scope.MANAGE)
    if not by.verified:
        raise NotAllowed(
            "Confirm your e-mail address first: open the link that was mailed to you. "
            "Where this site sends no mail, an admin can confirm it.",
            code="account.unverified",
        )
    return account_id


def _must_own(publisher: Publisher, by: Actor) -> None:
    by.must_have(Scope.MANAGE)
    if not by.owns(publisher.id) and not by.is_admin:
        raise NotAllowed(f"Only an owner of {publisher.name} may do this.")


def _locked(tx: Session, slug: str) -> Publisher:
    """Return the publisher, locked: of two owners who leave at once, the second waits and stays."""
    query = select(Publisher).where(Publisher.slug == slug).with_for_update()
    publisher = tx.scalar(query.execution_options(populate_existing=True))
    if publisher is None:
        raise NotFound(f"There is no publisher {slug[:60]!r}.", code="publisher.unknown")
    return publisher


def _check_free(tx: Session, publisher: Publisher) -> None:
    if tx.scalar(select(Publisher.id).where(Publisher.slug == publisher.slug)) is not None:
        raise _taken(publisher.slug)
    rules.check_likeness(tx, publisher.slug, publisher.name)


def _taken(slug: str) -> Conflict:
    return Conflict(f"There is a publisher {slug!r} already.", code="publisher.taken")


def _check_not_too_many(tx: Session, owner_id: UUID, by: Actor) -> None:
    owned = select(func.count()).where(Membership.account_id == owner_id, Membership.role == MemberRole.OWNER)
    if not by.is_admin and (tx.scalar(owned) or 0) >= MOST_OWNED:
        raise Conflict(f"One account owns at most {MOST_OWNED} publishers.", code="publisher.too_many")


def _rename(tx: Session, publisher: Publisher, name: str, by: Actor) -> None:
    if not by.is_admin:
        rules.check_reserved(publisher.slug, name)
    rules.check_likeness(tx, publisher.slug, name, but=publisher)
    publisher.name = name
    publisher.name_skeleton = skeleton(name)


def _give(tx: Session, publisher: Publisher, account: Account, role: MemberRole) -> Membership:
    membership = tx.get(Membership, (publisher.id, account.id), populate_existing=True)
    if membership is None:
        membership = Membership(publisher_id=publisher.id, account_id=account.id, role=role)
        tx.add(membership)
    elif role is not MemberRole.OWNER:
        _keep_an_owner(tx, membership)
    membership.role = role
    return membership


def _keep_an_owner(tx: Session, leaving: Membership) -> None:
    others = select(Membership.account_id).where(
        Membership.publisher_id == leaving.publisher_id,
        Membership.role == MemberRole.OWNER,
        Membership.account_id != leaving.account_id,
    )
    if leaving.role is MemberRole.OWNER and tx.scalar(others.limit(1)) is None:
        raise Conflict("This is the last owner; make another one first.", code="member.last_owner")


def _tell(tx: Session, publisher: Publisher, member: Account, purpose: str, letter: tuple[str, str]) -> None:
    """Mail the member and every owner, as they were and as they will be: no change goes unseen."""
    tx.flush()  # a new owner gets the letter too
    query = (
        select(Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.publisher_id == publisher.id, Membership.role == MemberRole.OWNER)
    )
    for address in {member.email, *tx.scalars(query)}:
        send(tx, purpose, address, *letter)
