"""What the code of a .NET assembly names: hosts in its literals, and the members that it refers to.

A literal is E2 where the class that loads it asks over the network, or stands next to one that does: it
uses that class, or is used by it. A literal that no body loads counts by the whole assembly.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from registry.bundles.privacy.clr import (
    FIELD,
    IMPL_MAP,
    MEMBER_REF,
    METHOD,
    METHOD_SPEC,
    NESTED,
    TYPE_DEF,
    Clr,
)
from registry.bundles.privacy.evidence import Level, excerpt_of
from registry.bundles.privacy.names import hosts_in
from registry.bundles.privacy.sightings import Sighting, counts, seen
from registry.bundles.privacy.sinks import is_network_type

MOST_BODIES = 60_000
LITERAL = 0x70
#: Where a MemberRef's parent is a TypeRef (the tag of that coded index).
_PARENT_TYPE_REF = 1


class Assembly:
    """An assembly's literals, each with whether it is near a call, and the names that it refers to."""

    def __init__(self, clr: Clr) -> None:
        self._clr = clr
        self._members = clr.rows(MEMBER_REF)
        self._specs = clr.rows(METHOD_SPEC)
        self._asking = {row for row, _ in enumerate(self._members, 1) if is_network_type(self._owner(row))}
        self.calls_network = any(is_network_type(name) for name in clr.types)
        self._near: set[int] = set()
        self._loaded: set[int] = set()
        if self.calls_network:
            self._follow()

    def sightings(self, path: str) -> Iterator[Sighting]:
        """Yield the hosts of its literals."""
        for at in self._clr.user_strings():
            text = self._clr.user_string(at)
            if "." in text:
                yield from self._seen(path, at, text)

    def names(self) -> Iterator[str]:
        """Yield types, ``Type.Member(`` and literals, in which signatures are looked for."""
        yield from self._clr.types
        for row in range(1, len(self._members) + 1):
            yield f"{self._owner(row).rpartition('.')[2]}.{self._clr.name(self._members[row - 1][1])}("
        if self._clr.rows(IMPL_MAP):
            yield "DllImportAttribute"
        yield from (self._clr.user_string(at) for at in self._clr.user_strings())

    def _seen(self, path: str, at: int, text: str) -> Iterator[Sighting]:
        level = Level.E2 if at in self._near or (self.calls_network and at not in self._loaded) else Level.E1
        shown = excerpt_of(text)
        if any(counts(named, Level.E1) for named in hosts_in(text)):
            yield from seen(text, path=path, line=None, level=level, shown=shown)

    def _owner(self, row: int) -> str:
        """Return the full name of the type of others that a member belongs to, or nothing."""
        if not 0 < row <= len(self._members):
            return ""
        parent = self._members[row - 1][0]
        at = (parent >> 3) - 1
        types = self._clr.types
        return types[at] if parent & 7 == _PARENT_TYPE_REF and 0 <= at < len(types) else ""

    def _follow(self) -> None:
        """Find which classes ask, which are next to them, and which literals these load."""
        classes = _Classes(self._clr)
        literals: defaultdict[int, set[int]] = defaultdict(set)
        beside: defaultdict[int, set[int]] = defaultdict(set)
        asking: set[int] = set()
        for owner, rva in classes.bodies():
            for table, row in self._clr.references(rva):
                if table == LITERAL:
                    literals[owner].add(row)
                elif table == MEMBER_REF and row in self._asking:
                    asking.add(owner)
                elif (other := classes.owner(table, row, self._specs)) and other != owner:
                    beside[owner].add(other)
                    beside[other].add(owner)
        near = asking.union(*(beside[each] for each in asking))
        self._near = set().union(*(literals[each] for each in near))
        self._loaded = set().union(*literals.values())


class _Classes:
    """Which class a method or field belongs to; a class inside another one counts as that one."""

    def __init__(self, clr: Clr) -> None:
        self._types = clr.rows(TYPE_DEF)
        self._methods = clr.rows(METHOD)
        self._outer = {row[0]: row[1] for row in clr.rows(NESTED)}
        self._of_method = self._owners(5, len(self._methods))
        self._of_field = self._owners(4, len(clr.rows(FIELD)))

    def bodies(self) -> Iterator[tuple[int, int]]:
        """Yield (class, address) of each method that has a body."""
        for number, method in enumerate(self._methods[:MOST_BODIES]):
            if method[0]:
                yield self._of_method[number], method[0]

    def owner(self, table: int, row: int, specs: list[tuple[int, ...]]) -> int:
        """Return the class of a method or field by its token; 0 for what is none here."""
        if table == METHOD_SPEC and 0 < row <= len(specs):
            coded = specs[row - 1][0]
            table, row = (METHOD, coded >> 1) if not coded & 1 else (MEMBER_REF, 0)
        owners = {METHOD: self._of_method, FIELD: self._of_field}.get(table, [])
        return owners[row - 1] if 0 < row <= len(owners) else 0

    def _owners(self, column: int, count: int) -> list[int]:
        """Return the class of each row of a table in which classes own runs of rows."""
        owners = [0] * count
        starts = [each[column] for each in self._types] + [count + 1]
        for number, (start, end) in enumerate(pairwise(starts), 1):
            outermost = self._outermost(number)
            for row in range(max(start, 1), min(end, count + 1)):
                owners[row - 1] = outermost
        return owners

    def _outermost(self, row: int) -> int:
        for _ in range(20):
            if row not in self._outer:
                return row
            row = self._outer[row]
        return row


def read_assembly(content: bytes) -> Assembly | None:
    """Return an assembly; None for a file that is none or cannot be read as one."""
    try:
        return Assembly(Clr(content))
    except (ValueError, IndexError, KeyError, ArithmeticError):  # the bytes are a stranger's
        return None
