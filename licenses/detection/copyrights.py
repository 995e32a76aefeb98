"""Copyright lines, as they must travel with a copy."""

import re

MAX_LINES = 500
_LINE = re.compile(
    r"(?im)^[^\w\n]{0,12}(?:(?:portions|parts|modifications|all code|the software)\s+)?"
    r"((?:copyright|\(c\)|©)[^\n]{3,300})$"
)
_SAYS_WHO = re.compile(
    r"(?:(?i:copyright|\(c\))|©)\W*(?:\([cC]\)|©)?\W*"
    r"(?:[12][0-9]{3}|by\b|[A-Z][\w.'-]+ (?:[\w.'-]+ )?[A-Z])"
)
_PLACEHOLDER = re.compile(
    r"<year>|\[y+\]|\{y+\}|<name|\[name|\{name|\b19yy\b|<yyyy|YEAR\b|\[year|\{year|<copyright|\[fullname",
    re.IGNORECASE,
)
_OF_THE_TEXT = re.compile(
    r"(?i)copyright\W+(?:\(c\)\W*|©\W*)?[0-9, -]+\W*(?:by\s+)?(?:the\s+)?"
    r"(?:free software foundation, inc|sam hocevar <sam)"
)


def copyright_lines(text: str) -> list[str]:
    """Return the lines that say who holds the copyright, each once, in order.

    A license's own copyright (the Free Software Foundation's on the GPL) and placeholders are left out.
    """
    found: dict[str, None] = {}
    for line in _LINE.finditer(text):
        said = re.sub(r"\s*(?:\*/|-->|\*+|#+)\s*$", "", " ".join(line[1].split()))
        if (
            _SAYS_WHO.match(said)
            and not said.isupper()
            and not _PLACEHOLDER.search(said)
            and not _OF_THE_TEXT.match(said)
        ):
            found.setdefault(said)
        if len(found) >= MAX_LINES:
            break
    return list(found)
