"""Reads Python 2 and 3 and JavaScript into facts, by one walk over the tree that needs no recursion.

Code that does not parse still gives a tree with holes; what stands beside them is read. Comments and
docstrings are no facts; nor is what is printed, raised, compared or sent as a user agent.
"""

from typing import Protocol

from tree_sitter import Node

from registry.bundles.privacy.composing import IDENTIFIERS, Collectors, Composer
from registry.bundles.privacy.facts import Scope, SourceFacts, Tone, Use
from registry.bundles.privacy.grammars import COLLECTING, Grammar, parser_of
from registry.bundles.privacy.mentions import is_header, is_question, is_telling, is_told
from registry.bundles.privacy.nodes import (
    SEQUENCES,
    SPREADING,
    SUBSCRIPTS,
    class_name,
    first_identifier,
    is_asking,
    names_a_method,
    slot_of,
    targets,
    unquoted,
    words,
)
from registry.bundles.privacy.sinks import called, is_base, reaches_network

#: What a method's owner is called: it is given without being named in the call.
OWN = frozenset({"self", "cls"})


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


class Walk(Composer):
    """One walk over a tree: who reads which type of node, and what definitions, calls and assignments say."""

    def __init__(self, facts: SourceFacts, grammar: Grammar) -> None:
        super().__init__(facts, grammar)
        self._readers = self._by_kind()

    def over(self, root: Node) -> None:
        """Walk the whole tree."""
        broken, stack, readers, push = root.has_error, self._stack, self._readers, self._push
        stack.append((root, 0, (), Tone.PLAIN))
        while stack:
            node, scope, around, tone = stack.pop()
            read = readers.get(node.kind_id, push)
            read(node, scope, around, tone=tone)
            if broken and node.has_error and read != push:
                stack.extend((each, scope, (), tone) for each in node.children if each.type == "ERROR")

    def _by_kind(self) -> dict[int, "Reader"]:
        """Return who reads which kind of node, by its number; any other is only walked through."""
        by_type = self._by_type()
        return {number: by_type[name] for number, name in self._g.kinds if name in by_type}

    def _by_type(self) -> dict[str, "Reader"]:
        g = self._g
        return {
            **dict.fromkeys(g.mute, self._muted),
            **dict.fromkeys(g.told, self._told),
            "comment": self._silent,
            "expression_statement": self._statement,
            **dict.fromkeys({*g.strings, g.binary}, self._expression),
            **dict.fromkeys(g.calls, self._call),
            **dict.fromkeys(g.assigns, self._assign),
            **dict.fromkeys({*g.functions, *g.classes}, self._definition),
            **dict.fromkeys({*IDENTIFIERS, g.member}, self._name),
            **dict.fromkeys(SEQUENCES, self._sequence),
            "pair": self._pair,
            "ERROR": self._error,
            "return_statement": self._returns,
            "import_statement": self._import,
        }

    def _muted(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        del tone
        self._push(node, scope, around, tone=Tone.MUTE)

    def _told(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        self._push(node, scope, around, tone=max(tone, Tone.TOLD))

    def _import(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Take a module's name for an address that is asked for: in JavaScript it may be one."""
        del around
        if source := node.child_by_field_name("source"):
            self._stack.append((source, scope, self._use(Use(scope, callee="import"), ()), tone))

    def _silent(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Leave out what is a comment."""

    def _statement(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Walk through a statement, but for a literal alone: a docstring."""
        children = node.named_children
        if len(children) != 1 or children[0].type not in self._g.strings:
            self._push(node, scope, around, tone=tone)

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
        callee = called(words(function))
        given = node.child_by_field_name("arguments")
        if given is None:
            return
        if names_a_method(given):
            callee = "http.request"
        around = () if is_telling(callee) else around
        tone = max(self._tone_of(callee, given), Tone.TOLD if tone is Tone.TOLD else Tone.PLAIN)
        compose = self._composers.get(callee.rpartition(".")[2]) if "." in callee else None
        if compose is not None and compose(node, function, given, scope, around, tone=tone):
            return
        self._stack.append((function, scope, around, tone))
        if reaches_network(callee):
            for use in around:
                use.fetches = True
        around = self._collected(function, scope, around)
        line = node.start_point[0] + 1
        for place, child in enumerate(given.named_children):
            use = Use(scope, callee=callee, slot=slot_of(child, place), line=line)
            meant = max(tone, Tone.TOLD) if is_question(callee, place) else tone
            self._stack.append((child, scope, self._use(use, around), meant))

    def _error(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        """Read what did not parse: a text behind a name is taken for what a call of that name is given."""
        callee = ""
        for child in node.named_children:
            inner = around
            if child.type in IDENTIFIERS or child.type == self._g.member:
                callee = called(words(child))
            elif callee:
                inner = self._use(Use(scope, callee=callee, line=child.start_point[0] + 1), around)
            self._stack.append((child, scope, inner, tone))

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
        if first is not None and first.type == "string" and is_header(unquoted(first)):
            return Tone.MUTE
        return Tone.TOLD if is_telling(callee) else Tone.PLAIN

    def _assign(self, node: Node, scope: int, around: Collectors, *, tone: Tone) -> None:
        left_field, right_field = self._g.assigns[node.type]
        left, right = node.child_by_field_name(left_field), node.child_by_field_name(right_field)
        if left is None or right is None:
            self._push(node, scope, around, tone=tone)
            return
        names = [unquoted(each) for each in targets(left, self._g)]
        tone = self._tone_of_names(node, left, names, tone)
        if right.type in self._g.functions:
            self._define(right, scope, name=names[0] if names else "")
            return
        if names and is_asking(right, self._g):
            self._facts.aliases.update(names)
        # What is told goes no further than into the call that tells it.
        inner = around[:1] if tone is Tone.TOLD else around
        self._stack.append((right, scope, self._put_into(node, left, names, scope, inner), tone))
        for part in ("body", "alternative"):  # of a loop
            if (inside := node.child_by_field_name(part)) is not None:
                self._push(inside, scope, (), tone=Tone.PLAIN)

    def _put_into(
        self, node: Node, left: Node, names: list[str], scope: int, around: Collectors
    ) -> Collectors:
        """Return the uses of a value that is put into these names."""
        plain = left.type in ("identifier", "pattern_list", "tuple_pattern")
        for name in names[:4]:
            if node.type != "keyword_argument":
                around = self._use(Use(scope=scope if plain else 0, target=name), around)
            if name == "src" and left.type == self._g.member:  # a page fetches what that is set to
                around = self._use(Use(scope=scope, callee="element.src"), around)
        return around

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
        name = unquoted(key)
        if value.type in self._g.functions:
            self._define(value, scope, name=name)
            return
        if is_header(name):
            tone = Tone.MUTE
        elif is_told(name):
            tone = max(tone, Tone.TOLD)
        if key.type == "property_identifier":  # what ``options.name`` means elsewhere
            around = self._use(Use(scope=0, target=name), around)
        around = self._option(name, scope, around)
        self._stack.append((value, scope, around, tone))
        if key.type in self._g.strings and "/" not in name:
            return
        self._stack.append((key, scope, around, tone))

    def _option(self, name: str, scope: int, around: Collectors) -> Collectors:
        """Take some options of a request for calls: what they hold is asked for."""
        if name.lower() in ("host", "hostname"):
            return self._use(Use(scope=scope, callee="HostOption"), around)
        return self._use(Use(scope=scope, callee="baseURL"), around) if is_base(name) else around

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
        if around and tone is not Tone.MUTE and (name := self._named(node, scope)):
            for use in around:
                use.names.append(name)
        if node.named_child_count and (owner := node.child_by_field_name(self._g.member_fields[0])):
            self._stack.append((owner, scope, around, tone))
