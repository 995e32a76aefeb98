"""The Link header of a keyset page (RFC 8288)."""

from urllib.parse import urlencode

from flask import request


def link_header(next_cursor: str | None) -> dict[str, str]:
    """Return the Link header to the next page, or none."""
    if next_cursor is None:
        return {}
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "cursor"]
    query.append(("cursor", next_cursor))
    return {"Link": f'<{request.base_url}?{urlencode(query)}>; rel="next"'}
