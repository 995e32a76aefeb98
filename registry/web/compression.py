"""Pages that hold no secret go out gzipped.

A page with a form's token, or one made for an account, goes out as it is: an attacker who can make it
repeat his words could otherwise learn the secret from the length (BREACH).
"""

import gzip

from flask import Flask, Response, g, request

SMALLEST_BYTES = 1400
LEVEL = 5


def install(app: Flask) -> None:
    """Compress what may be."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Gzip a page that is the same for everybody, for a client that takes it."""
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.update(("Accept-Encoding", "Cookie", "HX-Request"))
    if g.get("actor_known") or "csrf_token" in g or request.accept_encodings["gzip"] <= 0:
        return response
    body = response.get_data()
    if len(body) >= SMALLEST_BYTES and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
