"""Handing bytes over: a redirect to the store where clients can reach it, else passed through in chunks.

HEAD, Range, ETag and the file's name are right in both ways; Kodi reads ``Content-SHA256`` (base64) on
the first answer and nowhere else.
"""

import base64
from collections.abc import Iterator
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import ContentRange
from werkzeug.http import http_date, parse_range_header, quote_header_value

from registry.configured import settings
from registry.errors import Malformed, MarqueeError
from registry.storing import store
from storage.streams import Blob

ADDRESS_FOR_S = 300


class RangeNotSatisfiable(MarqueeError):
    """The range begins behind the end."""

    code, status, title = "request.range", 416, "That range is not in the file"


def deliver(
    *, bucket: str, key: str, sha256: str, size_bytes: int, filename: str, changed_at: datetime
) -> Response:
    """Answer this request with one artifact's bytes, or with where they are."""
    response = Response(content_type="application/octet-stream")
    headers = response.headers
    headers["ETag"] = f'"{sha256}"'
    headers["Last-Modified"] = http_date(changed_at)
    headers["Content-SHA256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
    headers["Content-Disposition"] = f"attachment; filename={quote_header_value(filename)}"
    headers["Accept-Ranges"] = "bytes"
    headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(sha256):
        response.status_code = 304
        return response
    if (
        settings().store.public_url
        and request.method == "GET"
        and bucket == settings().store.bucket_published
    ):
        response.status_code = 302
        headers["Location"] = store().presign_get(
            bucket,
            key,
            seconds=ADDRESS_FOR_S,
            filename=filename,
            content_type="application/octet-stream",
        )
        return response
    return _pass_through(response, bucket, key, size_bytes, sha256)


def _pass_through(response: Response, bucket: str, key: str, size_bytes: int, sha256: str) -> Response:
    span = _span(size_bytes, sha256)
    start, stop = span or (0, size_bytes)
    if span:
        response.status_code = 206
        response.headers["Content-Range"] = ContentRange("bytes", start, stop, size_bytes).to_header()
    response.headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD":
        return response
    blob = store().open(bucket, key, byte_range=(start, stop - 1) if span else None)
    response.response = _chunks(blob)
    return response


def _chunks(blob: Blob) -> Iterator[bytes]:
    """Give the bytes on; the store's connection goes back however the download ends."""
    with blob:
        yield from blob


def _span(size_bytes: int, sha256: str) -> tuple[int, int] | None:
    """Return the half-open span asked for, None for the whole. One range only (RFC 9110, 14.2)."""
    header = request.headers.get("Range")
    if not header or (request.if_range.etag not in (None, sha256)) or request.if_range.date:
        return None
    asked = parse_range_header(header)
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    span = asked.range_for_length(size_bytes)
    if span is None:
        raise RangeNotSatisfiable(f"The file has {size_bytes} bytes.", extra={"size": size_bytes})
    return span


def from_the_middle() -> bool:
    """Say whether this request goes on with a download that began before."""
    header = request.headers.get("Range", "")
    asked = parse_range_header(header) if header else None
    if header and asked is None and not header.startswith("bytes"):
        raise Malformed("Only byte ranges are known here.")
    return bool(asked and asked.ranges and asked.ranges[0][0] != 0)
