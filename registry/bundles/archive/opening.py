"""Opening an uploaded file by what it is, never by what its name says."""

from typing import BinaryIO

from registry.bundles.archive.appimage import is_appimage, open_appimage
from registry.bundles.archive.base import Bundle
from registry.bundles.archive.documents import is_document, open_document
from registry.bundles.archive.ipk import open_ipk
from registry.bundles.archive.signatures import (
    AR_HEAD,
    ELF_HEAD,
    HEAD_BYTES,
    archive_name,
    is_tar,
    program_name,
)
from registry.bundles.archive.source import Source
from registry.bundles.archive.zipend import has_end
from registry.bundles.archive.zipformat import DESCRIPTOR, END, LOCAL
from registry.bundles.archive.zipholes import prefix
from registry.bundles.archive.zipreading import open_zip
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits

_SPLIT_ZIP_HEADS = (DESCRIPTOR, b"PK00" + LOCAL)


def open_bundle(file: BinaryIO, filename: str, limits: Limits = DEFAULT_LIMITS) -> Bundle:
    """Return the bundle that an uploaded, seekable file holds; the file stays the caller's to close.

    Raises BundleRejected for whatever breaks a rule of its container; the codes are those of the
    list of bad inputs. Nothing is written, nothing is run, no entry is ever held whole.
    """
    source = Source(file)
    head = source.at(0, HEAD_BYTES)
    _check_size(source, filename, limits)
    if head.startswith(_SPLIT_ZIP_HEADS):
        raise _split(filename)
    is_zip = has_end(source)
    if is_tar(head):
        raise _polyglot(filename) if is_zip else _wrong_type(filename, "tar archive")
    if head.startswith((LOCAL, END)):
        return open_zip(source, filename, limits)
    if is_zip:
        raise prefix(0)
    if is_document(source, filename, head):
        return open_document(source, filename, limits)
    return _open_other(source, filename, limits, head)


def _open_other(source: Source, filename: str, limits: Limits, head: bytes) -> Bundle:
    if head.startswith(AR_HEAD):
        return open_ipk(source, filename, limits)
    if head.startswith(ELF_HEAD) and is_appimage(head):
        return open_appimage(source, filename, limits)
    kind = program_name(head) or archive_name(head)
    if kind:
        raise _wrong_type(filename, kind)
    raise rejected(
        "archive.not_zip",
        f"{filename} is not a zip; it begins with {head[:8]!r}",
        "Pack the plug-in's files into a zip and upload that.",
    )


def _check_size(source: Source, filename: str, limits: Limits) -> None:
    if source.size == 0:
        raise rejected("upload.empty", f"{filename} is empty", "Choose the file again.")
    if source.size > limits.upload_bytes:
        raise rejected(
            "limit.upload",
            f"{filename} has {source.size:,} bytes; {limits.upload_bytes:,} may be",
            "Leave large data out of the bundle.",
        )


def _wrong_type(filename: str, kind: str) -> BundleRejected:
    return rejected(
        "archive.type",
        f"{filename} is a {kind}; no media server installs that",
        "Unpack it if it is an archive, and pack its files into a zip.",
    )


def _polyglot(filename: str) -> BundleRejected:
    return rejected(
        "archive.polyglot",
        f"{filename} is a zip and a tar archive at once",
        "Pack the files again into a plain zip.",
    )


def _split(filename: str) -> BundleRejected:
    return rejected(
        "archive.multidisk",
        f"{filename} is one part of a split zip",
        "Upload one zip that is not split.",
    )
