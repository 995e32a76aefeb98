"""Handing a stranger's page out, to be saved and never shown: an attachment of its own type, in a sandbox."""

import base64

from flask import Response, request
from werkzeug.http import http_date

from registry.policies.originals import Original


def answer_with_original(original: Original) -> Response:
    """Answer with a page's bytes, so that no browser runs or shows them as a page of this registry."""
    text = original.text
    response = Response(original.body, content_type=original.content_type)
    headers = response.headers
    headers["Content-Disposition"] = f'attachment; filename="{original.filename}"'
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cache-Control"] = "private, no-cache, no-transform"
    headers["ETag"] = f'"{text.original_sha256}"'
    headers["Content-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(text.original_sha256)).decode()}:"
    headers["Last-Modified"] = http_date(text.fetched_at)
    if request.if_none_match.contains(text.original_sha256):
        response.status_code = 304
        response.set_data(b"")
    return response
