"""What a short-lived address says about the file behind it."""

import re
from urllib.parse import quote

UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/%]')
LONGEST_SECONDS = 7 * 24 * 3600


def content_disposition(filename: str) -> str:
    """Return the header that saves a download under this name (RFC 6266).

    Names beyond ASCII go in `filename*`, with a plain name beside it for old clients.
    """
    clean = UNSAFE.sub("_", filename) or "download"
    plain = clean.encode("ascii", "replace").decode("ascii").replace("?", "_")
    if plain == clean:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def checked_seconds(seconds: int) -> int:
    """Return how long an address lives. Raises ValueError beyond S3's seven days."""
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise ValueError(f"An address lives 1 to {LONGEST_SECONDS} seconds, not {seconds}.")
    return seconds
