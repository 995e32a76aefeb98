"""What a publisher may say of a bundle that cannot say it itself. Pure."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from registry.bundles.ecosystems.base import Kind
from registry.errors import fault
from registry.licensing.declaring import check_declared
from registry.privacy.declaring import read_said
from registry.privacy.maturity import LEVELS

VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_~-]{0,63}")
IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._@!$-]{1,99}")
PATH = re.compile(rf"[a-z]{{2,20}}/{IDENTIFIER.pattern}(?:/{VERSION.pattern})?")
LENGTHS = {"name": 120, "summary": 300, "source": 500}
MOST_CHANGES = 5000
DECLARED_BY = ("api", "cli", "form")


def check_said(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that may be kept. Raises Invalid naming the one that may not."""
    kept: dict[str, Any] = {}
    for key, value in said.items():
        if value in (None, ""):
            continue
        if key == "privacy":
            kept[key] = _declared(value)
            continue
        if not isinstance(value, str):
            raise fault(f"said/{key}", "This must be text.")
        kept[key] = _checked(key, value.strip())
    return kept


def _declared(value: Any) -> dict[str, Any]:
    """Return a declaration of privacy in the shape of ``privacy.toml``, and where it was made (``from``)."""
    if not isinstance(value, Mapping):
        raise fault("said/privacy", "This must be an object with the keys of privacy.toml.")
    source = value.get("from", "api")
    if source not in DECLARED_BY:
        raise fault("said/privacy/from", f"It was declared by one of {', '.join(DECLARED_BY)}.")
    said = {name: each for name, each in value.items() if name != "from"}
    return {**read_said(said, at="said/privacy").as_json(), "from": source}


def _checked(key: str, value: str) -> str:
    if key == "version" and not VERSION.fullmatch(value):
        raise fault(
            "said/version",
            f"{value[:40]!r} is no version: digits and letters with . + _ ~ -, at most 64 characters.",
            code="manifest.version",
        )
    if key == "identifier" and not IDENTIFIER.fullmatch(value):
        raise fault(
            "said/identifier",
            f"{value[:40]!r} is no identifier: 2 to 100 letters, digits and . _ @ ! $ -.",
            code="manifest.id",
        )
    if key == "maturity" and value not in LEVELS:
        raise fault("said/maturity", f"The label is one of {', '.join(LEVELS)}.")
    if key == "kind" and value not in set(Kind):
        raise fault("said/kind", f"The kind is one of {', '.join(Kind)}.")
    if key in OTHERS:
        return OTHERS[key](value)
    if key in LENGTHS and (len(value) > LENGTHS[key] or any(ord(c) < 32 for c in value)):
        raise fault(f"said/{key}", f"At most {LENGTHS[key]} characters on one line.")
    if key not in {"version", "identifier", "kind", "maturity", *LENGTHS}:
        raise fault(f"said/{key}", f"Nothing is known of {key[:40]!r}; leave it out.")
    return value


def _changes(value: str) -> str:
    """Return a statement of changes; it may have lines."""
    plain = "\n".join(line.rstrip() for line in value.splitlines()).strip()
    if len(plain) > MOST_CHANGES or any(ord(c) < 32 and c not in "\n\t" for c in plain):
        raise fault("said/changes", f"Say what was changed in at most {MOST_CHANGES:,} characters of text.")
    return plain


def _release_id(key: str, value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError as error:
        raise fault(f"said/{key}", "Give the id of a release, as the API and its page show it.") from error


def _origin(value: str) -> str:
    """Return the id of a release or the path of a listing: ``ecosystem/identifier`` or with ``/version``."""
    if PATH.fullmatch(value):
        return value
    return _release_id("derived_from", value)


#: Words with rules of their own.
OTHERS: dict[str, Callable[[str], str]] = {
    "license": partial(check_declared, field="said/license"), "changes": _changes,
    "source_for": partial(_release_id, "source_for"), "derived_from": _origin,
}  # fmt: skip
