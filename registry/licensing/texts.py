"""License texts by digest: each is stored once and served under the name of its digest. Pure."""

import hashlib


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, the name under which it is kept."""
    return hashlib.sha256(text.encode()).hexdigest()
