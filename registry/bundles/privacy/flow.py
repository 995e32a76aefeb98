"""Follows texts from where they stand to the calls that reach the network, across all files of a bundle.

Backwards from each such call: its texts, the names in it, what is assigned to them, what a function
returns. A function whose parameter gets there is such a call itself. Order and conditions are not
looked at: a text that *can* get there does. Time grows with the facts, since nothing is visited twice.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from registry.bundles.privacy.facts import Name, SourceFacts, Text, Use
from registry.bundles.privacy.names import UNKNOWN
from registry.bundles.privacy.sinks import SAID_BESIDES, is_base, reaches_network, runs_code

#: A name that so many files and functions assign says nothing about any of them.
MOST_MEANINGS = 40
#: So many assignments and calls lie at most between a text and the call that asks for it.
FARTHEST = 10
#: So many assignments are looked at behind one call that runs code.
MOST_ASKED = 200
OWNERS = frozenset({"self", "cls", "this"})
MOST_VARIANTS = 12
DEEPEST_NAMES = 5
MOST_STEPS = 250_000
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
        self._reached: set[Text] = set()
        self._seen_uses: set[int] = set()
        self._seen_names: set[tuple[int, Name]] = set()
        self._sinks: set[tuple[str, int | str | None]] = set()
        self._work: deque[tuple[int, Use, int]] = deque()
        self._known: dict[tuple[int, Name], list[str]] = {}
        self._steps_left = self._visits_left = MOST_STEPS
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

    @property
    def gave_up(self) -> bool:
        """Whether there was more to follow than is followed."""
        return self._visits_left < 0

    def reached(self) -> set[Text]:
        """Return all texts that can reach a call."""
        for number, file in enumerate(self._files):
            for use in file.uses:
                if use.callee is not None and (_asks(use) or (file.aliases and _is_alias(use, file))):
                    self._visit(number, use, 0)
        while self._work:
            file_number, use, steps = self._work.popleft()
            self._reached.update(use.texts)
            if steps < FARTHEST:
                for name in use.names:
                    self._follow(file_number, name, steps + 1)
        return self._reached

    def run_after_fetching(self) -> Iterator[tuple[int, int]]:
        """Yield (number of the file, line) of calls that run what a request brought."""
        for number, file in enumerate(self._files):
            for use in file.uses:
                if use.callee is not None and runs_code(use.callee) and self._fetched(number, use):
                    yield number, use.line

    def _fetched(self, file: int, use: Use) -> bool:
        """Say whether a request stands in a use, or in what its names were given."""
        work, seen = [(file, use)], {id(use)}
        while work and len(seen) < MOST_ASKED:
            number, each = work.pop()
            if each.fetches:
                return True
            for name in each.names:
                more = [at for at in self._meanings(number, name) if id(at[1]) not in seen]
                seen.update(id(at[1]) for at in more)
                work += more
        return False

    def _visit(self, file: int, use: Use, steps: int) -> None:
        if id(use) not in self._seen_uses:
            self._seen_uses.add(id(use))
            self._work.append((file, use, steps))

    def _follow(self, file: int, name: Name, steps: int) -> None:
        if (file, name) in self._seen_names or name.name in OWNERS:
            return
        self._seen_names.add((file, name))
        for function, place in self._parameter_of(file, name):
            if (function, place) not in self._sinks:
                self._sinks.add((function, place))
                for number, use in self._calls[function]:
                    self._visits_left -= 1
                    if place is None or use.slot in (place, name.name, None):
                        self._visit(number, use, steps)
        for number, use in self._meanings(file, name):
            self._visits_left -= 1
            if self._visits_left < 0:
                return
            self._visit(number, use, steps)

    def _parameter_of(self, file: int, name: Name) -> Iterator[tuple[str, int | None]]:
        """Yield the function whose parameter the name is, and its place; nothing for any other name."""
        scopes, at = self._files[file].scopes, 0 if name.dotted else name.scope
        while at > 0:
            if name.name in scopes[at].parameters:
                if scopes[at].function:
                    yield scopes[at].function, scopes[at].parameters[name.name]
                return
            at = scopes[at].parent

    def _meanings(self, file: int, name: Name) -> Sequence[At]:
        """Return what is assigned to a name: nearest function first, then the file, then the bundle."""
        if name.name in _EMPTY_NAMES:
            return ()
        found: list[At] = []
        at = name.scope
        while at >= 0 and not found and not name.dotted:
            found = self._local.get((file, at, name.name), [])
            at = self._files[file].scopes[at].parent
        found = found or self._local.get((file, 0, name.name), [])
        if not found:
            found = self._anywhere.get(name.name, [])
            found = found if len(found) <= MOST_MEANINGS else []
        return found

    def variants(self, file: int, text: Text) -> list[str]:
        """Return what a text can read, names put in where one text is assigned to them."""
        first, *more = text.parts
        if not more and isinstance(first, str):
            return [first[-LONGEST_WHOLE:]]
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
                found += [self._content(number, text, depth - 1) for text in _alternatives(use)]
                if (other := _another_name(use)) is not None:
                    found += self._contents(number, other, depth - 1)
            self._known[key] = found or [UNKNOWN]
        return self._known[key]

    def _content(self, file: int, text: Text, depth: int) -> str:
        parts = (
            part if isinstance(part, str) else self._contents(file, part, depth)[0] for part in text.parts
        )
        return "".join(parts)[:LONGEST_TEXT]


def _alternatives(use: Use) -> Sequence[Text]:
    """Return what a name can be by one assignment: a text, or one of a list; nothing where more goes in."""
    if len(use.texts) == 1:
        return use.texts if not set(use.names).difference(use.texts[0].parts) else ()
    return use.texts[:MOST_VARIANTS] if not use.names else ()


def _another_name(use: Use) -> Name | None:
    """Return the one name whose value is assigned as it is, or item by item."""
    names = {name for name in use.names if name.name not in _EMPTY_NAMES} if not use.texts else set()
    return names.pop() if len(names) == 1 else None


def _is_alias(use: Use, file: SourceFacts) -> bool:
    owner, _, last = (use.callee or "").rpartition(".")
    return last in file.aliases and (not owner or owner in OWNERS)


def _asks(use: Use) -> bool:
    """Say whether a call's argument is where a request goes to."""
    return (reaches_network(use.callee or "") and use.slot not in SAID_BESIDES) or is_base(use.slot)


def _joined(text: str, more: str) -> str:
    """Put two parts together; what is long keeps its end, where a host that is hidden would be."""
    return (text + more)[-LONGEST_WHOLE:]
