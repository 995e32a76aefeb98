"""Follows texts from where they stand to the calls that reach the network, across all files of a bundle.

Backwards from each such call: its texts, the names in it, what is assigned to them, what a function
returns. A function whose parameter gets there is such a call itself. Order and conditions are not
looked at: a text that *can* get there does. Time grows with the facts, since nothing is visited twice.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from registry.bundles.privacy.facts import Name, SourceFacts, Text, Use
from registry.bundles.privacy.names import UNKNOWN
from registry.bundles.privacy.sinks import reaches_network

#: A name that so many files and functions assign says nothing about any of them.
MOST_MEANINGS = 40
MOST_VARIANTS = 6
DEEPEST_NAMES = 5
MOST_STEPS = 500_000
LONGEST_TEXT = 4096
LONGEST_WHOLE = 1_048_576
#: Names that are methods of everything.
_EMPTY_NAMES = frozenset(
    re.findall(
        r"\S+",
        "get format join strip split replace items keys values append encode decode lower upper read "
        "self this len str "
        "int dict list json text url_for quote urlencode",
    )
)
#: Modules whose functions are never the bundle's own, whatever their names.
LIBRARIES = frozenset({"re", "json", "os.path", "os", "string", "time", "math", "JSON", "Math", "Object"})
At = tuple[int, Use]


class Flow:
    """The facts of all files, with an index of who assigns and who calls what."""

    def __init__(self, files: Sequence[SourceFacts]) -> None:
        self._files = files
        self._local: defaultdict[tuple[int, int, str], list[At]] = defaultdict(list)
        self._anywhere: defaultdict[str, list[At]] = defaultdict(list)
        self._calls: defaultdict[str, list[At]] = defaultdict(list)
        self._reached: set[tuple[int, Text]] = set()
        self._seen_uses: set[int] = set()
        self._seen_names: set[tuple[int, Name]] = set()
        self._sinks: set[str] = set()
        self._work: list[At] = []
        self._known: dict[tuple[int, Name], list[str]] = {}
        self._steps_left = MOST_STEPS
        for number, file in enumerate(files):
            for use in file.uses:
                self._index(number, use)

    def _index(self, file: int, use: Use) -> None:
        if use.callee is not None:
            owner, _, last = use.callee.rpartition(".")
            if owner not in LIBRARIES:
                self._calls[last].append((file, use))
        elif use.target:
            self._local[file, use.scope, use.target].append((file, use))
            if use.scope == 0:
                self._anywhere[use.target].append((file, use))

    def reached(self) -> set[tuple[int, Text]]:
        """Return (number of the file, text) of all that can reach a call."""
        for number, file in enumerate(self._files):
            for use in file.uses:
                if use.callee is not None and reaches_network(use.callee):
                    self._visit(number, use)
        while self._work:
            file_number, use = self._work.pop()
            self._reached.update((file_number, text) for text in use.texts)
            for name in use.names:
                self._follow(file_number, name)
        return self._reached

    def _visit(self, file: int, use: Use) -> None:
        if id(use) not in self._seen_uses:
            self._seen_uses.add(id(use))
            self._work.append((file, use))

    def _follow(self, file: int, name: Name) -> None:
        if (file, name) in self._seen_names:
            return
        self._seen_names.add((file, name))
        function = self._parameter_of(file, name)
        if function and function not in self._sinks:
            self._sinks.add(function)
            for at in self._calls[function]:
                self._visit(*at)
        for at in self._meanings(file, name):
            self._visit(*at)

    def _parameter_of(self, file: int, name: Name) -> str:
        """Return the function whose parameter the name is, or nothing."""
        if name.dotted:
            return ""
        scopes, at = self._files[file].scopes, name.scope
        while at > 0:
            if name.name in scopes[at].parameters:
                return scopes[at].function
            at = scopes[at].parent
        return ""

    def _meanings(self, file: int, name: Name) -> Iterator[At]:
        """Yield what is assigned to a name: nearest function first, then the file, then the bundle."""
        if name.name in _EMPTY_NAMES:
            return
        found: list[At] = []
        at = name.scope
        while at >= 0 and not found and not name.dotted:
            found = self._local.get((file, at, name.name), [])
            at = self._files[file].scopes[at].parent
        found = found or self._local.get((file, 0, name.name), [])
        if not found:
            found = self._anywhere.get(name.name, [])
            found = found if len(found) <= MOST_MEANINGS else []
        yield from found

    def variants(self, file: int, text: Text) -> list[str]:
        """Return what a text can read, names put in where one text is assigned to them."""
        out = [""]
        for part in text.parts:
            filled = [part] if isinstance(part, str) else self._contents(file, part, DEEPEST_NAMES)
            out = [_joined(a, b) for a in out for b in filled]
            out = out[:MOST_VARIANTS]
        return out

    def _contents(self, file: int, name: Name, depth: int) -> list[str]:
        """Return the known texts of a name; unknown where it is more than plain text, or work runs out."""
        key = (file, name)
        if key not in self._known:
            self._known[key] = [UNKNOWN]  # what a name that leads to itself is
            found: list[str] = []
            for number, use in self._meanings(file, name) if depth else ():
                self._steps_left -= 1
                if self._steps_left < 0 or len(found) >= MOST_VARIANTS:
                    break
                if len(use.texts) == 1:
                    found.append(self._content(number, use.texts[0], depth - 1))
            self._known[key] = found or [UNKNOWN]
        return self._known[key]

    def _content(self, file: int, text: Text, depth: int) -> str:
        parts = (
            part if isinstance(part, str) else self._contents(file, part, depth)[0] for part in text.parts
        )
        return "".join(parts)[:LONGEST_TEXT]


def _joined(text: str, more: str) -> str:
    """Put two parts together; what is long keeps its end, where a host that is hidden would be."""
    return (text + more)[-LONGEST_WHOLE:]
