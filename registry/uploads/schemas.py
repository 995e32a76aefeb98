"""What the API of uploads takes and gives."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from registry.uploads.models import Upload, UploadPart
from registry.uploads.rules import part_count
from registry.web.addresses import absolute


class Strict(BaseModel):
    """A request body; unknown keys are refused, so that nothing is silently dropped."""

    model_config = ConfigDict(extra="forbid")


class OpenUpload(Strict):
    """Open an upload of ``size`` bytes whose SHA-256 is ``sha256`` (64 lowercase hex digits)."""

    publisher: str
    filename: str
    size: int
    sha256: str | None = None
    said: dict[str, Any] = Field(
        default_factory=dict, description="version, license, name, … if the bundle cannot say"
    )


class Say(Strict):
    """Say what the bundle cannot."""

    said: dict[str, Any]


class PartOut(BaseModel):
    """One part: its number from 1, and the address to PUT its bytes to.

    An address of another host is the store's: it wants the bytes alone, without the token.
    """

    number: int
    url: str


class ReceivedPart(BaseModel):
    """One part that is safe."""

    number: int
    size: int


class UploadOut(BaseModel):
    """An upload: where it stands, what was found, what must still be said."""

    id: str
    state: str
    publisher_id: str
    filename: str
    size: int
    sha256: str | None
    part_size: int
    parts: list[PartOut]
    received: list[ReceivedPart]
    release: str | None
    said: dict[str, Any]
    needs: list[str]
    findings: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    created_at: str

    @classmethod
    def of(cls, upload: Upload, received: list[UploadPart], straight: Mapping[int, str]) -> Self:
        """Describe an upload; ``straight`` holds addresses of parts in the store itself, by number."""
        count = part_count(upload.size_bytes, upload.part_bytes)
        parts = [
            PartOut(
                number=number,
                url=straight.get(number)
                or absolute("uploads.receive_part", upload_id=upload.id, number=number),
            )
            for number in range(1, count + 1)
        ]
        return cls(
            id=str(upload.id), state=upload.state.value, publisher_id=str(upload.publisher_id),
            filename=upload.filename, size=upload.size_bytes, sha256=upload.sha256,
            part_size=upload.part_bytes, parts=parts,
            received=[ReceivedPart(number=p.number, size=p.size_bytes) for p in received],
            release=str(upload.release_id) if upload.release_id else None, said=upload.said,
            needs=upload.needs, findings=upload.findings, steps=upload.steps,
            created_at=upload.created_at.isoformat(),
        )  # fmt: skip
