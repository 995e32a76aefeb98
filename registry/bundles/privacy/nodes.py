"""Reads single nodes of a tree: the targets of an assignment, a chain of operators, escapes."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from registry.bundles.privacy.grammars import Grammar
from registry.bundles.privacy.sinks import METHODS, called, reaches_network

LONGEST_PART = 65_536
SEQUENCES = frozenset({"list", "tuple", "array"})
MOST_JOINED = 100
FEWEST_LETTERS = 8
PAIR = ["string", "string"]
#: Attributes that make a request of their owner.
ADDRESSES = frozenset({"url", "uri", "host", "hostname", "endpoint"})
OWNERS = frozenset({"self", "this", "cls"})
#: Parameters and arguments that stand for any number.
SPREADING = frozenset(
    {"list_splat", "dictionary_splat", "list_splat_pattern", "dictionary_splat_pattern", "spread_element"}
    | {"rest_pattern"}
)
SUBSCRIPTS = frozenset({"subscript", "subscript_expression"})
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL)


def words(node: Node) -> str:
    """Return a node's source, short."""
    return (node.text or b"")[:LONGEST_PART].decode(errors="replace")


def unquoted(node: Node) -> str:
    """Return a node's source without the quotes of a literal."""
    text = words(node)
    return text.lstrip("bBuUrRfF").strip("\"'`") if text.endswith(("'", '"', "`")) else text


def chain(node: Node, grammar: Grammar) -> tuple[set[str], list[Node]]:
    """Flatten ``a + b + c`` from its left spine: the operators and the operands in order."""
    operators: set[str] = set()
    operands: list[Node] = []
    while node.type == grammar.binary:
        operator, right = node.child_by_field_name("operator"), node.child_by_field_name("right")
        left = node.child_by_field_name("left")
        if operator is None or right is None or left is None:
            break
        if operators and operator.type not in operators:
            break
        operators.add(operator.type)
        operands.append(right)
        node = left
    operands.append(node)
    return operators, operands[::-1]


def targets(left: Node, grammar: Grammar) -> Iterator[Node]:
    """Yield what an assignment puts its value into."""
    if left.type == grammar.member:
        last = left.child_by_field_name(grammar.member_fields[1])
        yield from [last] if last else []
        owner = left.child_by_field_name(grammar.member_fields[0])
        if owner is not None and last is not None and words(last) in ADDRESSES:  # request.url = …
            name = owner.child_by_field_name(grammar.member_fields[1]) or owner
            yield from [name] if words(name) not in OWNERS else []
    elif left.type in SUBSCRIPTS:
        key = left.child_by_field_name("subscript") or left.child_by_field_name("index")
        owner = left.child_by_field_name("value") or left.child_by_field_name("object")
        yield from [each for each in (key, owner) if each]
    elif left.type in ("pattern_list", "tuple_pattern", "array_pattern", "object_pattern"):
        yield from left.named_children
    else:
        yield left


def filling_sides(right: Node) -> Iterator[tuple[str, Node]]:
    """Yield what fills the places of ``"…" % right``: (name, or nothing for the next place; value)."""
    if right.type == "dictionary":
        for pair in right.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None:
                yield unquoted(key), value
        return
    for side in right.named_children if right.type == "tuple" else [right]:
        yield "", side


def item_of(node: Node) -> Node | None:
    """Return the name of the list or mapping that a node is one item of; None for anything else."""
    if node.type not in SUBSCRIPTS:
        return None
    key = node.child_by_field_name("subscript") or node.child_by_field_name("index")
    owner = node.child_by_field_name("value") or node.child_by_field_name("object")
    named = owner is not None and owner.type in ("identifier", "attribute", "member_expression")
    return owner if named and key is not None and key.type != "slice" else None


def replaced(call: Node, grammar: Grammar) -> str | None:
    """Return what replacements make of a literal, one after the other; None for anything else."""
    pairs: list[list[str]] = []
    node: Node | None = call
    while node is not None and node.type in grammar.calls and len(pairs) < MOST_JOINED:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        last = function and function.child_by_field_name(grammar.member_fields[1])
        sides = given.named_children if given is not None else []
        if not last or words(last) not in ("replace", "replaceAll") or [s.type for s in sides] != PAIR:
            return None
        pairs.append([unescaped(unquoted(side)) for side in sides])
        node = function.child_by_field_name(grammar.member_fields[0]) if function else None
    if node is None or node.type != "string":
        return None
    text = unescaped(unquoted(node))
    for old, new in reversed(pairs):
        text = text.replace(old, new)[:LONGEST_PART] if old else text
    return text


def spelled(items: Sequence[Node]) -> str | None:
    """Return the text that a list of numbers spells, a letter each; None for any other list."""
    if len(items) < FEWEST_LETTERS or items[0].type not in ("integer", "number"):
        return None
    codes = [words(item) for item in items]
    known = all(code.isdecimal() and 32 <= int(code[:4]) < 127 for code in codes)
    return "".join(chr(int(code)) for code in codes) if known else None


def in_pieces(items: Sequence[Node], grammar: Grammar) -> str | None:
    """Return the address that a list of literals makes, where none of them holds one by itself."""
    if len(items) < 2 or any(item.type not in grammar.strings for item in items):
        return None
    texts = [unescaped(unquoted(item)) for item in items]
    whole = "".join(texts)[:LONGEST_PART]
    by_itself = any("://" in text and not text.endswith("://") for text in texts)
    return whole if "://" in whole and not by_itself else None


def is_asking(node: Node, grammar: Grammar) -> bool:
    """Say whether a value is a function that asks over the network: ``requests.get``, ``partial(s.get)``."""
    if node.type in grammar.calls:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or given is None or not words(function).endswith("partial"):
            return False
        node = given.named_children[0] if given.named_children else node
    return node.type == grammar.member and reaches_network(called(words(node)))


def names_a_method(given: Node) -> bool:
    """Say whether the first of a call's arguments is a method of HTTP: ``x.open("GET", …)``."""
    first = given.named_children[0] if given.named_children else None
    return first is not None and first.type == "string" and unquoted(first) in METHODS


def first_identifier(node: Node | None) -> str | None:
    """Return the first name in a parameter."""
    while node is not None and node.type != "identifier":
        node = node.named_children[0] if node.named_children else None
    return words(node) if node is not None else None


def class_name(node: Node, grammar: Grammar) -> str | None:
    """Return the class that a method stands in, a few levels up."""
    above = node.parent
    for _ in range(6):
        if above is None:
            return None
        if above.type in grammar.classes:
            named = above.child_by_field_name("name")
            return words(named) if named else None
        above = above.parent
    return None


def unescaped(text: str) -> str:
    """Return a literal's text with its escapes worked out."""
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def _plain(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code and int(code, 16) <= 0x10FFFF:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(match[4] or "", match[4] or "")


def slot_of(node: Node, place: int) -> int | str | None:
    """Return the place of an argument, or its keyword."""
    if node.type == "keyword_argument" and (name := node.child_by_field_name("name")) is not None:
        return words(name)
    return None if node.type in SPREADING else place
