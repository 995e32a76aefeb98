"""What the API says of one file of a release."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from registry.review.files import Compared, File, Opened


class FileIn(BaseModel):
    """Which part of a file, or what to compare it with."""

    line: int = Field(1, ge=1, le=1_000_000_000, description="a line that the part shall hold")
    against: UUID | None = Field(None, description="another release of the listing, to compare with")


class FactsOut(BaseModel):
    """A file as it was measured at its arrival."""

    path: str
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, file: File) -> Self:
        """Describe a file."""
        return cls(path=file.path, size_bytes=file.size_bytes, sha256=file.sha256)


class PartOut(BaseModel):
    """Lines from number ``first`` on; ``next`` is the number of the line after them."""

    first: int
    lines: list[str]
    next: int | None = Field(description="null at the end of the file")
    cut: bool = Field(description="the last line goes on beyond what is shown")


class LineOut(BaseModel):
    """A line of a difference, with its number in each release that has it."""

    mark: str = Field(description="a space (kept), + (added) or - (removed)")
    before: int | None
    now: int | None
    text: str


class DifferenceOut(BaseModel):
    """Hunks of lines, in order."""

    hunks: list[list[LineOut]]
    unseen: bool = Field(description="the file goes on behind what was compared")
    cut: bool = Field(description="more differs than is told")


class FileOut(BaseModel):
    """A part of a file, or how it differs; ``note`` says why neither is there (not text, too large, …)."""

    release: str
    file: FactsOut | None
    against: str | None = None
    before: FactsOut | None = None
    part: PartOut | None = None
    difference: DifferenceOut | None = None
    note: str | None

    @classmethod
    def opened(cls, found: Opened) -> Self:
        """Describe a file that was opened."""
        part = found.part
        return cls(
            release=str(found.release.id),
            file=FactsOut.of(found.file),
            part=PartOut(first=part.first, lines=list(part.lines), next=part.next, cut=part.cut)
            if part
            else None,
            note=found.told,
        )

    @classmethod
    def compared(cls, found: Compared) -> Self:
        """Describe a comparison."""
        return cls(
            release=str(found.release.id),
            file=FactsOut.of(found.now) if found.now else None,
            against=str(found.before.id),
            before=FactsOut.of(found.was) if found.was else None,
            difference=_difference(found),
            note=found.told,
        )


def _difference(found: Compared) -> DifferenceOut | None:
    if found.difference is None:
        return None
    hunks = [
        [
            LineOut(mark=mark, before=before or None, now=now or None, text=text)
            for mark, before, now, text in hunk
        ]
        for hunk in found.difference.hunks
    ]
    return DifferenceOut(hunks=hunks, unseen=found.difference.unseen, cut=found.difference.cut)
