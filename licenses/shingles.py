"""Runs of five words as numbers: the cheap question “which templates could this text be?”.

The numbers are the same on every machine and in every process: they are stored with the templates.
"""

import array
import zlib
from dataclasses import dataclass
from functools import cache

from licenses.spdx import DATA

SIZE = 5
_MASK = 0xFFFFFFFF
_SHORT_TEMPLATE = 400
_MANY_WORDS = 200_000


class _WordNumbers(dict[str, int]):
    def __missing__(self, word: str) -> int:
        if len(self) > _MANY_WORDS:
            self.clear()
        number = self[word] = zlib.crc32(word.encode("utf-8", "surrogatepass"))
        return number


_NUMBERS = _WordNumbers()


@dataclass(frozen=True, slots=True)
class Index:
    """Shingle → number of a set of templates; the sets; how many shingles each template has."""

    sets_of: dict[int, int]
    sets: list[tuple[int, ...]]
    totals: list[int]


def hashes(words: list[str]) -> list[int]:
    """Return one number for each run of five words; empty for fewer."""
    n = [_NUMBERS[word] for word in words]
    return [
        (a + 3 * b + 9 * c + 27 * d + 81 * e) & _MASK
        for a, b, c, d, e in zip(n, n[1:], n[2:], n[3:], n[4:], strict=False)
    ]


def sampled(found: list[int]) -> set[int]:
    """Keep a third of a short template's shingles, a sixteenth of a long one's, at least a few."""
    step = 3 if len(found) < _SHORT_TEMPLATE else 16
    chosen = {one for one in found if one % step == 0}
    return chosen if len(chosen) >= 6 else set(found)


@cache
def index() -> Index:
    """Read the stored index (once a process)."""
    body = zlib.decompress((DATA / "shingles.bin").read_bytes())
    head = array.array("I", body[:16])
    at = 16
    parts = []
    for kind, count in zip("IHHHH", (head[0], head[0], head[1], head[2], head[3]), strict=True):
        part = array.array(kind)
        part.frombytes(body[at : at + count * part.itemsize])
        at += count * part.itemsize
        parts.append(part)
    keys, values, lengths, members, totals = parts
    sets = []
    start = 0
    for length in lengths:
        sets.append(tuple(members[start : start + length]))
        start += length
    return Index(dict(zip(keys, values, strict=True)), sets, list(totals))
