"""Reads single nodes of a tree: the targets of an assignment, a chain of operators, escapes."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from registry.bundles.privacy.grammars import Grammar

LONGEST_PART = 65_536
SEQUENCES = frozenset({"list", "tuple", "array"})
MOST_JOINED = 100
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
    return (node.text or b"")[:LONGEST_PART].decode("utf-8", "replace")


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
