"""Who acts: an account by page or token, nobody in particular, or Marquee itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from registry.accounts.models import Role
from registry.errors import NotAllowed, NotSignedIn
from registry.publishers.models import MemberRole


class Scope(StrEnum):
    """What an API token may be used for. A browser session has every scope of its account."""

    READ = "read"
    UPLOAD = "upload"
    MANAGE = "manage"
    REVIEW = "review"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. ``memberships`` maps a publisher's id to the role in it.

    ``session_id`` or ``token_id`` names what proved it, ``expires_at`` when a token stops to. With
    ``server_id`` it is a media server: it acts for its owner's account, but only reads, copies and checks.
    """

    account_id: UUID | None = None
    email: str = ""
    name: str = ""
    role: Role = Role.USER
    via: str = "anonymous"
    verified: bool = False
    scopes: frozenset[Scope] = frozenset()
    memberships: Mapping[UUID, MemberRole] = field(default_factory=dict)
    session_id: UUID | None = None
    token_id: UUID | None = None
    server_id: UUID | None = None
    expires_at: datetime | None = None

    @property
    def signed_in(self) -> bool:
        """Say whether an account is known."""
        return self.account_id is not None

    @property
    def is_moderator(self) -> bool:
        """Say whether this is a moderator or an admin, acting with the scope for it."""
        return self.role in {Role.MODERATOR, Role.ADMIN} and Scope.REVIEW in self.scopes

    @property
    def is_admin(self) -> bool:
        """Say whether this is an admin, acting with the scope for it."""
        return self.role is Role.ADMIN and Scope.ADMIN in self.scopes

    def role_in(self, publisher_id: UUID) -> MemberRole | None:
        """Return the role in a publisher, or None for a stranger."""
        return self.memberships.get(publisher_id)

    def may_upload_to(self, publisher_id: UUID) -> bool:
        """Say whether this member may upload (any role)."""
        return Scope.UPLOAD in self.scopes and publisher_id in self.memberships

    def may_manage(self, publisher_id: UUID) -> bool:
        """Say whether this member may yank and correct (owner, maintainer)."""
        role = self.memberships.get(publisher_id)
        return Scope.MANAGE in self.scopes and role in {MemberRole.OWNER, MemberRole.MAINTAINER}

    def owns(self, publisher_id: UUID) -> bool:
        """Say whether this member may change the publisher itself (owner)."""
        return Scope.MANAGE in self.scopes and self.memberships.get(publisher_id) is MemberRole.OWNER

    def must_be_signed_in(self) -> UUID:
        """Return the account's id. Raises NotSignedIn."""
        if self.account_id is None:
            raise NotSignedIn("Sign in, or send a token: Authorization: Bearer …")
        return self.account_id

    def must_have(self, scope: Scope) -> None:
        """Raise NotAllowed when the token lacks the scope, NotSignedIn for anonymous."""
        if scope not in self.scopes:
            self.must_be_signed_in()
            raise NotAllowed(
                f"This token has not the scope {scope.value!r}. Make one that has it under Account → Tokens."
            )


ANONYMOUS = Actor()
SYSTEM = Actor(via="system", role=Role.ADMIN, scopes=frozenset(Scope), verified=True)
