"""Personal feeds: the common renderers, with what their owner may have.

What everybody may have, and what the owner has acknowledged, within the limits of the server. A feed is
joined when it is asked for and kept in memory until the common one is built anew, an acknowledgement or a
limit changes; the key of what is kept holds the digest of the secret, never the secret.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import Row

from registry.accounts.actor import Actor
from registry.accounts.bearer import digest_of
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import acknowledged_digests
from registry.bundles.ecosystems import ECOSYSTEMS, ecosystem
from registry.bundles.ecosystems.base import FeedFile, Site
from registry.bundles.ecosystems.index import index_feed
from registry.clock import now
from registry.configured import settings
from registry.conveyance.deciding import decide
from registry.conveyance.models import Recipient
from registry.database import session
from registry.errors import Unavailable
from registry.feeds.entries import case_of, offered, site_of, terms_of
from registry.feeds.models import FeedState
from registry.listings.models import Listing
from registry.servers.facts import facts_of
from registry.servers.limiting import limits_of
from registry.servers.limits import Limits, within_limits
from registry.servers.narrowing import narrower_releases

INDEX = "index"
KEPT_BYTES = 64 * 1024 * 1024
SUBJECTS = {**{one.name: one.name for one in ECOSYSTEMS}, "index.json": INDEX}


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """One file of a personal feed, and the digest that is its ETag."""

    file: FeedFile
    sha256: str


Files = dict[str, PersonalFile]
_kept: LRUCache[str, Files] = LRUCache(
    KEPT_BYTES, getsizeof=lambda files: sum(len(each.file.body) + 500 for each in files.values())
)
_joining, _keeping = Lock(), Lock()


@dataclass(slots=True)
class Reader:
    """For whom a feed is: what it has acknowledged, and the limits of the server that reads it.

    ``narrower`` are the releases whose terms ask for more, where its limits look at that.
    """

    recipient: Recipient
    limits: Limits
    terms: set[str]
    notices: set[str]
    narrower: frozenset[UUID] = frozenset()

    def state(self) -> str:
        """Return what changes whenever the feed would, as far as its reader is concerned."""
        held = [sorted(self.terms), sorted(self.notices), list(self.limits.as_json().values())]
        return hashlib.sha256(json.dumps(held, default=str).encode()).hexdigest()

    def holds(self, row: Row[Any]) -> bool:
        """Say whether the feed has this release."""
        at = now()
        agreed = terms_of(row, at).digest in self.terms
        case = case_of(
            row, self.recipient, settings(), at, terms_acknowledged=agreed,
            notice_acknowledged=row.notice_digest in self.notices,
            limit=self._broken(row, agreed=agreed),
        )  # fmt: skip
        return decide(case).allowed

    def _broken(self, row: Row[Any], *, agreed: bool) -> str | None:
        narrower = not agreed and row.id in self.narrower
        facts = facts_of(
            first_party=row.first_party, maturity=row.maturity, notice=row.told, narrower=narrower
        )
        return within_limits(self.limits, facts)


def find_personal_file(secret: str, paths: Sequence[str], *, by: Actor) -> PersonalFile | None:
    """Return the first of these files that the feed of ``by``, who bears the secret, has; None for none.

    Without a secret it is the feed of a server that shows its token; its addresses are the common ones.
    Raises Unavailable while the common feed was never built.
    """
    subject = SUBJECTS.get(paths[0].split("/", maxsplit=1)[0])
    state = session().get(FeedState, subject, populate_existing=True) if subject else None
    if subject is None:
        return None
    if state is None:
        raise Unavailable("The feeds are being built; come back in a moment.", retry_after_s=2)
    reader = _reader(by)
    whose = digest_of(secret) if secret else str(by.server_id)
    key = ":".join([whose, subject, state.built_at.isoformat(), reader.state()])
    files = _kept_files(key)
    if files is None:
        files = _join_once(key, subject, replace(site_of(settings(), state), secret=secret), reader)
    return next((files[path] for path in paths if path in files), None)


def _kept_files(key: str) -> Files | None:
    with _keeping:  # reading changes the order in which a LRUCache forgets
        return _kept.get(key)


def _join_once(key: str, subject: str, site: Site, reader: Reader) -> Files:
    """Join a feed, one at a time: a crowd of clients must not take all of a processor."""
    with _joining:
        files = _kept_files(key)
        if files is None:
            files = _joined(subject, site, reader)
            with _keeping:
                if _kept.getsizeof(files) <= KEPT_BYTES:
                    _kept[key] = files
    return files


def _reader(by: Actor) -> Reader:
    account_id = by.must_be_signed_in()
    return Reader(
        Recipient.SERVER if by.server_id else Recipient.ACCOUNT,
        limits_of(by.server_id),
        acknowledged_digests(Subject.TERMS, account_id=account_id),
        acknowledged_digests(Subject.NOTICE, account_id=account_id),
    )


def _joined(subject: str, site: Site, reader: Reader) -> Files:
    return {
        file.path: PersonalFile(file, hashlib.sha256(file.body).hexdigest())
        for file in _rendered(subject, site, reader)
    }


def _rendered(subject: str, site: Site, reader: Reader) -> Sequence[FeedFile]:
    if reader.limits.no_narrower_terms:
        among = [] if subject == INDEX else [Listing.ecosystem == subject]
        reader = replace(reader, narrower=narrower_releases(*among))
    if subject == INDEX:
        entries = {one.name: offered(one.name, settings(), reader.holds) for one in ECOSYSTEMS}
        return [index_feed(entries, site)]
    return ecosystem(subject).feed(offered(subject, settings(), reader.holds), site)
