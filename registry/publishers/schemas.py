"""What the API of publishers takes and gives."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from registry.accounts.models import Account
from registry.publishers.models import MemberRole, Membership, Publisher
from registry.web.schemas import Strict


class MakePublisher(Strict):
    """Make a publisher; ``slug`` is its short name in addresses and can never be changed."""

    slug: str = Field(max_length=200, description="a to z, digits, single hyphens; 2 to 40")
    name: str = Field(max_length=200)
    website: str | None = Field(None, max_length=500)
    about: str = Field("", max_length=4000)


class ChangePublisher(Strict):
    """What to change; what is left out stays, an empty text clears."""

    name: str | None = Field(None, max_length=200)
    website: str | None = Field(None, max_length=500)
    about: str | None = Field(None, max_length=4000)


class MarkParty(Strict):
    """Whether the operator runs the publisher."""

    first_party: bool


class SetMember(Strict):
    """Give the account of an address a role."""

    email: str = Field(max_length=400)
    role: MemberRole = MemberRole.UPLOADER


class MemberOut(BaseModel):
    """A member; the address is for owners alone."""

    account: str
    name: str
    email: str | None
    role: MemberRole
    since: datetime

    @classmethod
    def of(cls, membership: Membership, account: Account, *, with_email: bool) -> Self:
        """Describe a member."""
        return cls(
            account=str(account.id),
            name=account.name,
            email=account.email if with_email else None,
            role=membership.role,
            since=membership.created_at,
        )


class PublisherOut(BaseModel):
    """A publisher; ``members`` is None for those who may not see them."""

    id: str
    slug: str
    name: str
    website: str | None
    about: str
    first_party: bool
    created_at: datetime
    members: list[MemberOut] | None

    @classmethod
    def of(cls, publisher: Publisher, members: list[MemberOut] | None) -> Self:
        """Describe a publisher."""
        return cls(
            id=str(publisher.id),
            slug=publisher.slug,
            name=publisher.name,
            website=publisher.website,
            about=publisher.about,
            first_party=publisher.first_party,
            created_at=publisher.created_at,
            members=members,
        )
