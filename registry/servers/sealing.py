"""Sealing what only a running Marquee may read again: AES-256-GCM under a key derived from SECRET_KEY.

What is sealed is bound to the row that it is for: moved to another row it does not open.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
PURPOSE = b"marquee: address of a media server, 1"


def seal(text: str, *, bound_to: bytes, secret_key: str) -> bytes:
    """Return ``text`` sealed; each time other bytes."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret_key).encrypt(nonce, text.encode(), bound_to)


def unseal(sealed: bytes, *, bound_to: bytes, secret_key: str) -> str | None:
    """Return what was sealed; None where the key or the row is another, or a bit was changed."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _cipher(secret_key).decrypt(nonce, rest, bound_to).decode()
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return AESGCM(derived)
