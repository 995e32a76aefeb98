"""What may be said of a license: one line, never markup, or an expression that can be read. Pure."""

from licenses.expressions import ExpressionError, normalise
from registry.errors import fault

LONGEST = 500


def check_declared(text: str, *, field: str = "license") -> str:
    """Return a license's name as one line. Raises Invalid for markup, scripts and what is too long."""
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST:
        raise fault(field, f"Name the license in 1 to {LONGEST} characters: an SPDX expression such as MIT.")
    if "<" in plain or ">" in plain or any(ord(c) < 32 for c in plain):
        raise fault(field, "Markup is no license; name it: an SPDX expression such as GPL-3.0-or-later.")
    return plain


def check_expression(text: str, *, field: str = "expression") -> str:
    """Return an expression in its one form. Raises Invalid with the reason."""
    try:
        return normalise(text.strip())
    except ExpressionError as error:
        raise fault(field, f"{str(error)[:300]}.", code="license.expression") from error
