"""What an ecosystem is to Marquee: how to read its uploads and how to serve its feeds.

An ecosystem is one module (or package) here, one page of docs and one test file; the table in
``registry/bundles/ecosystems/__init__.py`` gets one line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from registry.bundles.archive.base import Bundle
from registry.bundles.findings import Finding


class Kind(StrEnum):
    """The four kinds of interfacing software."""

    PLUGIN = "plugin"
    CHANNEL = "channel"
    AGENT = "agent"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Another listing that this one needs; ``minimum`` in the ecosystem's own version form."""

    identifier: str
    minimum: str | None = None
    optional: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of ``inspect``."""
        return {"identifier": self.identifier, "minimum": self.minimum, "optional": self.optional}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a bundle says of itself.

    ``kind``, ``identifier``, ``version`` and ``name`` are None where the bundle cannot say.
    ``pictures`` maps a role (``icon``, ``fanart``, ``screenshot-1`` …) to an entry's path.
    ``facts`` is JSON: what this ecosystem's feed needs later, complete without the bundle.
    """

    ecosystem: str
    kind: Kind | None = None
    identifier: str | None = None
    version: str | None = None
    name: str | None = None
    summary: str = ""
    description: str = ""
    author: str = ""
    license: str | None = None
    homepage: str | None = None
    source: str | None = None
    changelog: str = ""
    requires: tuple[Requirement, ...] = ()
    platforms: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a bundle or one metadata file gave: metadata, and findings on the way."""

    metadata: Metadata
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Who serves the feed: ``url`` has no trailing slash; ``host`` goes into the repository's id.

    ``revision`` grows whenever ``url`` or ``name`` changes: installed repositories are told by it.
    ``secret`` is that of a personal feed, whose every address below ``feeds`` carries it.
    """

    url: str
    host: str
    name: str = "Marquee"
    revision: int = 0
    secret: str = field(default="", repr=False)

    @property
    def feeds(self) -> str:
        """Return the address below which the files of the feeds are, without a trailing slash."""
        return f"{self.url}/feeds/~{self.secret}" if self.secret else f"{self.url}/feeds"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One published release as a feed shows it.

    ``facts`` is the release's :attr:`Metadata.facts`; ``filename`` the name the client wants;
    ``pictures`` maps a role to an absolute address; ``license`` is the concluded expression where
    one is known, else what was declared. Times are aware UTC; ``changed_at`` grows strictly within
    a listing. ``notice`` is its privacy notice as short text, by language (``en``, ``de``, …),
    ``notice_digest`` its name.
    """

    identifier: str
    kind: Kind
    name: str
    version: str
    summary: str
    description: str
    author: str
    publisher: str
    first_party: bool
    license: str | None
    homepage: str | None
    source: str | None
    changelog: str
    requires: tuple[Requirement, ...]
    platforms: tuple[str, ...]
    filename: str
    sha256: str
    md5: str
    size_bytes: int
    published_at: datetime
    changed_at: datetime
    listing_url: str
    pictures: Mapping[str, str]
    facts: Mapping[str, Any]
    notice: Mapping[str, str] = field(default_factory=dict)
    notice_digest: str | None = None


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed: ``path`` below ``/feeds/`` (``kodi/addons.xml``) and its bytes."""

    path: str
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Ecosystem(Protocol):
    """A media server's plug-in format.

    ``name`` is the contract's word (``kodi``), ``title`` what people read (``Kodi``).
    """

    name: str
    title: str

    def recognises(self, bundle: Bundle) -> bool:
        """Say whether the bundle is of this ecosystem; cheap, from names and first bytes."""

    def read(self, bundle: Bundle) -> Reading:
        """Read the bundle's own metadata.

        Raises BundleRejected for what no client could use.
        """

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Say whether one file alone is this ecosystem's metadata (``inspect --metadata``)."""

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read one metadata file alone. Raises BundleRejected like :meth:`read`."""

    def version_key(self, version: str) -> Any:
        """Return a sort key that orders versions as this ecosystem's client does."""

    def filename(self, identifier: str, version: str) -> str:
        """Return the file name that the client expects of a release."""

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render the whole feed; entries are all offered releases, in any order, maybe none."""
