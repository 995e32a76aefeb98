"""A Jellyfin plug-in's GUID and name: one spelling of the first, the second safe as a folder."""

import re
import unicodedata

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.place import Place

LONGEST_NAME = 100
_HYPHENATED = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_BARE = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_EMPTY = "00000000-0000-0000-0000-000000000000"
_FORBIDDEN_IN_FOLDERS = frozenset('"<>|:*?\\/')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE | re.ASCII)


def is_guid(text: str) -> bool:
    """Say whether a text is a GUID as feeds spell it: hyphenated, lower case, not zero."""
    return _HYPHENATED.fullmatch(text) is not None and text == text.lower() and text != _EMPTY


def checked_guid(value: object, at: Place, *, hyphenated: bool = False) -> str:
    """Return a GUID hyphenated and in lower case.

    ``hyphenated`` demands the hyphens, as meta.json's reader does. Raises BundleRejected
    (``manifest.id``).
    """
    text = value if isinstance(value, str) else ""
    if _BARE.fullmatch(text) and not hyphenated:
        text = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    if not _HYPHENATED.fullmatch(text) or text == _EMPTY:
        raise at.rejection(
            "manifest.id",
            f"guid is {shown(value)}, which is not a GUID that every server reads.",
            "Write the plug-in's own GUID with its hyphens: 8-4-4-4-12 hexadecimal digits.",
        )
    return text.lower()


def checked_name(value: object, at: Place) -> str:
    """Return a name that every server can make a folder of. Raises BundleRejected."""
    if isinstance(value, str) and is_folder_name(value):
        return value
    raise at.rejection(
        "manifest.name",
        f"name is {shown(value)}, which cannot be a folder's name on every server.",
        f'Use 1 to {LONGEST_NAME} visible characters without " < > | : * ? \\ / and without a '
        "space or dot at either end.",
    )


def is_folder_name(text: str) -> bool:
    """Say whether a text can be a folder's name on Linux, macOS and Windows."""
    seen = any(unicodedata.category(char) in _INVISIBLE for char in text)
    return (
        0 < len(text) <= LONGEST_NAME
        and text == text.strip(" .")
        and not seen
        and not _FORBIDDEN_IN_FOLDERS & set(text)
        and not _RESERVED.fullmatch(text)
    )
