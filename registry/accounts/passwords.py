"""Passwords: what is asked of one, and how it is kept (Argon2id).

Length and not being guessable are all that is asked (NIST SP 800-63B-4: 15 characters where a
password is the only factor, no rules of composition); zxcvbn judges common passwords, patterns and
words of the context. Few hashes run at once, so that a flood of sign-ins cannot take the machine.
"""

import os
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from registry.errors import Unavailable, fault

LEAST_LETTERS = 15
MOST_LETTERS = 256
#: zxcvbn's own scale from 0 to 4: 3 is more than 10^8 guesses, for one who cannot guess offline.
LEAST_SCORE = 3
JUDGED_LETTERS = 72
CONTEXT = ("marquee", "plugin", "marketplace", "registry", "mediaserver")

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
WAIT_S = 5.0
_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def check_password(password: str, *, context: Iterable[str]) -> str:
    """Return the password as it is kept (NFKC), not made of the names and addresses in ``context``.

    Raises Invalid (``password.short``, ``password.long``, ``password.guessable``).
    """
    normal = _normal(password)
    if len(normal) < LEAST_LETTERS:
        raise fault(
            "password",
            f"The password has {len(normal)} characters; it needs {LEAST_LETTERS}. "
            "Four or five words that do not belong together are easy to remember.",
            code="password.short",
        )
    if len(normal) > MOST_LETTERS:
        raise fault("password", f"A password has at most {MOST_LETTERS} characters.", code="password.long")
    judged = zxcvbn(normal[:JUDGED_LETTERS], user_inputs=list(_words(context)), max_length=JUDGED_LETTERS)
    if judged["score"] < LEAST_SCORE:
        raise fault("password", _advice(judged["feedback"]["warning"]), code="password.guessable")
    return normal


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password. Raises Unavailable when too many are being made."""
    with _slot():
        return HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether a password fits; without a hash (no such account) the same work gives False."""
    with _slot():
        try:
            good = HASHER.verify(password_hash or _nobodys_hash(), _normal(password)[:MOST_LETTERS])
        except (VerificationError, InvalidHashError):
            return False
    return good and password_hash is not None


def renewed_hash(password_hash: str, password: str) -> str | None:
    """Return a new hash when the parameters have been raised since this one was made."""
    return hash_password(password) if HASHER.check_needs_rehash(password_hash) else None


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=WAIT_S):
        raise Unavailable("Too many people sign in at this moment; try again.", retry_after_s=5)
    try:
        yield
    finally:
        _slots.release()


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _words(context: Iterable[str]) -> Iterator[str]:
    yield from CONTEXT
    for text in context:
        yield text
        yield from text.replace("@", " ").replace(".", " ").replace("-", " ").split()


def _advice(warning: str) -> str:
    reason = warning.rstrip(".") or "It is made of words or patterns that are tried first"
    return f"This password is easy to guess. {reason}. Take words that do not belong together."
