"""What a server hears while it waits for its owner (RFC 8628, section 3.5): always 400.

``error`` in the problem is the word of the RFC, for clients that know the flow.
"""

from registry.errors import MarqueeError


class EnrolmentPending(MarqueeError):
    """Its owner has not answered yet."""

    code, status, title = "enrolment.pending", 400, "Its owner has not answered yet"


class EnrolmentTooFast(MarqueeError):
    """It asked sooner than it was told to."""

    code, status, title = "enrolment.slow_down", 400, "Ask less often"


class EnrolmentDenied(MarqueeError):
    """Its owner said no."""

    code, status, title = "enrolment.denied", 400, "Its owner said no"


class EnrolmentExpired(MarqueeError):
    """The code is unknown, used or too old."""

    code, status, title = "enrolment.expired", 400, "This code does not work any more"
