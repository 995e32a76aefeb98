"""Lists of words by which texts are read, kept in ``data/vocabulary.toml`` where people can read them."""

import tomllib
from functools import cache

from licenses.spdx import DATA


@cache
def _lists() -> dict[str, str]:
    lists: dict[str, str] = tomllib.loads((DATA / "vocabulary.toml").read_text(encoding="utf-8"))
    return lists


@cache
def vocabulary(name: str) -> frozenset[str]:
    """Return the words of one list."""
    return frozenset(_lists()[name].split())
