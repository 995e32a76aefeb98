"""What can go wrong, as a table of classes: code, status, title. Knows no Flask.

A service raises these and nothing else; ``registry/web/problems.py`` alone turns them into an answer.
``code`` ends the problem's ``type`` and is stable; ``detail`` speaks of this case and says what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong field: ``pointer`` is a JSON pointer (``/email``), ``detail`` a sentence beside the field."""

    pointer: str
    detail: str


class MarqueeError(Exception):
    """The base of every error that a person may see."""

    code = "error"
    status = 500
    title = "Something went wrong"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        faults: Sequence[FieldFault] = (),
        extra: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.code = code or type(self).code
        self.faults = tuple(faults)
        self.extra = dict(extra or {})
        self.retry_after_s = retry_after_s


class Malformed(MarqueeError):
    """The request itself cannot be read."""

    code, status, title = "request.malformed", 400, "The request cannot be read"


class NotSignedIn(MarqueeError):
    """Nobody is signed in, or the token is not valid."""

    code, status, title = "auth.required", 401, "Sign in first"


class NotAllowed(MarqueeError):
    """Signed in, but not allowed to."""

    code, status, title = "auth.forbidden", 403, "This is not yours to do"


class AcknowledgementRequired(MarqueeError):
    """Terms or a notice must be acknowledged first; ``extra`` carries digests and addresses."""

    code, status, title = "acknowledgement.required", 403, "Please read and acknowledge first"


class Refused(MarqueeError):
    """The terms or the state of a release refuse this copy."""

    code, status, title = "copy.refused", 403, "This copy may not be handed out"


class LegallyRemoved(MarqueeError):
    """Removed after a legal demand (RFC 7725)."""

    code, status, title = "terms.legal_removal", 451, "Removed for legal reasons"


class NotFound(MarqueeError):
    """There is no such thing, or none that the caller may know of."""

    code, status, title = "not_found", 404, "Nothing is here"


class Conflict(MarqueeError):
    """The state of things does not admit this."""

    code, status, title = "conflict", 409, "This does not fit what is already there"


class StateMoved(Conflict):
    """Somebody else was faster."""

    code, title = "state.moved", "This has changed since you looked"


class IdentifierTaken(Conflict):
    """Another publisher holds the identifier."""

    code, title = "identifier.taken", "Another publisher has this identifier"


class ReleaseExists(Conflict):
    """The version exists with other bytes."""

    code, title = "release.exists", "This version exists already"


class Gone(MarqueeError):
    """It was here and has been withdrawn."""

    code, status, title = "release.gone", 410, "This is no longer offered"


class TooLarge(MarqueeError):
    """More bytes than the limit."""

    code, status, title = "upload.too_large", 413, "This is too large"


class WrongType(MarqueeError):
    """A kind of file that no ecosystem uses."""

    code, status, title = "archive.type", 415, "This kind of file is not accepted"


class Invalid(MarqueeError):
    """The input is wrong; ``faults`` names the fields."""

    code, status, title = "request.invalid", 422, "Something in the request is wrong"


class TooMany(MarqueeError):
    """Too many requests in a short time."""

    code, status, title = "rate.limited", 429, "Too many requests"


class Unavailable(MarqueeError):
    """A part that this needs is down."""

    code, status, title = "service.unavailable", 503, "A part of Marquee is not available just now"


def fault(field: str, detail: str, *, code: str = "request.invalid") -> Invalid:
    """Make the error of one wrong field."""
    return Invalid(detail, code=code, faults=[FieldFault(f"/{field}", detail)])
