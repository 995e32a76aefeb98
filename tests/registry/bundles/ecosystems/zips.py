"""Real zips, made in memory and opened as uploads are."""

import io
import zipfile
from collections.abc import Mapping

from registry.bundles.archive.base import Bundle
from registry.bundles.archive.opening import open_bundle


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def bundle_of(files: Mapping[str, str | bytes], filename: str = "upload.zip") -> Bundle:
    """Return the bundle that a zip of these files is."""
    return open_bundle(io.BytesIO(zipped(files)), filename)
