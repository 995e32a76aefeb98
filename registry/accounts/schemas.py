"""What the API of accounts takes and gives."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from registry.accounts.actor import Actor, Scope
from registry.accounts.models import Account, ApiToken, BrowserSession, Role
from registry.accounts.tokens import LONGEST_DAYS, USUAL_DAYS
from registry.publishers.models import MemberRole, Publisher
from registry.web.schemas import PageIn, Strict

MOST_LETTERS = 1000  # of any text here; the services say more exactly what is too long


class SignUp(Strict):
    """Ask for an account."""

    email: str = Field(max_length=MOST_LETTERS)
    name: str = Field(max_length=MOST_LETTERS)
    password: str = Field(max_length=MOST_LETTERS, description="15 characters or more")


class SignIn(Strict):
    """Sign in by address and password."""

    email: str = Field(max_length=MOST_LETTERS)
    password: str = Field(max_length=MOST_LETTERS)


class Address(Strict):
    """An e-mail address."""

    email: str = Field(max_length=MOST_LETTERS)


class Proof(Strict):
    """The secret at the end of a mailed link."""

    secret: str = Field(max_length=MOST_LETTERS)


class NewPassword(Strict):
    """The secret of a mailed link, and a new password."""

    secret: str = Field(max_length=MOST_LETTERS)
    password: str = Field(max_length=MOST_LETTERS)


class ChangeMe(Strict):
    """A new name."""

    name: str = Field(max_length=MOST_LETTERS)


class ChangePassword(Strict):
    """The present password and a new one."""

    old: str = Field(max_length=MOST_LETTERS)
    new: str = Field(max_length=MOST_LETTERS)


class ChangeEmail(Strict):
    """A new address, and the present password."""

    email: str = Field(max_length=MOST_LETTERS)
    password: str = Field(max_length=MOST_LETTERS)


class MakeToken(Strict):
    """Make a token; ``all`` stands for every scope that you have."""

    name: str = Field(max_length=MOST_LETTERS)
    scopes: list[str] = Field(
        default=[Scope.READ.value, Scope.UPLOAD.value],
        max_length=20,
        description="read, upload, manage, review, admin; or all",
    )
    days: int = Field(USUAL_DAYS, description=f"1 to {LONGEST_DAYS}")


class ChangeAccount(Strict):
    """What an admin may change; what is left out stays."""

    role: Role | None = None
    disabled: bool | None = None
    verified: bool | None = Field(None, description="true, where no mail can be sent")


class FindAccounts(PageIn):
    """Which accounts."""

    q: str = Field("", max_length=200, description="part of an address or a name")


class Told(BaseModel):
    """What happens next."""

    detail: str


class Opened(BaseModel):
    """A session; ``token`` goes into ``Authorization: Bearer`` and is shown only here."""

    token: str
    expires_at: datetime

    @classmethod
    def of(cls, row: BrowserSession, secret: str) -> Self:
        """Describe a new session."""
        return cls(token=secret, expires_at=row.expires_at)


class MyPublisher(BaseModel):
    """A publisher that you are a member of."""

    slug: str
    name: str
    role: MemberRole
    first_party: bool


class Me(BaseModel):
    """Who is asking, and what they may do this way."""

    id: str
    email: str
    name: str
    role: Role
    verified: bool
    via: str
    scopes: list[Scope]
    publishers: list[MyPublisher]

    @classmethod
    def of(cls, actor: Actor, publishers: list[tuple[Publisher, MemberRole]]) -> Self:
        """Describe the actor."""
        return cls(
            id=str(actor.account_id),
            email=actor.email,
            name=actor.name,
            role=actor.role,
            verified=actor.verified,
            via=actor.via,
            scopes=sorted(actor.scopes),
            publishers=[
                MyPublisher(slug=p.slug, name=p.name, role=role, first_party=p.first_party)
                for p, role in publishers
            ],
        )


class TokenOut(BaseModel):
    """A token as it can be seen later: by its first letters."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        """Describe a token."""
        return cls(
            id=str(token.id),
            name=token.name,
            prefix=token.shown_prefix,
            scopes=token.scopes,
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )


class TokenMade(TokenOut):
    """A new token; ``token`` is shown only here."""

    token: str


class TokenPage(BaseModel):
    """Some tokens."""

    tokens: list[TokenOut]
    next: str | None


class SessionOut(BaseModel):
    """A signed-in browser or program."""

    id: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, row: BrowserSession, actor: Actor) -> Self:
        """Describe a session."""
        return cls(
            id=str(row.id),
            browser=row.browser,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            current=row.id == actor.session_id,
        )


class SessionList(BaseModel):
    """Your sessions."""

    sessions: list[SessionOut]


class AccountOut(BaseModel):
    """An account as an admin sees it."""

    id: str
    email: str
    name: str
    role: Role
    verified: bool
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> Self:
        """Describe an account."""
        return cls(
            id=str(account.id),
            email=account.email,
            name=account.name,
            role=account.role,
            verified=account.email_verified_at is not None,
            disabled=account.disabled_at is not None,
            created_at=account.created_at,
        )


class AccountPage(BaseModel):
    """Some accounts."""

    accounts: list[AccountOut]
    next: str | None
