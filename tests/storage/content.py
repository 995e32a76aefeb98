"""Bytes to store, and streams that carry them as networks do."""

import hashlib
import io
import random

KB = 1024
MB = 1024 * KB


def some_bytes(size: int, seed: int = 1) -> bytes:
    """Return bytes that do not repeat, the same for the same seed."""
    return random.Random(seed).randbytes(size)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Socket:
    """A stream that cannot go back, as a request's body."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self._content.read(size)


class Broken(Socket):
    """A stream whose sender goes away after `after` bytes."""

    def __init__(self, content: bytes, after: int) -> None:
        super().__init__(content[:after])

    def read(self, size: int, /) -> bytes:
        chunk = super().read(size)
        if not chunk:
            raise ConnectionResetError("the sender went away")
        return chunk
