"""The words of the two grammars: which node is a call, a string, a function in Python and JavaScript."""

from dataclasses import dataclass, replace
from functools import cache

import tree_sitter_javascript
import tree_sitter_python
from tree_sitter import Language, Parser


@dataclass(frozen=True, slots=True)
class Grammar:
    """Node types by what they mean, and the fields that hold the parts.

    ``kinds`` is each type with its number, which is asked for in a sixth of the time; several have one name.
    """

    strings: frozenset[str]
    pieces: frozenset[str]
    fillings: frozenset[str]
    binary: str
    calls: frozenset[str]
    callee_fields: tuple[str, ...]
    member: str
    member_fields: tuple[str, str]
    assigns: dict[str, tuple[str, str]]
    functions: frozenset[str]
    classes: frozenset[str]
    mute: frozenset[str]
    told: frozenset[str]
    constructor: str
    kinds: tuple[tuple[int, str], ...] = ()


PYTHON = Grammar(
    strings=frozenset({"string", "concatenated_string"}),
    pieces=frozenset({"string_content"}),
    fillings=frozenset({"interpolation"}),
    binary="binary_operator",
    calls=frozenset({"call"}),
    callee_fields=("function",),
    member="attribute",
    member_fields=("object", "attribute"),
    assigns={
        "assignment": ("left", "right"),
        "augmented_assignment": ("left", "right"),
        "named_expression": ("name", "value"),
        "for_statement": ("left", "right"),
        "for_in_clause": ("left", "right"),
        "keyword_argument": ("name", "value"),
        "default_parameter": ("name", "value"),
        "typed_default_parameter": ("name", "value"),
    },
    functions=frozenset({"function_definition", "lambda"}),
    classes=frozenset({"class_definition"}),
    mute=frozenset({"comparison_operator", "print_statement", "assert_statement"}),
    told=frozenset({"raise_statement"}),
    constructor="__init__",
)
JAVASCRIPT = Grammar(
    strings=frozenset({"string", "template_string"}),
    pieces=frozenset({"string_fragment"}),
    fillings=frozenset({"template_substitution"}),
    binary="binary_expression",
    calls=frozenset({"call_expression", "new_expression"}),
    callee_fields=("function", "constructor"),
    member="member_expression",
    member_fields=("object", "property"),
    assigns={
        "variable_declarator": ("name", "value"),
        "assignment_expression": ("left", "right"),
        "augmented_assignment_expression": ("left", "right"),
        "assignment_pattern": ("left", "right"),
        "field_definition": ("property", "value"),
    },
    functions=frozenset(
        {
            "function_declaration",
            "function_expression",
            "arrow_function",
            "method_definition",
            "generator_function_declaration",
        }
    ),
    classes=frozenset({"class_declaration"}),
    mute=frozenset({"jsx_text"}),
    told=frozenset({"throw_statement"}),
    constructor="constructor",
)
#: Operators that put texts together; any other makes its sides a question about them.
JOINING = frozenset({"+", "%"})
#: Programs that fetch what they are given.
FETCHERS = frozenset({"curl", "wget", "aria2c", "ffmpeg", "yt-dlp", "youtube-dl", "streamlink"})
#: Methods that put what they are given into their owner.
COLLECTING = frozenset({"append", "extend", "insert", "add", "update", "push", "unshift", "setdefault"})
ASKING = frozenset({"==", "===", "!=", "!==", "in", "<", ">", "instanceof"})


#: The number of what did not parse, in every grammar.
ERROR_KIND = 65_535


@cache
def parser_of(language: str) -> tuple[Parser, Grammar]:
    """Return the parser and the words of ``python`` or ``javascript``."""
    made, grammar = (
        (Language(tree_sitter_python.language()), PYTHON)
        if language == "python"
        else (Language(tree_sitter_javascript.language()), JAVASCRIPT)
    )
    kinds = ((number, made.node_kind_for_id(number) or "") for number in range(made.node_kind_count))
    return Parser(made), replace(grammar, kinds=(*kinds, (ERROR_KIND, "ERROR")))
