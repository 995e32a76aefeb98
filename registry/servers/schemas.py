"""What the API of media servers takes and gives."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from registry.privacy.maturity import LEVELS
from registry.servers.checking import MOST, Advice, Item
from registry.servers.limits import Limits, Location
from registry.servers.models import FeedSecret, MediaServer
from registry.servers.service import Change
from registry.web.schemas import Strict

MOST_LETTERS = 1000  # of any text here; the rules say more exactly what is too long


class AskEnrolment(Strict):
    """A media server that wants to be let in."""

    name: str = Field(max_length=MOST_LETTERS, description="as its owner knows it")
    platform: str = Field(max_length=MOST_LETTERS, description="kodi, jellyfin, plex, stash, webos …")
    version: str = Field(max_length=MOST_LETTERS)
    address: str | None = Field(
        None, max_length=MOST_LETTERS, description="its own base address; kept sealed, only while enrolled"
    )


class Asked(BaseModel):
    """Show ``user_code`` and ``verification_url``; ask for the token every ``interval`` seconds."""

    device_code: str
    user_code: str
    verification_url: str
    expires_in: int
    interval: int


class TakeToken(Strict):
    """The device code of this server."""

    device_code: str = Field(max_length=MOST_LETTERS)


class LimitsIn(Strict):
    """What may come onto a server; what is left out stays."""

    no_trackers: bool | None = None
    no_accounts_needed: bool | None = None
    only_first_party: bool | None = None
    location: Location | None = Field(None, description="how finely a place may be told")
    most_mature: str | None = Field(None, max_length=20, description=f"{', '.join(LEVELS)}; any: no limit")
    children_only: bool | None = None
    no_narrower_terms: bool | None = None


class ChangeServer(Strict):
    """What is to be changed; what is left out stays."""

    name: str | None = Field(None, max_length=MOST_LETTERS)
    version: str | None = Field(None, max_length=MOST_LETTERS)
    address: str | None = Field(None, max_length=MOST_LETTERS, description="empty: forget it")
    keeps_installed: bool | None = Field(None, description="keep what it last said it has installed")
    limits: LimitsIn | None = None

    def as_change(self) -> Change:
        """Return it as the service takes it."""
        limits = self.limits.model_dump(exclude_none=True) if self.limits else None
        return Change(self.name, self.version, self.address, self.keeps_installed, limits)


class ServerOut(BaseModel):
    """A media server of yours."""

    id: UUID
    name: str
    platform: str
    version: str
    address: str | None
    enrolled_at: datetime
    last_seen_on: date | None
    keeps_installed: bool
    limits: dict[str, Any]

    @classmethod
    def of(cls, server: MediaServer, address: str | None) -> Self:
        """Describe a server; ``address`` unsealed."""
        return cls(
            id=server.id, name=server.name, platform=server.platform, version=server.version,
            address=address, enrolled_at=server.enrolled_at, last_seen_on=server.last_seen_on,
            keeps_installed=server.keeps_installed, limits=dict(Limits.of(server).as_json()),
        )  # fmt: skip


class ServerMade(ServerOut):
    """A server that was let in; ``token`` goes into ``Authorization: Bearer`` and is shown only here."""

    token: str


class ServerList(BaseModel):
    """Your media servers, the youngest first."""

    servers: list[ServerOut]


class MakeFeed(Strict):
    """Make the address of a personal feed."""

    name: str = Field("", max_length=MOST_LETTERS, description="where it is used")
    server: UUID | None = Field(None, description="a server of yours, whose limits then hold")


class FeedOut(BaseModel):
    """A personal feed of yours."""

    id: UUID
    name: str
    server: UUID | None
    shown_prefix: str
    created_at: datetime
    last_used_on: date | None

    @classmethod
    def of(cls, row: FeedSecret) -> Self:
        """Describe a personal feed."""
        return cls(
            id=row.id, name=row.name, server=row.server_id, shown_prefix=row.shown_prefix,
            created_at=row.created_at, last_used_on=row.last_used_on,
        )  # fmt: skip


class FeedMade(FeedOut):
    """A new personal feed; ``address`` holds the secret and is shown only here."""

    address: str


class FeedList(BaseModel):
    """Your personal feeds, the youngest first."""

    feeds: list[FeedOut]


class InstalledIn(Strict):
    """One thing that is installed."""

    ecosystem: str = Field(max_length=40)
    identifier: str = Field(max_length=200)
    version: str = Field(max_length=200)


class CheckIn(Strict):
    """What is installed; answered, and forgotten unless the owner of the server keeps it."""

    installed: list[InstalledIn] = Field(max_length=MOST)

    def items(self) -> list[Item]:
        """Return it as the service takes it."""
        return [Item(each.ecosystem, each.identifier, each.version) for each in self.installed]


class UpdateOut(BaseModel):
    """A younger release. ``rule`` says what keeps it from this server; null: it may have it at ``url``.

    ``acknowledge`` maps ``terms`` and ``notice`` to digests that the owner must acknowledge first.
    """

    version: str
    url: str
    filename: str
    sha256: str
    size: int
    rule: str | None
    detail: str
    acknowledge: dict[str, str]


class AdviceOut(BaseModel):
    """``state``: current, update, yanked, withdrawn, quarantined or unknown; ``reason`` why it failed."""

    ecosystem: str
    identifier: str
    version: str
    state: str
    reason: str | None
    note: str | None
    update: UpdateOut | None
    terms_changed: bool
    notice_changed: bool
    capabilities_changed: bool

    @classmethod
    def of(cls, advice: Advice, address: Callable[[str], str]) -> Self:
        """Describe an answer; ``address`` gives where the bytes of a digest are."""
        item, new = advice.item, advice.update
        update = new and UpdateOut(
            version=new.version, url=address(new.sha256), filename=new.filename, sha256=new.sha256,
            size=new.size_bytes, rule=new.rule, detail=new.sentence, acknowledge=dict(new.needs),
        )  # fmt: skip
        return cls(
            ecosystem=item.ecosystem, identifier=item.identifier, version=item.version, state=advice.state,
            reason=advice.reason, note=advice.note, update=update, terms_changed=advice.terms_changed,
            notice_changed=advice.notice_changed, capabilities_changed=advice.capabilities_changed,
        )  # fmt: skip


class CheckOut(BaseModel):
    """An answer for each thing, in the order that was sent."""

    installed: list[AdviceOut]
