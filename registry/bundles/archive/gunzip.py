"""A gzip stream as byte ranges: any part can be read again without unpacking from the beginning.

zlib's state is copied every few MiB of output; a copy costs about 50 kB, whatever it has unpacked.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from registry.bundles.archive.ar import Member
from registry.bundles.archive.quotas import check_total
from registry.bundles.archive.source import CHUNK_BYTES, Source
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import Limits

_MARK_EVERY_BYTES = 4 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class Unpacked(Protocol):
    """Unpacked bytes that can be read by range, in pieces of at most 64 KiB."""

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``, fewer only where they end."""

    def packed_bytes(self) -> int:
        """Return how many packed bytes have been used so far, at the furthest place read."""


@dataclass(slots=True)
class _Place:
    """A place in the stream: bytes unpacked before it, bytes read for them, zlib's state."""

    unpacked: int
    packed: int
    rest: bytes
    inflater: "zlib._Decompress"

    def copy(self) -> "_Place":
        return _Place(self.unpacked, self.packed, self.rest, self.inflater.copy())


class Gunzip:
    """The unpacked bytes of a member that is one gzip stream."""

    def __init__(self, source: Source, member: Member, limits: Limits) -> None:
        self._source = source
        self._member = member
        self._limits = limits
        self._marks = [_Place(0, member.start, b"", zlib.decompressobj(_GZIP))]
        self._resting: _Place | None = None  # where the last reader stopped; the next goes on
        self._furthest = member.start

    def packed_bytes(self) -> int:
        """Return how many packed bytes have been used so far, at the furthest place read."""
        return self._furthest - self._member.start

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the unpacked bytes from ``start`` to ``stop``, at most 64 KiB at a time.

        Raises BundleRejected: ``archive.crc`` for damaged data, ``archive.truncated``,
        ``archive.trailing`` for bytes after the stream, ``limit.unpacked`` and ``limit.ratio``.
        """
        place = self._nearest(start)
        while place.unpacked < stop:
            is_wanted = place.unpacked >= start
            chunk = self._some(place, (stop if is_wanted else start) - place.unpacked)
            if not chunk:
                return
            if is_wanted:
                yield chunk
        self._resting = place

    def _nearest(self, start: int) -> _Place:
        resting, self._resting = self._resting, None
        mark = next(mark for mark in reversed(self._marks) if mark.unpacked <= start)
        if resting and mark.unpacked <= resting.unpacked <= start:
            return resting
        return mark.copy()

    def _some(self, place: _Place, most: int) -> bytes:
        """Unpack the next piece and move the place; return nothing at the end of the stream."""
        while not place.inflater.eof:
            ended = False
            if not place.rest:
                size = min(CHUNK_BYTES, self._member.stop - place.packed)
                place.rest = self._source.at(place.packed, size)
                place.packed += len(place.rest)
                ended = not place.rest
            if chunk := self._step(place, min(CHUNK_BYTES, most)):
                return chunk
            if ended and not place.inflater.eof:
                raise self._wrong("truncated", "its end is missing")
        if place.inflater.unused_data or place.packed != self._member.stop:
            raise self._wrong("trailing", "bytes follow its end")
        return b""

    def _step(self, place: _Place, most: int) -> bytes:
        try:
            chunk = place.inflater.decompress(place.rest, most)
        except zlib.error:
            raise self._wrong("crc", "it is damaged") from None
        place.rest = place.inflater.unconsumed_tail
        place.unpacked += len(chunk)
        self._furthest = max(self._furthest, place.packed - len(place.rest))
        check_total(place.unpacked, place.packed - self._member.start, self._limits)
        if place.unpacked >= self._marks[-1].unpacked + _MARK_EVERY_BYTES:
            self._marks.append(place.copy())
        return chunk

    def _wrong(self, kind: str, what: str) -> BundleRejected:
        return rejected(
            f"archive.{kind}",
            f"{self._member.name} cannot be unpacked: {what}",
            "Build the package again, then upload it.",
            path=self._member.name,
        )


class Plain:
    """The bytes of a member that is not packed at all."""

    def __init__(self, source: Source, member: Member) -> None:
        self._source = source
        self._member = member
        self._furthest = 0

    def packed_bytes(self) -> int:
        """Return how many bytes have been read so far."""
        return self._furthest

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``, at most 64 KiB at a time."""
        end = min(self._member.start + stop, self._member.stop)
        for chunk in self._source.chunks(self._member.start + start, end):
            yield chunk
            start += len(chunk)
            self._furthest = max(self._furthest, start)
