"""Zips for tests, opened as an upload is."""

import io
import zipfile
from collections.abc import Mapping

from registry.bundles.archive.base import Bundle
from registry.bundles.archive.opening import open_bundle


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """The files as a zip with fixed times, so that equal files give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 11, 30, 12, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def opened(files: Mapping[str, str | bytes], filename: str = "upload.zip") -> Bundle:
    return open_bundle(io.BytesIO(zipped(files)), filename)
