"""What a server may be called and how its code is written. Pure."""

import re
import secrets
import unicodedata
from urllib.parse import urlsplit

from registry.errors import fault

#: Consonants only: no word comes about, and none is taken for another (RFC 8628, section 6.1).
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS = 8
MOST_LETTERS = {"name": 100, "platform": 40, "version": 60}
LONGEST_ADDRESS = 500
PLATFORM = re.compile(r"[a-z][a-z0-9._-]*", re.ASCII)


def make_user_code() -> str:
    """Return a new code without its hyphen: 20^8 of them, 34 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))


def shown_code(code: str) -> str:
    """Return ``WDJB-MJHT``."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """Return the letters of a code as somebody typed it; what cannot be one gives nothing."""
    letters = "".join(letter for letter in typed.upper() if letter.isalpha())
    return letters if len(letters) == CODE_LETTERS and set(letters) <= set(LETTERS) else ""


def check_text(field: str, value: str) -> str:
    """Return a name or a version, trimmed. Raises Invalid for none, too long, or invisible characters."""
    text = value.strip()
    if not text or len(text) > MOST_LETTERS[field]:
        raise fault(field, f"Give a {field} of 1 to {MOST_LETTERS[field]} characters.")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} for letter in text):
        raise fault(field, f"The {field} has characters that cannot be seen; leave them out.")
    return text


def check_platform(value: str) -> str:
    """Return a platform in lower case, such as ``kodi``. Raises Invalid."""
    platform = check_text("platform", value).lower()
    if not PLATFORM.fullmatch(platform):
        raise fault("platform", "Write the platform in small letters and digits, such as kodi or jellyfin.")
    return platform


def check_address(value: str | None) -> str | None:
    """Return a server's own base address, or None for none. Nothing is ever asked there. Raises Invalid."""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_fits = urlsplit(""), False
    web = parts.scheme in {"http", "https"} and parts.hostname
    if len(value) > LONGEST_ADDRESS or not web or not port_fits or parts.username or parts.password:
        raise fault("address", "Write the address as http://host:port or https://host, without a password.")
    return value
