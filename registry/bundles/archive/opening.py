"""Opening an uploaded file by what it is, never by what its name says."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from registry.bundles.archive.base import Bundle, Entry
from registry.bundles.findings import Finding, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits


def open_bundle(file: BinaryIO, filename: str, limits: Limits = DEFAULT_LIMITS) -> Bundle:
    """Return the bundle that an uploaded, seekable file holds.

    Raises BundleRejected for whatever breaks a rule of its container; the codes are those of the
    list of bad inputs.
    """
    return _Zip(file, filename, limits)


class _Zip:
    def __init__(self, file: BinaryIO, filename: str, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise rejected("archive.not_zip", f"{filename}: {error}", "Upload a zip.") from None
        self.container = "zip"
        self.filename = filename
        self.size_bytes = file.seek(0, 2)
        self.entries = [
            Entry(one.filename, one.file_size, one.compress_size, one.external_attr >> 16)
            for one in self._zip.infolist()
            if not one.is_dir()
        ]
        self.findings: list[Finding] = []

    def stream(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as source:
            while chunk := source.read(65_536):
                yield chunk

    def read(self, name: str, limit_bytes: int) -> bytes:
        if self._zip.getinfo(name).file_size > limit_bytes:
            raise rejected("limit.entry", f"{name} is too large", "Make it smaller.", path=name)
        return self._zip.read(name)

    def __contains__(self, name: str) -> bool:
        return name in self._zip.namelist() and not name.endswith("/")
