"""Puts values into the places of a text: ``%s``, ``%(name)s``, ``{}`` and ``{name}``."""

import re
from collections.abc import Mapping

from registry.bundles.privacy.facts import Name
from registry.bundles.privacy.names import UNKNOWN

Parts = tuple[str | Name, ...]
_HOLE = re.compile(r"%\((\w+)\)[sdr]|%[sdrif]|\{(\w*)(?:[:!][^{}]*)?\}")


def filled(parts: Parts, values: Mapping[str, Parts]) -> Parts:
    """Return the parts with each place filled by its name or its number; unknown where no value is given."""
    out: list[str | Name] = []
    number = 0
    for part in parts:
        if isinstance(part, Name):
            out.append(part)
            continue
        at = 0
        for hole in _HOLE.finditer(part):
            key = hole[1] or hole[2] or str(number)
            number += not (hole[1] or hole[2])
            out.extend((part[at : hole.start()], *values.get(key, (UNKNOWN,))))
            at = hole.end()
        out.append(part[at:])
    return tuple(out)
