"""The containers of bundles: zip, tar and ar, with nothing in them that changes from run to run."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from stat import S_IFREG

MOMENT = (2026, 1, 1, 12, 0, 0)
PACKED = (".png", ".jpg", ".zip")
Files = Mapping[str, str | bytes]


def zip_of(files: Files) -> bytes:
    """Return a zip of these files; what is packed already is only stored."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.external_attr = (S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return held.getvalue()


def tar_of(files: Files) -> bytes:
    """Return a tar of these files."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            body = encoded(content)
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(body), 0o644
            archive.addfile(info, io.BytesIO(body))
    return held.getvalue()


def ar_of(members: Mapping[str, bytes]) -> bytes:
    """Return an ar archive; members begin at even places."""
    out = bytearray(b"!<arch>\n")
    for name, body in members.items():
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}".encode() + b"`\n" + body
        out += b"\n" * (len(body) & 1)
    return bytes(out)


def encoded(content: str | bytes) -> bytes:
    """Return text as UTF-8."""
    return content.encode() if isinstance(content, str) else content


def license_file(expression: str) -> str:
    """Return what stands in a bundle's LICENSE: the machine-readable line, for an invented work."""
    return f"SPDX-License-Identifier: {expression}\n"
