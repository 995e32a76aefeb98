"""What a publisher may be called, and which address it may show."""

import re
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.bundles.names import Likeness, likenesses, reserved_word
from registry.errors import Conflict, fault
from registry.publishers.models import Publisher

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_SLUG_LETTERS = 40
MOST_NAME_LETTERS = 80
MOST_ABOUT_LETTERS = 2000
#: A typing slip alone does not make two publishers look the same; these do.
REFUSED = frozenset({Likeness.LOOK, Likeness.WORDS})


def check_slug(slug: str) -> str:
    """Return a slug that can stand in addresses. Raises Invalid."""
    if not SLUG.fullmatch(slug) or not 2 <= len(slug) <= MOST_SLUG_LETTERS:
        raise fault(
            "slug",
            f"A publisher's short name has from 2 to {MOST_SLUG_LETTERS} letters a to z and digits, "
            f"in words joined by single hyphens (north-tools); {slug[:60]!r} has not this form.",
            code="publisher.slug",
        )
    return slug


def check_name(name: str) -> str:
    """Return a name that can be shown. Raises Invalid."""
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= MOST_NAME_LETTERS or not shown.isprintable():
        raise fault("name", f"A name has from 1 to {MOST_NAME_LETTERS} characters, all of them visible.")
    return shown


def check_about(about: str) -> str:
    """Return the text about a publisher. Raises Invalid."""
    if len(about) > MOST_ABOUT_LETTERS:
        raise fault("about", f"At most {MOST_ABOUT_LETTERS} characters; these are {len(about)}.")
    return about.strip()


def check_website(website: str | None) -> str | None:
    """Return the address of a publisher's own pages. Raises Invalid."""
    if not website:
        return None
    try:
        parts = urlsplit(website)
        good = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or parts.username or len(website) > 500 or not website.isprintable():
        raise fault("website", "Give an address that begins with https:// or http://, or none.")
    return website


def check_likeness(tx: Session, slug: str, name: str, *, but: Publisher | None = None) -> None:
    """Refuse what people would take for another publisher. Raises Conflict (``name.too_similar``)."""
    looks = {
        look: likeness
        for text in (slug, name)
        for look, likeness in likenesses(text).items()
        if likeness in REFUSED
    }
    query = select(Publisher).where(or_(Publisher.skeleton.in_(looks), Publisher.name_skeleton.in_(looks)))
    if but is not None:
        query = query.where(Publisher.id != but.id)
    neighbour = tx.scalar(query.order_by(Publisher.created_at).limit(1))
    if neighbour is not None:
        likeness = looks.get(neighbour.skeleton) or looks[neighbour.name_skeleton]
        raise too_similar(f"{neighbour.name!r} ({neighbour.slug})", likeness)


def check_reserved(slug: str, name: str) -> None:
    """Refuse the names of products and offices. Raises Conflict (``name.too_similar``)."""
    for text in (slug, name):
        if word := reserved_word(text):
            raise too_similar(f"the reserved name {word!r}", Likeness.LOOK)


def too_similar(neighbour: str, likeness: Likeness) -> Conflict:
    """Return the error that names the neighbour."""
    return Conflict(
        f"This {likeness} as {neighbour}. Choose a name that nobody takes for another's."
        if likeness is Likeness.LOOK
        else f"This {likeness}, compared with {neighbour}. Choose a name that differs more.",
        code="name.too_similar",
    )
