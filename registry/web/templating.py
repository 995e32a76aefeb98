"""What every template may use: the actor, addresses of static files, sizes and times in words."""

import zlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from registry.accounts.actor import ANONYMOUS, Actor
from registry.bundles.ecosystems import ECOSYSTEMS, ecosystem
from registry.bundles.ecosystems.base import Kind
from registry.clock import now
from registry.configured import settings
from registry.errors import MarqueeError
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import expression_at
from registry.policies.service import count_pending, page_of
from registry.privacy.words import MATURITY
from registry.review.service import count_waiting
from registry.web.access import current_actor
from registry.web.leaving import way_out

CHOSEN = "for"
KNOWN = frozenset(one.name for one in ECOSYSTEMS)
KINDS = {
    Kind.PLUGIN: "plug-in", Kind.CHANNEL: "channel", Kind.AGENT: "metadata agent", Kind.CLIENT: "client app"
}  # fmt: skip
STATES = {
    "open": "not all bytes are here", "needs": "waits for you", "received": "received",
    "ingesting": "being looked at",
    "waiting": "waiting for review", "changes_requested": "changes requested", "aborted": "given up",
    "approved": "being published",
}  # fmt: skip


def install(app: Flask) -> None:
    """Add the filters and globals."""
    app.jinja_env.filters.update(
        size=size_in_words,
        ago=ago,
        exact=exact,
        short=short_digest,
        hue=hue,
        title_of=title_of,
        outward=way_out,
        hostname=hostname,
        count=count_in_words,
        kind=kind_in_words,
        state=state_in_words,
        in_force=_in_force,
        span=_span,
        sentence=as_sentence,
        maturity=maturity_in_words,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_shared)


def _shared() -> dict[str, Any]:
    return {
        "actor": _actor(), "site": settings(), "chosen_ecosystem": chosen_ecosystem(), "waiting": _waiting,
        "policy_page": page_of, "changed_policies": count_pending,
    }  # fmt: skip


def _in_force(record: LicenseRecord) -> str | None:
    return expression_at(record, now())


def _actor() -> Actor:
    """Return who looks; nobody where that is what went wrong: the page that says so is shown too."""
    try:
        return current_actor()
    except (MarqueeError, SQLAlchemyError):
        return ANONYMOUS


def _waiting() -> int:
    try:
        return count_waiting()
    except SQLAlchemyError:
        return 0


def chosen_ecosystem() -> str:
    """Return the ecosystem that this browser was told to remember, or nothing."""
    name = request.cookies.get(CHOSEN, "")
    return name if name in KNOWN else ""


def count_in_words(count: int, one: str, many: str = "") -> str:
    """Return ``1 release`` or ``1,204 releases``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def as_sentence(text: str) -> str:
    """Return a text with a capital letter first, unless it begins with a path; names keep theirs."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text


def kind_in_words(kind: str) -> str:
    """Return a kind as people read it."""
    return KINDS[Kind(kind)]


def state_in_words(state: str) -> str:
    """Return the state of a release or an upload as people read it."""
    return STATES.get(state, state)


def maturity_in_words(label: str) -> str:
    """Return a maturity label as people read it."""
    return MATURITY.get(label, label)


def size_in_words(size_bytes: int) -> str:
    """Return ``1.8 MB`` (decimal units, as shops and phones show them)."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    for unit, scale in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if size_bytes < scale * 1000 or unit == "GB":
            break
    return (
        f"{size_bytes / scale:.1f} {unit}" if size_bytes < scale * 100 else f"{size_bytes / scale:.0f} {unit}"
    )


def ago(moment: datetime | None) -> str:
    """Return ``3 days ago``; the exact time belongs in the element's title."""
    if moment is None:
        return "never"
    seconds = int((now() - moment).total_seconds())
    if seconds < 0:
        return f"in {_span(-seconds)}"
    return "just now" if seconds < 45 else f"{_span(seconds)} ago"


def _span(seconds: int) -> str:
    for size, word in ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3600, "hour")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    count = max(1, seconds // 60)
    return f"{count} minute{'s' if count > 1 else ''}"


def exact(moment: datetime | None) -> str:
    """Return ``2026-11-30 12:04 UTC``."""
    return moment.strftime("%Y-%m-%d %H:%M UTC") if moment else ""


def hue(name: str) -> int:
    """Return which of eight colours stands in for a missing picture; the same name, the same colour."""
    return zlib.crc32(name.encode()) % 8


def title_of(name: str) -> str:
    """Return an ecosystem's name as people read it."""
    try:
        return ecosystem(name).title
    except KeyError:
        return name


def hostname(address: str) -> str:
    """Return the host of an address, so that people see where a link leads."""
    return urlsplit(address).hostname or address


def short_digest(digest: str) -> str:
    """Return ``9f2c…41ab``."""
    return f"{digest[:4]}…{digest[-4:]}"
