"""Puts the texts of a tree together: literals, chains of operators, templates, formats and joins.

A text is told with the names in it; what stands inside and is no text is left to the walk.
"""

from collections.abc import Iterator

from tree_sitter import Node

from registry.bundles.privacy.facts import Name, SourceFacts, Text, Tone, Use
from registry.bundles.privacy.grammars import ASKING, FETCHERS, JOINING, Grammar
from registry.bundles.privacy.names import UNKNOWN
from registry.bundles.privacy.nodes import (
    MOST_JOINED,
    SEQUENCES,
    chain,
    filling_sides,
    in_pieces,
    item_of,
    replaced,
    spelled,
    unescaped,
    unquoted,
    words,
)
from registry.bundles.privacy.sinks import takes_host
from registry.bundles.privacy.texts import filled

#: A text belongs to so many of the expressions around it.
DEEPEST = 10
IDENTIFIERS = frozenset({"identifier", "property_identifier", "shorthand_property_identifier"})
Collectors = tuple[Use, ...]


class Composer:
    """The part of a walk that reads texts. A stack of nodes, each with its scope, uses around it and tone."""

    def __init__(self, facts: SourceFacts, grammar: Grammar) -> None:
        self._facts = facts
        self._g = grammar
        self._stack: list[tuple[Node, int, Collectors, Tone]] = []
        self._unmade: set[int] = set()
        #: Methods that make one text of their owner and what they are given.
        self._composers = {
            "format": self._fill, "join": self._join, "replace": self._replace, "replaceAll": self._replace
        }  # fmt: skip

    def _push(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        children = reversed(node.named_children)
        if around:
            self._stack.extend([(child, scope, around, tone) for child in children])
        else:  # a name or a number that goes nowhere says nothing
            self._stack.extend(
                [(child, scope, around, tone) for child in children if child.named_child_count]
            )

    def _use(self, use: Use, around: Collectors) -> Collectors:
        self._facts.uses.append(use)
        return (use, *around[: DEEPEST - 1])

    def _named(self, node: Node, scope: int) -> Name | None:
        if not node.named_child_count:
            return Name(words(node), scope)
        last = node.child_by_field_name(self._g.member_fields[1])
        return Name(words(last), scope, dotted=True) if last else None

    def _expression(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Tell a string, or a chain of operators with strings in it, as one text."""
        if node.type in self._g.strings:
            self._tell(self._string(node, scope, around, tone=tone), node, around, tone=tone)
            return
        operators, operands = chain(node, self._g)
        if not operators <= JOINING:
            self._push(node, scope, around, tone=Tone.MUTE if operators & ASKING else tone)
            return
        if operators == {"%"}:
            self._percent(node, operands, scope, around, tone=tone)
            return
        parts = [part for each in operands for part in self._part(each, scope, around, tone=tone)]
        self._tell(tuple(parts), node, around, tone=tone)

    def _percent(
        self, node: Node, operands: list[Node], scope: int, around: Collectors, *, tone: Tone
    ) -> None:
        values: dict[str, tuple[str | Name, ...]] = {}
        for right in operands[1:]:
            for key, side in filling_sides(right):
                values[key or str(len(values))] = tuple(self._part(side, scope, around, tone=tone))
        parts = tuple(self._part(operands[0], scope, around, tone=tone))
        self._tell(filled(parts, values), node, around, tone=tone)

    def _part(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> Iterator[str | Name]:
        """Yield what a side of a chain adds; what is no text or name is walked by itself."""
        while (sort := node.type) == "parenthesized_expression" and len(node.named_children) == 1:
            node = node.named_children[0]
        if sort in self._g.strings:
            yield from self._string(node, scope, around, tone=tone)
        elif (sort in IDENTIFIERS or sort == self._g.member) and (name := self._named(node, scope)):
            yield name
        elif sort == self._g.binary and (linked := chain(node, self._g))[0] == {"+"}:
            for each in linked[1]:
                if each.type in self._g.strings:
                    yield from self._string(each, scope, around, tone=tone)
                else:
                    yield self._other(each, scope, around, tone=tone)
        else:
            yield self._other(node, scope, around, tone=tone)

    def _other(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> str | Name:
        if node.type in IDENTIFIERS or node.type == self._g.member:
            return self._named(node, scope) or UNKNOWN
        self._stack.append((node, scope, around, tone))
        owner = item_of(node)
        return self._named(owner, scope) or UNKNOWN if owner is not None else UNKNOWN

    def _string(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> tuple[str | Name, ...]:
        stack = node.named_children
        if len(stack) == 3 and stack[1].type in self._g.pieces:  # a beginning, a text, an end
            return (unescaped(words(stack[1])),)
        parts: list[str | Name] = []
        stack = stack[::-1]
        while stack:
            each = stack.pop()
            if each.type in self._g.pieces or each.type == "escape_sequence":
                parts.append(unescaped(words(each)))
            elif each.type in self._g.fillings:
                parts.append(self._filling(each, scope, around, tone=tone))
            else:
                stack.extend(reversed(each.named_children))
        return tuple(parts)

    def _filling(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> str | Name:
        """Return what an f-string or template puts in; more than a name is walked by itself."""
        inside = node.named_children[:1]
        if inside and inside[0].type in self._g.strings:
            parts = self._string(inside[0], scope, around, tone=tone)
            return "".join(part if isinstance(part, str) else UNKNOWN for part in parts)
        return self._other(inside[0], scope, around, tone=tone) if inside else UNKNOWN

    def _fill(
        self, node: Node, function: Node, given: Node, scope: int, around: Collectors, *, tone: Tone
    ) -> bool:
        """Tell ``"…{}…".format(a, b=c)`` as one text with names in it."""
        target = function.child_by_field_name(self._g.member_fields[0])
        if target is None or target.type not in self._g.strings:
            return False
        values = self._values(given, scope, around, tone=tone)
        self._tell(filled(self._string(target, scope, around, tone=tone), values), node, around, tone=tone)
        return True

    def _join(
        self, node: Node, function: Node, given: Node, scope: int, around: Collectors, *, tone: Tone
    ) -> bool:
        """Tell ``"".join([a, b])`` and ``[a, b].join("")`` as one text."""
        owner = function.child_by_field_name(self._g.member_fields[0])
        first = given.named_children[0] if given.named_children else None
        between, items = (owner, first) if owner and owner.type in self._g.strings else (first, owner)
        if between is None or items is None or items.type not in SEQUENCES:
            return False
        mark = self._string(between, scope, around, tone=tone) if between.type in self._g.strings else ()
        parts: list[str | Name] = []
        for child in items.named_children[:MOST_JOINED]:
            parts += [*(mark if parts else ()), *self._part(child, scope, around, tone=tone)]
        self._tell(tuple(parts), node, around, tone=tone)
        return True

    def _replace(
        self, node: Node, function: Node, given: Node, scope: int, around: Collectors, *, tone: Tone
    ) -> bool:
        """Tell ``"hxxp://…".replace("xx", "tt")`` as the text that it makes."""
        del function, given, scope
        text = replaced(node, self._g) if node.start_byte not in self._unmade else None
        if text is None:
            self._unmade.add(node.start_byte)  # nor is any of the calls before it in the same chain
            return False
        self._tell((text,), node, around, tone=tone)
        return True

    def _sequence(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Read a list: a command that fetches, an address in pieces, letters as numbers, or any other."""
        items = node.named_children[:MOST_JOINED]
        if letters := spelled(items):
            self._tell((letters,), node, around, tone=tone)
            return
        if items and items[0].type in self._g.strings:
            if unquoted(items[0]).rpartition("/")[2] in FETCHERS:
                around = self._use(Use(scope, callee="http.request", line=node.start_point[0] + 1), around)
            elif (whole := in_pieces(items, self._g)) is not None:
                self._tell((whole,), node, around, tone=max(tone, Tone.TOLD))
        self._push(node, scope, around, tone=tone)

    def _values(
        self, given: Node, scope: int, around: Collectors, *, tone: Tone
    ) -> dict[str, tuple[str | Name, ...]]:
        values: dict[str, tuple[str | Name, ...]] = {}
        for number, child in enumerate(given.named_children):
            named = child.child_by_field_name("name") if child.type == "keyword_argument" else None
            value = child.child_by_field_name("value") if named else child
            key = words(named) if named else str(number)
            if value is not None:
                values[key] = tuple(self._part(value, scope, around, tone=tone))
        return values

    def _tell(self, parts: tuple[str | Name, ...], node: Node, around: Collectors, *, tone: Tone) -> None:
        if tone is Tone.MUTE or not parts:
            return
        names = [part for part in parts if isinstance(part, Name)]
        if names:
            for use in around:
                use.names.extend(names)
        says = len(names) < len(parts) and any(isinstance(part, str) and len(part) > 1 for part in parts)
        if not says and not (names and around):
            return
        as_host = tone is not Tone.TOLD and bool(around) and takes_host(around[0])
        text = Text(parts, node.start_point[0] + 1, node.start_byte, tone is Tone.TOLD, as_host)
        self._facts.texts.append(text)
        for use in around:
            use.texts.append(text)
