"""Recognises this product's own secrets: ``mq_``, a letter, 30 random letters, 6 of checksum.

A copy in pure form of what the accounts' bearer secrets are; a test holds the two together.
"""

import re
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
CHECK_LETTERS = 6
OWN_TOKEN = re.compile(rb"mq_[a-z]_[0-9A-Za-z]{36}(?![0-9A-Za-z])")


def is_own_token(text: bytes) -> bool:
    """Say whether a match of :data:`OWN_TOKEN` has the right checksum; an example has not."""
    return text[-CHECK_LETTERS:].decode() == _checksum(text[:-CHECK_LETTERS])


def _checksum(stem: bytes) -> str:
    value = zlib.crc32(stem)
    letters = ""
    for _ in range(CHECK_LETTERS):
        value, at = divmod(value, len(ALPHABET))
        letters = ALPHABET[at] + letters
    return letters
