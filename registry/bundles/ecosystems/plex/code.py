"""What the Python 2 source of a Plex bundle says of itself in plain text. Nothing is run.

A search, not a parser: an alias or a factory hides from it, and then it says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

TEXT = r"""u?(?:'[^'\\\n]*'|"[^"\\\n]*")"""
WORDS = rf"(?:L\(\s*{TEXT}\s*\)|{TEXT}|[A-Za-z_]\w*)"

AGENT = re.compile(r"^class\s+\w+\s*\(\s*Agent\.(?:Movies|TV_Shows|Artist|Album|Photos)\b", re.MULTILINE)
AGENT_NAME = re.compile(rf"^[ \t]+name\s*=\s*({WORDS})", re.MULTILINE)
HANDLER = re.compile(rf"^[ \t]*@handler\(\s*({WORDS})\s*,\s*({WORDS})", re.MULTILINE)
PREFIX_HANDLER = re.compile(
    rf"^[ \t]*Plugin\.AddPrefixHandler\(\s*({WORDS})\s*,\s*\w+\s*,\s*({WORDS})", re.MULTILINE
)
AREA = re.compile(r"/(video|music|photos|applications)/")


@dataclass(frozen=True, slots=True)
class Code:
    """What was found: whether it registers an agent, a channel, its name, the areas it shows in."""

    agent: bool = False
    channel: bool = False
    name: str | None = None
    areas: tuple[str, ...] = ()


def look_at(source: str, strings: Mapping[str, str]) -> Code:
    """Search ``Contents/Code/__init__.py``; ``strings`` is ``Strings/en.json``."""
    handlers = [*HANDLER.findall(source), *PREFIX_HANDLER.findall(source)]
    agent = AGENT.search(source)
    named = AGENT_NAME.search(source, agent.end()) if agent else None
    titles = [named[1]] if named else [title for _, title in handlers]
    names = [name for title in titles if (name := _text(title, source, strings))]
    prefixes = [_text(prefix, source, strings) or "" for prefix, _ in handlers]
    areas = dict.fromkeys(found[1] for prefix in prefixes if (found := AREA.match(prefix)))
    return Code(agent is not None, bool(handlers), next(iter(names), None), tuple(areas))


def _text(words: str, source: str, strings: Mapping[str, str], hops: int = 2) -> str | None:
    """Return the text that an expression stands for: a literal, ``L("key")`` or a constant."""
    if words.startswith("L("):
        key = words[2:-1].strip().lstrip("u")[1:-1]
        return strings.get(key, key)
    if words[-1] in "'\"":
        return words.lstrip("u")[1:-1]
    constant = re.search(rf"^[ \t]*{words}\s*=\s*({WORDS})", source, re.MULTILINE)
    return _text(constant[1], source, strings, hops - 1) if constant and hops else None
