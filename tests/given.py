"""Builders that act through the services, so that no state is built that could not come about."""

import contextvars
import itertools
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from flask import Flask

from registry.accounts import acting, passwords, service, sessions, tokens
from registry.accounts.actor import SYSTEM, Actor, Scope
from registry.accounts.models import Account, Role
from registry.database import session, transaction
from registry.mail.models import OutgoingMail
from registry.publishers import service as publishers
from registry.publishers.models import MemberRole, Membership, Publisher

Made = TypeVar("Made")
PASSWORD = "violet anchor ninety teaspoons"
_numbers = itertools.count(1)


class Given:
    """What a test begins with. Everything returned is loaded and detached."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def run(self, act: Callable[..., Made], *args: Any, **kwargs: Any) -> Made:
        """Call a service in a context of its own, as another process would."""

        def within() -> Made:
            with self.app.app_context():
                return act(*args, **kwargs)

        return contextvars.Context().run(within)

    def account(
        self, email: str | None = None, *, role: Role = Role.USER, verified: bool = True, name: str = "Ada"
    ) -> Account:
        """An account whose password is PASSWORD."""
        address = email or f"person{next(_numbers)}@example.org"

        def make() -> Account:
            with transaction() as tx:
                made = service.add_account(tx, address, name, password_hash(), role, by=SYSTEM)
                if not verified:
                    made.email_verified_at = None
            return made

        return self.run(make)

    def moderator(self) -> Account:
        """A moderator."""
        return self.account(role=Role.MODERATOR, name="Max")

    def admin(self) -> Account:
        """An admin."""
        return self.account(role=Role.ADMIN, name="Root")

    def actor(self, account: Account, scopes: frozenset[Scope] | None = None) -> Actor:
        """The actor of an account as it is now, as if signed in; with a token when scopes are given."""

        def make() -> Actor:
            row = session().get_one(Account, account.id)
            member_of = session().query(Membership).filter_by(account_id=account.id)
            memberships = {m.publisher_id: m.role for m in member_of}
            allowed = acting.scopes_of(row.role)
            proof = {"via": "session" if scopes is None else "token", "scopes": allowed}
            if scopes is not None:
                proof["scopes"] = allowed & scopes
            return acting.make_actor(row, memberships, **proof)

        return self.run(make)

    def token(self, account: Account, *scopes: str, days: int = 90) -> str:
        """A token of an account; with all scopes unless some are named."""
        made = self.run(tokens.make_token_for, account.email, scopes=scopes or ("all",), by=SYSTEM, days=days)
        return made[1]

    def signed_in(self, account: Account, browser: str = "a browser") -> str:
        """The secret of a session of an account."""
        opened = self.run(sessions.open_session, email=account.email, password=PASSWORD, browser=browser)
        return opened[1]

    def publisher(
        self, owner: Account | None = None, *, slug: str | None = None, first_party: bool = False
    ) -> Publisher:
        """A publisher of an owner (a new account unless one is given)."""
        owned_by = self.actor(owner or self.account())
        name = slug or f"north-{next(_numbers)}"
        made = self.run(publishers.create_publisher, slug=name, name=f"{name.title()} Tools", by=owned_by)
        if first_party:
            made = self.run(publishers.mark_first_party, name, first_party=True, by=SYSTEM)
        return made

    def member(self, publisher: Publisher, role: MemberRole, account: Account | None = None) -> Account:
        """A member of a publisher."""
        who = account or self.account()
        self.run(publishers.set_member, publisher.slug, email=who.email, role=role, by=SYSTEM)
        return who

    def mails(self, to: str | None = None) -> list[OutgoingMail]:
        """The outbox, the oldest first."""

        def read() -> list[OutgoingMail]:
            query = session().query(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)
            return query.filter_by(recipient=to).all() if to else query.all()

        return self.run(read)

    def found(self, model: type[Made], row_id: Any) -> Made:
        """A row as it is in the database now."""
        return self.run(lambda: session().get_one(model, row_id))


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: forty milliseconds that every account would cost."""
    return passwords.hash_password(PASSWORD)
