"""Reads Python 2 and 3 and JavaScript into facts, by one walk over the tree that needs no recursion.

Code that does not parse still gives a tree with holes; what stands beside them is read. Comments and
docstrings are no facts; nor is what is printed, raised, compared or sent as a user agent.
"""

from collections.abc import Iterator
from typing import Protocol

from tree_sitter import Node

from registry.bundles.privacy.facts import Name, Scope, SourceFacts, Text, Tone, Use
from registry.bundles.privacy.grammars import ASKING, COLLECTING, JOINING, Grammar, parser_of
from registry.bundles.privacy.mentions import is_header, is_question, is_telling, is_told
from registry.bundles.privacy.names import UNKNOWN
from registry.bundles.privacy.nodes import (
    MOST_JOINED,
    SEQUENCES,
    SPREADING,
    SUBSCRIPTS,
    chain,
    class_name,
    first_identifier,
    slot_of,
    targets,
    unescaped,
    words,
)
from registry.bundles.privacy.sinks import reaches_network, takes_host
from registry.bundles.privacy.texts import filled

#: A text belongs to so many of the expressions around it.
DEEPEST = 10
_IDENTIFIERS = frozenset({"identifier", "property_identifier", "shorthand_property_identifier"})
#: What a method's owner is called: it is given without being named in the call.
OWN = frozenset({"self", "cls"})
Collectors = tuple[Use, ...]


class Reader(Protocol):
    """Reads one node: its function's number, the uses around it, how it is meant."""

    def __call__(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Tell the facts about it, and push what is inside."""


def read_source(path: str, source: bytes, language: str) -> SourceFacts:
    """Return the facts of one file, at most some hundred KiB of UTF-8."""
    parser, grammar = parser_of(language)
    tree = parser.parse(source)
    facts = SourceFacts(path, source)
    Walk(facts, grammar).over(tree.root_node)
    return facts


class Walk:
    """One walk: a stack of nodes, each with its scope, the uses around it, and its tone."""

    def __init__(self, facts: SourceFacts, grammar: Grammar) -> None:
        self._facts = facts
        self._g = grammar
        self._stack: list[tuple[Node, int, Collectors, Tone]] = []
        self._readers = self._by_type()

    def over(self, root: Node) -> None:
        """Walk the whole tree."""
        self._stack.append((root, 0, (), Tone.PLAIN))
        while self._stack:
            node, scope, around, tone = self._stack.pop()
            self._look(node, scope, around, tone=tone)

    def _look(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        sort = node.type
        read = self._readers.get(sort)
        if read is not None:
            read(node, scope, around, tone=tone)
        elif sort != "comment" and not (sort == "expression_statement" and self._is_docstring(node)):
            self._push(node, scope, around, tone=Tone.MUTE if sort in self._g.mute else tone)

    def _by_type(self) -> dict[str, "Reader"]:
        """Return who reads which type of node; any other type is only walked through."""
        g = self._g
        return {
            **dict.fromkeys({*g.strings, g.binary}, self._expression),
            **dict.fromkeys(g.calls, self._call),
            **dict.fromkeys(g.assigns, self._assign),
            **dict.fromkeys({*g.functions, *g.classes}, self._definition),
            **dict.fromkeys({*_IDENTIFIERS, g.member}, self._name),
            "pair": self._pair,
            "return_statement": self._returns,
        }

    def _push(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        self._stack.extend((child, scope, around, tone) for child in reversed(node.named_children))

    def _is_docstring(self, node: Node) -> bool:
        children = node.named_children
        return len(children) == 1 and children[0].type in self._g.strings

    def _use(self, use: Use, around: Collectors) -> Collectors:
        self._facts.uses.append(use)
        return (use, *around[: DEEPEST - 1])

    def _definition(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Define what has its own name; what stands around does not reach inside."""
        del around, tone
        self._define(node, scope)

    def _returns(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Assign what is returned to the function's name."""
        del around, tone
        use = Use(scope=0, target=self._facts.scopes[scope].function or None)
        self._push(node, scope, self._use(use, ()), tone=Tone.PLAIN)

    def _call(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        function = next((f for name in self._g.callee_fields if (f := node.child_by_field_name(name))), None)
        if function is None:
            self._push(node, scope, around, tone=tone)
            return
        callee = "".join(words(function)[-300:].split())
        given = node.child_by_field_name("arguments")
        if given is None:
            return
        around = () if is_telling(callee) else around
        tone = max(self._tone_of(callee, given), Tone.TOLD if tone is Tone.TOLD else Tone.PLAIN)
        if callee.endswith(".format") and self._fill(node, function, given, scope, around, tone=tone):
            return
        self._stack.append((function, scope, around, tone))
        if callee.endswith(".join") and self._join(node, function, given, scope, around, tone=tone):
            return
        if reaches_network(callee):
            for use in around:
                use.fetches = True
        around = self._collected(function, scope, around)
        for place, child in enumerate(given.named_children):
            use = Use(scope, callee=callee, slot=slot_of(child, place), line=node.start_point[0] + 1)
            meant = max(tone, Tone.TOLD) if is_question(callee, place) else tone
            self._stack.append((child, scope, self._use(use, around), meant))

    def _collected(self, function: Node, scope: int, around: Collectors) -> Collectors:
        """Take ``names.append(x)`` for an assignment to names."""
        last = function.child_by_field_name(self._g.member_fields[1])
        if last is None or words(last) not in COLLECTING:
            return around
        owner = function.child_by_field_name(self._g.member_fields[0])
        names = [words(each) for each in targets(owner, self._g)] if owner is not None else []
        plain = owner is not None and owner.type == "identifier"
        for name in names[:1]:
            around = self._use(Use(scope=scope if plain else 0, target=name), around)
        return around

    def _tone_of(self, callee: str, given: Node) -> Tone:
        """Return how a call's arguments are meant: ``add_header("User-Agent", …)`` only says them."""
        first = given.named_children[0] if given.named_children else None
        if first is not None and first.type == "string" and is_header(words(first).strip("\"'bru")):
            return Tone.MUTE
        return Tone.TOLD if is_telling(callee) else Tone.PLAIN

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

    def _assign(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        left_field, right_field = self._g.assigns[node.type]
        left, right = node.child_by_field_name(left_field), node.child_by_field_name(right_field)
        if left is None or right is None:
            self._push(node, scope, around, tone=tone)
            return
        names = [words(each).strip("\"'") for each in targets(left, self._g)]
        tone = self._tone_of_names(node, left, names, tone)
        if right.type in self._g.functions:
            self._define(right, scope, name=names[0] if names else "")
            return
        # What is told goes no further than into the call that tells it.
        inner = around[:1] if tone is Tone.TOLD else around
        for name in names[:4]:
            plain = left.type in ("identifier", "pattern_list", "tuple_pattern")
            use = Use(scope=scope if plain else 0, target=name)
            if node.type != "keyword_argument":
                inner = self._use(use, inner)
            if name == "src" and left.type == self._g.member:  # a page fetches what that is set to
                inner = self._use(Use(scope=scope, callee="element.src"), inner)
        self._stack.append((right, scope, inner, tone))
        for part in ("body", "alternative"):  # of a loop
            if (inside := node.child_by_field_name(part)) is not None:
                self._push(inside, scope, (), tone=Tone.PLAIN)

    def _tone_of_names(self, node: Node, left: Node, names: list[str], tone: Tone) -> Tone:
        """Return how a value is meant by what it is put into; a variable may still be asked for later."""
        into_call = node.type == "keyword_argument"
        if (into_call or left.type in SUBSCRIPTS) and any(is_header(name) for name in names):
            return Tone.MUTE
        if any(is_told(name) for name in names):
            return Tone.TOLD
        return tone if into_call else Tone.PLAIN

    def _pair(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is None or value is None:
            return
        name = words(key).strip("\"'bu")
        if value.type in self._g.functions:
            self._define(value, scope, name=name)
            return
        if is_header(name):
            tone = Tone.MUTE
        elif is_told(name):
            tone = max(tone, Tone.TOLD)
        if name.lower() in ("host", "hostname"):  # options of a request
            around = self._use(Use(scope=scope, callee="HostOption"), around)
        self._stack.append((value, scope, around, tone))
        if key.type in self._g.strings and "/" not in name:
            return
        self._stack.append((key, scope, around, tone))

    def _define(self, node: Node, scope: int, name: str = "") -> None:
        named = node.child_by_field_name("name")
        own = words(named) if named else name
        body = node.child_by_field_name("body")
        if node.type in self._g.classes:
            if body is not None:
                self._stack.append((body, scope, (), Tone.PLAIN))
            return
        if own == self._g.constructor:
            own = class_name(node, self._g) or own
        self._facts.scopes.append(Scope(own, scope))
        inside = len(self._facts.scopes) - 1
        self._parameters(node, inside)
        if body is None:
            return
        uses: Collectors = ()
        if body.type not in ("block", "statement_block"):  # an arrow or a lambda returns its body
            uses = self._use(Use(scope=0, target=own or None), ())
        self._stack.append((body, inside, uses, Tone.PLAIN))

    def _parameters(self, node: Node, scope: int) -> None:
        given = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        if given is None:
            return
        for child in given.named_children or [given]:
            first = first_identifier(child)
            if first and not (first in OWN and not self._facts.scopes[scope].parameters):
                takes_any = child.type in SPREADING
                place = len(self._facts.scopes[scope].parameters)
                self._facts.scopes[scope].parameters[first] = None if takes_any else place
            if child.type in self._g.assigns:
                self._stack.append((child, scope, (), Tone.PLAIN))

    def _name(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        name = self._named(node, scope) if around and tone is not Tone.MUTE else None
        if name:
            for use in around:
                use.names.append(name)
        if node.type == self._g.member and (owner := node.child_by_field_name(self._g.member_fields[0])):
            self._stack.append((owner, scope, around, tone))

    def _named(self, node: Node, scope: int) -> Name | None:
        if node.type == self._g.member:
            last = node.child_by_field_name(self._g.member_fields[1])
            return Name(words(last), scope, dotted=True) if last else None
        return Name(words(node), scope)

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
            sides = right.named_children if right.type == "tuple" else [right]
            for side in sides:
                values[str(len(values))] = tuple(self._part(side, scope, around, tone=tone))
        parts = tuple(self._part(operands[0], scope, around, tone=tone))
        self._tell(filled(parts, values), node, around, tone=tone)

    def _part(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> Iterator[str | Name]:
        """Yield what a side of a chain adds; what is no text or name is walked by itself."""
        while node.type == "parenthesized_expression" and len(node.named_children) == 1:
            node = node.named_children[0]
        if node.type in self._g.strings:
            yield from self._string(node, scope, around, tone=tone)
        elif (node.type in _IDENTIFIERS or node.type == self._g.member) and (
            name := self._named(node, scope)
        ):
            yield name
        elif node.type == self._g.binary and (linked := chain(node, self._g))[0] == {"+"}:
            for each in linked[1]:
                if each.type in self._g.strings:
                    yield from self._string(each, scope, around, tone=tone)
                else:
                    yield self._other(each, scope, around, tone=tone)
        else:
            yield self._other(node, scope, around, tone=tone)

    def _other(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> str | Name:
        if node.type in _IDENTIFIERS or node.type == self._g.member:
            return self._named(node, scope) or UNKNOWN
        self._stack.append((node, scope, around, tone))
        return UNKNOWN

    def _string(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> tuple[str | Name, ...]:
        parts: list[str | Name] = []
        stack = [node]
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
        return self._other(inside[0], scope, around, tone=tone) if inside else UNKNOWN

    def _tell(self, parts: tuple[str | Name, ...], node: Node, around: Collectors, *, tone: Tone) -> None:
        if tone is Tone.MUTE or not parts:
            return
        names = [part for part in parts if isinstance(part, Name)]
        for use in around:
            use.names.extend(names)
        says = any(isinstance(part, str) and len(part) > 1 for part in parts)
        if not says and not (names and around):
            return
        as_host = tone is not Tone.TOLD and bool(around) and takes_host(around[0])
        text = Text(parts, node.start_point[0] + 1, node.start_byte, tone is Tone.TOLD, as_host)
        self._facts.texts.append(text)
        for use in around:
            use.texts.append(text)
