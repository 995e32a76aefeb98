"""What each problem type means and what to do; the pages under /problems show it."""

import inspect

from registry import errors
from registry.errors import MarqueeError

_MORE = {
    "account.unverified": "The address is not confirmed yet. Open the link in the mail, or ask for another.",
    "auth.csrf": "The form came from elsewhere or was open for too long. Load the page again.",
    "auth.token_invalid": "The token is unknown, expired or revoked. Make a new one on the account page.",
    "publisher.unknown": "There is no publisher of that name. Create it first.",
    "request.body_short": "The connection ended before the whole body was there. Send it again.",
    "request.range": "The range begins behind the end of the file.",
    "request.timeout": "The body came too slowly or stopped. Send the part again.",
    "review.claimed": "Another moderator is looking at the release.",
    "review.own": "Nobody decides on their own release.",
    "upload.digest": "The SHA-256 is missing, not written as 64 lowercase hex digits, or not the file's.",
    "upload.empty": "The file has no bytes.",
    "upload.length": "Send Content-Length.",
    "upload.lost": "The store has lost the bytes. Upload the file again.",
    "upload.parts_missing": "Not all parts are there; `missing` lists their numbers.",
    "upload.too_many_open": "Complete or give up some open uploads first.",
}


def _of_classes() -> dict[str, str]:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    found = {c.code: c for c in classes if issubclass(c, MarqueeError)}
    return {code: f"{c.title}. {inspect.getdoc(c) or ''}" for code, c in found.items()}


MEANINGS: dict[str, str] = {**_of_classes(), **_MORE}
