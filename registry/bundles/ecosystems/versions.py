"""The natural order of versions, for clients that never compare two of them.

Numbers count as numbers, ``1.0-beta`` comes before ``1.0``, ``1.0`` before ``1.0-2`` and ``1.0.1``;
case and the kind of separator do not matter. Every two strings can be compared.
"""

import re

Key = tuple[tuple[int, int, str], ...]

EARLIER = {
    word: rank
    for rank, words in enumerate(
        (
            ("dev", "snapshot", "nightly"),
            ("a", "alpha"),
            ("b", "beta"),
            ("pre", "preview"),
            ("c", "rc"),
        )
    )
    for word in words
}
END = (1, 0, "")
TOKEN = re.compile(r"[0-9]+|[a-z]+")


def natural_key(version: str) -> Key:
    """Return a sort key: words for what is not finished, then the end, other words, numbers."""
    tokens = TOKEN.findall(version.casefold())
    if tokens[:1] == ["v"]:
        tokens = tokens[1:]
    return (*(_part(token) for token in tokens), END)


def _part(token: str) -> tuple[int, int, str]:
    if token.isdigit():
        digits = token.lstrip("0")
        return (3, len(digits), digits)
    if token in EARLIER:
        return (0, EARLIER[token], "")
    return (2, 0, token)
