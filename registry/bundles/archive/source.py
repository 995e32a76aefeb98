"""The uploaded file as byte ranges: every read says where it begins, so streams can take turns."""

import os
from collections.abc import Iterator
from typing import BinaryIO

CHUNK_BYTES = 65_536


class Source:
    """A seekable file of ``size`` bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, os.SEEK_END)

    @property
    def file(self) -> BinaryIO:
        """The file itself, for a reader that wants one; its position is anybody's."""
        return self._file

    def at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer only where the file ends."""
        self._file.seek(offset)
        content = self._file.read(length)
        while len(content) < length and (more := self._file.read(length - len(content))):
            content += more
        return content

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``, at most 64 KiB at a time."""
        while start < stop:
            chunk = self.at(start, min(CHUNK_BYTES, stop - start))
            if not chunk:
                return
            start += len(chunk)
            yield chunk

    def contains(self, needle: bytes, start: int, stop: int) -> bool:
        """Say whether ``needle`` stands anywhere between ``start`` and ``stop``."""
        carried = b""
        for chunk in self.chunks(start, stop):
            window = carried + chunk
            if needle in window:
                return True
            carried = window[-(len(needle) - 1) :]
        return False
