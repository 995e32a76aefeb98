"""SPDX license expressions: parsed, checked, put into one form.

Ids are known or refused, deprecated ids become what SPDX says replaces them, and no input is so long
or so deep that reading it costs more than its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from licenses.spdx import EXCEPTIONS, LICENSES, REPLACED

MAX_TERMS = 1_000
MAX_DEPTH = 64
MAX_CHARACTERS = 100_000

_TOKENS = re.compile(r"[()]|[^\s()]+")
_REF = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_REF_WORD = re.compile(r"(?i)^(?:documentref-[^:]*:)?licenseref-")
_OPERATORS = {"and": "AND", "or": "OR", "with": "WITH"}
_ALONE = {"none": "NONE", "noassertion": "NOASSERTION"}


class ExpressionError(ValueError):
    """The text is no SPDX expression; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class License:
    """One license, perhaps with an exception; ``later`` is SPDX's ``+``."""

    id: str
    later: bool = False
    exception: str | None = None

    def __str__(self) -> str:
        name = f"{self.id}+" if self.later else self.id
        return f"{name} WITH {self.exception}" if self.exception else name


@dataclass(frozen=True, slots=True)
class And:
    """All parts apply."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """The recipient chooses one part."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Expression = License | And | Or


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read an SPDX expression; operators and ids in any case, repeated parts once.

    :raises ExpressionError: unknown id, wrong syntax, over 1,000 terms or nested deeper than 64.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"the expression has over {MAX_CHARACTERS:,} characters")
    tokens = _TOKENS.findall(text)
    if not tokens:
        raise ExpressionError("the expression is empty")
    if len(tokens) == 1 and tokens[0].lower() in _ALONE:
        return License(_ALONE[tokens[0].lower()])
    return _Parser(tokens).read()


def normalise(text: str) -> str:
    """Return the one form of an expression: canonical ids, current ids for deprecated ones.

    :raises ExpressionError: as :func:`parse`.
    """
    return str(parse(text))


def is_expression(text: str) -> bool:
    """Say whether ``text`` is an SPDX expression with known ids."""
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def all_of(expressions: list[str]) -> str:
    """Join expressions by AND, each part once, in the order given.

    :raises ExpressionError: a part is no expression, or the list is empty.
    """
    if not expressions:
        raise ExpressionError("there is nothing to join")
    return str(_joined(And, [parse(text) for text in expressions]))


def leaves(expression: Expression) -> Iterator[License]:
    """Yield every license of an expression, from left to right."""
    if isinstance(expression, License):
        yield expression
        return
    for part in expression.parts:
        yield from leaves(part)


def license_id(text: str) -> str | None:
    """Return SPDX's spelling of a license id given in any case, or None when it has none."""
    return LICENSES.get(text.lower())


class _Parser:
    """Reads tokens once, with a list of open groups in place of recursion."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.terms = 0
        self.groups: list[list[list[Expression]]] = [[[]]]
        self.refs: dict[str, str] = {}

    def read(self) -> Expression:
        wants_operand = True
        while self.at < len(self.tokens):
            word = self.tokens[self.at]
            self.at += 1
            wants_operand = self._operand(word) if wants_operand else self._operator(word)
        if wants_operand:
            raise ExpressionError("the expression ends where a license id must follow")
        if len(self.groups) > 1:
            raise ExpressionError("a parenthesis is not closed")
        return _group(self.groups[0])

    def _operand(self, word: str) -> bool:
        if word == "(":
            if len(self.groups) > MAX_DEPTH:
                raise ExpressionError(f"the expression is nested deeper than {MAX_DEPTH}")
            self.groups.append([[]])
            return True
        if word == ")" or word.lower() in _OPERATORS:
            raise ExpressionError(f"a license id must stand before “{word}”")
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise ExpressionError(f"the expression has over {MAX_TERMS:,} terms")
        self.groups[-1][-1].append(self._license(word))
        return False

    def _operator(self, word: str) -> bool:
        if word == ")":
            if len(self.groups) == 1:
                raise ExpressionError("a parenthesis is closed that was not opened")
            closed = _group(self.groups.pop())
            self.groups[-1][-1].append(closed)
            return False
        operator = _OPERATORS.get(word.lower())
        if operator == "OR":
            self.groups[-1].append([])
        elif operator != "AND":
            raise ExpressionError(f"AND, OR or WITH must stand before “{_short(word)}”")
        return True

    def _license(self, word: str) -> Expression:
        found = self._reference(word) if _REF_WORD.match(word) else _known(word)
        if self.at < len(self.tokens) and self.tokens[self.at].lower() == "with":
            return self._with_exception(found)
        return found

    def _reference(self, word: str) -> License:
        canonical = re.sub(r"(?i)licenseref-", "LicenseRef-", word, count=1)
        canonical = re.sub(r"(?i)^documentref-", "DocumentRef-", canonical)
        if not _REF.fullmatch(canonical):
            raise ExpressionError(
                f"“{_short(word)}” is no LicenseRef: only letters, digits, '.' and '-' may follow"
            )
        return License(self.refs.setdefault(canonical.lower(), canonical))

    def _with_exception(self, found: Expression) -> Expression:
        name = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        exception = EXCEPTIONS.get(name.lower())
        if exception is None:
            raise ExpressionError(f"WITH must be followed by an SPDX exception, not “{_short(name)}”")
        if not isinstance(found, License) or found.exception:
            raise ExpressionError(f"“{found}” already has an exception")
        self.at += 2
        return License(found.id, later=found.later, exception=exception)


@lru_cache(maxsize=4096)
def _known(word: str) -> Expression:
    lowered = word.lower()
    if lowered in _ALONE:
        raise ExpressionError(f"{_ALONE[lowered]} can only stand alone")
    if lowered in REPLACED:
        return parse(REPLACED[lowered])
    if lowered in LICENSES:
        return License(LICENSES[lowered])
    if lowered.endswith("+") and lowered[:-1] in LICENSES:
        return _or_later(lowered[:-1])
    raise ExpressionError(f"“{_short(word)}” is no SPDX license id")


def _or_later(lowered: str) -> License:
    base = lowered.removesuffix("-only").removesuffix("-or-later")
    if f"{base}-or-later" in LICENSES:
        return License(LICENSES[f"{base}-or-later"])
    return License(LICENSES[lowered], later=True)


def _group(alternatives: list[list[Expression]]) -> Expression:
    return _joined(Or, [_joined(And, parts) for parts in alternatives])


def _joined(kind: type[And] | type[Or], parts: list[Expression]) -> Expression:
    flat: dict[Expression, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, kind) else (part,):
            flat.setdefault(inner)
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def _short(word: str) -> str:
    return word if len(word) <= 60 else word[:57] + "…"
