"""Bytes on their way in and out: counted, hashed while they pass, never held as a whole.

A stream that breaks its promise is cut off before its last byte has gone out, so the store never
gets all of it and keeps nothing.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Protocol, Self, cast

from storage.errors import DigestMismatch, StorageError

CHUNK_BYTES = 256 * 1024


class Readable(Protocol):
    """Anything with read(n), returning at most n bytes and nothing at its end."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes."""
        ...


class Incoming:
    """A body for boto3: exactly `size` bytes of `source`, with this sha256 where one is given.

    What `source` itself raises, and our own DigestMismatch, is kept in `failure`: botocore would
    wrap it in an error of its own. It can be read again from its beginning (a retry) while no byte
    was taken, or where `source` can seek.
    """

    def __init__(self, source: Readable | bytes, *, size: int, sha256: str | None, md5: bool = False) -> None:
        self._source: Readable = io.BytesIO(source) if isinstance(source, bytes) else source
        self._start = _position(self._source)
        self.size = size
        self.sha256 = sha256
        self._wants_md5 = md5
        self.failure: Exception | None = None
        self._begin()

    def _begin(self) -> None:
        self._taken = 0
        self._sha256 = hashlib.sha256() if self.sha256 else None
        self._md5 = hashlib.md5(usedforsecurity=False) if self._wants_md5 else None

    @property
    def md5(self) -> str | None:
        """The md5 of what has passed, if it was asked for; most stores answer it as ETag."""
        return self._md5.hexdigest() if self._md5 else None

    def read(self, amount: int = -1) -> bytes:
        """Return the next bytes; raise DigestMismatch instead of the last ones if wrong."""
        try:
            return self._next(min(CHUNK_BYTES, amount) if amount >= 0 else CHUNK_BYTES)
        except Exception as error:
            self.failure = error
            raise

    def _next(self, amount: int) -> bytes:
        chunk = self._source.read(min(amount, self.size - self._taken)) if amount else b""
        if not chunk and amount and self._taken < self.size:
            raise DigestMismatch(f"The bytes end after {self._taken} of {self.size}.")
        self._taken += len(chunk)
        for digest in (self._sha256, self._md5):
            if digest is not None:
                digest.update(chunk)
        if self._taken == self.size:
            self._compare()
        return chunk

    def _compare(self) -> None:
        found = self._sha256.hexdigest() if self._sha256 else None
        if found != self.sha256:
            raise DigestMismatch(f"The bytes have sha256 {found}, not {self.sha256} as was said.")

    def drain(self) -> None:
        """Read what is left and send it nowhere; raises as `read` does."""
        while self._taken < self.size:
            self.read()
        self._compare()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the beginning, the only place that botocore asks for."""
        if self.failure is not None or (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("An incoming stream is read once.")
        if self._taken:
            if self._start is None or not isinstance(self._source, io.IOBase):
                raise io.UnsupportedOperation("This stream cannot be read twice.")
            self._source.seek(self._start)
        self._begin()
        return 0

    def tell(self) -> int:
        """Return how many bytes were taken."""
        return self._taken

    def as_file(self) -> IO[bytes]:
        """Return this as what boto3's types ask for; it uses read, seek and tell only."""
        return cast("IO[bytes]", self)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Send inside; where the stream was at fault raise its own error, not the store's."""
        try:
            yield
        except StorageError:
            if self.failure is not None:
                raise self.failure from None
            raise


def _position(source: Readable) -> int | None:
    return source.tell() if isinstance(source, io.IOBase) and source.seekable() else None


class Blob:
    """An open blob: what it is and its bytes as they come.

    `size_bytes` is the whole blob's size; `first` and `length` say which part of it the chunks are
    (all of it, when no range was asked for). Iterate `chunks` once, or the blob itself; close it,
    or use it in a `with`, to give the connection back.
    """

    def __init__(
        self,
        *,
        size_bytes: int,
        first: int,
        length: int,
        chunks: Iterator[bytes],
        close: Callable[[], None],
    ) -> None:
        self.size_bytes = size_bytes
        self.first = first
        self.length = length
        self.chunks = chunks
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def read(self) -> bytes:
        """Return all bytes at once and close; for small blobs only."""
        with self:
            return b"".join(self.chunks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def window(chunks: Iterator[bytes], skip: int, length: int) -> Iterator[bytes]:
    """Yield `length` bytes after the first `skip` of these chunks, and take no chunk more."""
    for chunk in chunks:
        piece = chunk[skip : skip + length]
        skip = max(0, skip - len(chunk))
        length -= len(piece)
        if piece:
            yield piece
        if length == 0:
            return
