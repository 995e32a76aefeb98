"""The file in a request's body: exactly as long as was said, read as it comes (see ``web/bodies``)."""

from flask import request

from registry.errors import Malformed, TooLarge
from registry.web.bodies import Readable
from registry.web.gate import LengthRequired

CHUNK = 64 * 1024


class SizedBody:
    """A readable that gives exactly ``length`` bytes, or raises Malformed when they end early."""

    def __init__(self, stream: Readable, length: int) -> None:
        self.length = length
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all that are left without one; empty only at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        wanted = min(size, self._left)
        chunk = self._stream.read(wanted) if wanted else b""
        if wanted and not chunk:
            raise Malformed(
                f"The body ended {self._left} bytes early; it should have {self.length}.",
                code="request.body_short",
            )
        self._left -= len(chunk)
        return chunk


def body_of_request(*, at_most: int) -> SizedBody:
    """Return this request's body. Raises LengthRequired, TooLarge."""
    length = request.content_length
    if length is None and "Transfer-Encoding" in request.headers:
        raise LengthRequired("Send Content-Length; a body of unknown length is not read.")
    # No length and no coding mean no body (RFC 9112, 6.3).
    if (length or 0) > at_most:
        raise TooLarge(f"The body has {length} bytes; at most {at_most} are read here.")
    # Past Flask's own limit, which is for what is held in memory.
    return SizedBody(request.environ["wsgi.input"], length or 0)
