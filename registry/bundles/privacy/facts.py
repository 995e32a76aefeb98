"""What a source file says about text and where it goes, in a form that is the same for each language.

A ``Use`` is an assignment, what a function returns, or a call with what it is given. Names inside it are
followed by :mod:`registry.bundles.privacy.flow`; a text's parts are put together there as well.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from registry.bundles.privacy.evidence import excerpt_of


class Tone(IntEnum):
    """How a text is meant where it stands.

    Plain: to be used. Told: for people, so that it counts only where it reaches a call all the same.
    Mute: compared, or sent as a header, so that it goes nowhere.
    """

    PLAIN = 0
    TOLD = 1
    MUTE = 2


class Name(NamedTuple):
    """A name that is read: ``scope`` is the function it stands in, ``dotted`` when it has an owner."""

    name: str
    scope: int
    dotted: bool = False


@dataclass(eq=False, slots=True)
class Text:
    """A string expression: known parts and names between them; ``line`` from 1, ``at`` the byte.

    ``as_host``: it is put into what is called a host, or given to a call that takes one. ``told`` to
    people where it stands: it counts only when it reaches a call all the same. Each is itself alone:
    there are too many to be compared by what they say.
    """

    parts: tuple[str | Name, ...]
    line: int
    at: int
    told: bool = False
    as_host: bool = False


@dataclass(slots=True)
class Use:
    """Where texts and names go: into the name ``target``, or into the call ``callee``.

    Each argument of a call is a use of its own: ``slot`` is its place from 0, its keyword, or None
    where that is not known (``*args``); ``line`` is the call's. ``fetches``: a request stands in it.
    """

    scope: int
    target: str | None = None
    callee: str | None = None
    slot: int | str | None = None
    line: int = 0
    fetches: bool = False
    texts: list[Text] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)


@dataclass(slots=True)
class Scope:
    """A function: its name (the class's for a constructor), parameters and what it stands in.

    Each parameter has its place in a call, without ``self``; None for those that take any.
    """

    function: str
    parent: int
    parameters: dict[str, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class SourceFacts:
    """All of one file. Scope 0 is the file itself; classes make no scope of their own.

    ``aliases`` are names of functions of others that ask over the network.
    """

    path: str
    source: bytes
    uses: list[Use] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    scopes: list[Scope] = field(default_factory=lambda: [Scope("", -1)])

    def weight(self) -> int:
        """Return how many facts there are, by which memory and time are bounded."""
        return len(self.texts) + sum(1 + len(use.names) + len(use.texts) for use in self.uses)

    def line(self, number: int) -> str:
        """Return a line's text, short, for people."""
        lines = self.source.split(b"\n", number)
        return excerpt_of(lines[number - 1][:1000].decode("utf-8", "replace")) if number <= len(lines) else ""
