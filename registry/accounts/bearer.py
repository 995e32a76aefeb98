"""Secrets that whoever bears them may use: prefix, 30 random letters, 6 letters of checksum. Pure.

The prefix lets scanners find a leaked one and tells what it opens; the checksum lets us refuse a
typing error or a guess before any query. Only the SHA-256 is kept: 178 random bits need no slow
hash.
"""

import hashlib
import secrets
import string
import zlib
from enum import StrEnum

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LETTERS = 30
CHECK_LETTERS = 6
#: How much of a secret may be shown in a list: the prefix and four letters (23 bits of 178).
SHOWN_LETTERS = 9


class Prefix(StrEnum):
    """What a secret opens."""

    API = "mq_p_"
    SESSION = "mq_s_"
    PROOF = "mq_v_"
    SERVER = "mq_m_"
    DEVICE = "mq_d_"
    FEED = "mq_f_"


def make_secret(prefix: Prefix) -> str:
    """Return a new secret."""
    stem = prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    return stem + _checksum(stem)


def is_secret(text: str, prefix: Prefix) -> bool:
    """Say whether ``text`` has the form and the checksum of a secret with this prefix."""
    if len(text) != len(prefix) + RANDOM_LETTERS + CHECK_LETTERS or not text.startswith(prefix):
        return False
    stem, checksum = text[:-CHECK_LETTERS], text[-CHECK_LETTERS:]
    return set(stem.removeprefix(prefix)) <= set(ALPHABET) and checksum == _checksum(stem)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_part(secret: str) -> str:
    """Return the beginning of a secret, by which its owner tells it from others."""
    return secret[:SHOWN_LETTERS]


def _checksum(stem: str) -> str:
    value = zlib.crc32(stem.encode())
    letters = ""
    for _ in range(CHECK_LETTERS):
        value, at = divmod(value, len(ALPHABET))
        letters = ALPHABET[at] + letters
    return letters
