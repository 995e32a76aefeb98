"""What the API of policy pages takes and gives."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from registry.policies.models import PolicyText
from registry.policies.service import Seen
from registry.web.schemas import Strict


class CallChange(Strict):
    """What a change of words is; ``meaning`` makes a new notice, which everybody acknowledges anew."""

    standing: Literal["wording", "meaning"]
    note: str = Field("", max_length=5000)


class Fault(BaseModel):
    """What was wrong with the page at the last look."""

    code: str
    message: str
    fix: str


class TextOut(BaseModel):
    """What stood on the page: the digest of its words alone, and that of the page as it came."""

    id: UUID
    standing: str
    fetched_at: datetime
    words_sha256: str
    original_sha256: str
    content_type: str = Field(description="of the page as it came")

    @classmethod
    def of(cls, text: PolicyText) -> Self:
        """Describe a text."""
        return cls(
            id=text.id, standing=text.standing.value, fetched_at=text.fetched_at,
            words_sha256=text.words_sha256, original_sha256=text.original_sha256,
            content_type=text.content_type,
        )  # fmt: skip


class PolicyOut(BaseModel):
    """A policy page of a listing, as it was at the last look."""

    id: UUID
    ecosystem: str
    identifier: str
    url: str
    looked_at: datetime | None
    fault: Fault | None
    in_force: TextOut | None
    waits: TextOut | None

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """Describe a page."""
        policy = seen.policy
        fault = policy.fault_code and Fault(
            code=policy.fault_code, message=policy.fault_message or "", fix=policy.fault_fix or ""
        )
        return cls(
            id=policy.id, ecosystem=seen.listing.ecosystem, identifier=seen.listing.identifier,
            url=policy.url, looked_at=policy.looked_at, fault=fault or None,
            in_force=TextOut.of(seen.current) if seen.current else None,
            waits=TextOut.of(seen.pending) if seen.pending else None,
        )  # fmt: skip


class PolicyList(BaseModel):
    """Policy pages."""

    policies: list[PolicyOut]


class TextWhole(TextOut):
    """A text with its words, and how it differs from the one in force: pairs of same, gone or new."""

    text: str
    difference: list[tuple[str, str]]
