"""The invented catalogue, read from ``data/*.toml``: who publishes what, in which versions, to what end."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
ECOSYSTEMS = ("kodi", "jellyfin", "plex", "stash")
APPS = "apps"


class Fate(StrEnum):
    """What becomes of a version, in the words of a release's state."""

    PUBLISHED = "published"
    WAITING = "waiting"
    YANKED = "yanked"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"


@dataclass(frozen=True, slots=True)
class Person:
    """An account."""

    email: str
    name: str
    role: str = "user"


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher; ``members`` maps further people's addresses to their roles."""

    slug: str
    name: str
    owner: str
    about: str
    first_party: bool = False
    members: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One version; ``why`` is the note or reason of its fate, ``reason`` the decision's code."""

    number: str
    news: str = ""
    fate: Fate = Fate.PUBLISHED
    why: str = ""
    reason: str = "other"
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a listing's pictures are drawn: a motif, and a hue from 0 to 359."""

    motif: str
    hue: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One piece of software; ``details`` are what only its ecosystem knows."""

    ecosystem: str
    publisher: Publisher
    identifier: str
    name: str
    summary: str
    description: str
    license: str
    look: Look
    versions: tuple[Version, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it."""

    people: tuple[Person, ...]
    publishers: tuple[Publisher, ...]
    listings: tuple[Listing, ...]

    @property
    def moderator(self) -> Person:
        """Who decides: somebody who publishes nothing."""
        return next(person for person in self.people if person.role == "moderator")


@cache
def read_catalogue() -> Catalogue:
    """Read the whole catalogue."""
    who = _table("people")
    publishers = {row["slug"]: Publisher(**row) for row in who["publisher"]}
    return Catalogue(
        people=tuple(Person(**row) for row in who["person"]),
        publishers=tuple(publishers.values()),
        listings=tuple(_listings(publishers)),
    )


def _listings(publishers: Mapping[str, Publisher]) -> Iterator[Listing]:
    for file in (*ECOSYSTEMS, APPS):
        for row in _table(file)["listing"]:
            yield _listing({"ecosystem": file, **row}, publishers)


def _listing(row: dict[str, Any], publishers: Mapping[str, Publisher]) -> Listing:
    versions = tuple(_version(**version) for version in row.pop("versions"))
    return Listing(
        ecosystem=row.pop("ecosystem"),
        publisher=publishers[row.pop("publisher")],
        identifier=row.pop("id"),
        name=row.pop("name"),
        summary=row.pop("summary"),
        description=_joined(row.pop("description")),
        license=row.pop("license"),
        look=Look(*row.pop("look")),
        versions=versions,
        details=row,
    )


def _version(*, fate: str = Fate.PUBLISHED, **more: Any) -> Version:
    return Version(fate=Fate(fate), **more)


def _joined(text: str) -> str:
    """Return paragraphs without the line breaks that only the file needs."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
