"""What a media server should do about what it has installed: one question, one answer, nothing kept.

What changed is told against the copy that the household fetched last; where none is known, against what is
in force for the installed version now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from registry.accounts.actor import Actor
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import acknowledged_digests
from registry.bundles.ecosystems import ECOSYSTEMS, ecosystem
from registry.clock import now
from registry.configured import settings
from registry.conveyance.deciding import Case, Outcome, decide
from registry.conveyance.models import Copy, Recipient
from registry.database import session, transaction
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import InForce
from registry.listings.models import Listing
from registry.privacy.models import PrivacyNotice
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.states import OFFERED, ReleaseState
from registry.servers.facts import facts_of
from registry.servers.limiting import limits_of
from registry.servers.limits import Limits, within_limits
from registry.servers.models import Installed, MediaServer
from registry.servers.narrowing import narrower_releases

MOST = 1000
FAILED = frozenset({ReleaseState.YANKED, ReleaseState.WITHDRAWN, ReleaseState.QUARANTINED})
KNOWN = frozenset(one.name for one in ECOSYSTEMS)
COLUMNS: tuple[Any, ...] = (
    Listing.ecosystem, Listing.identifier, Publisher.first_party, Release.id, Release.version,
    Release.order_key, Release.state, Release.state_reason, Release.state_note, Release.notice_digest,
    Release.maturity, LicenseRecord, Artifact.sha256, Artifact.size_bytes, Artifact.filename,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a server has installed."""

    ecosystem: str
    identifier: str
    version: str


@dataclass(frozen=True, slots=True)
class Update:
    """A younger release; ``rule`` says what keeps it from this server, None where it may have it.

    ``needs`` maps ``terms`` and ``notice`` to the digests that its owner must acknowledge first.
    """

    version: str
    sha256: str
    size_bytes: int
    filename: str
    rule: str | None
    sentence: str
    needs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer for one thing: ``state`` is ``current``, ``update``, ``unknown`` or the release's own."""

    item: Item
    state: str
    reason: str | None = None
    note: str | None = None
    update: Update | None = None
    terms_changed: bool = False
    notice_changed: bool = False
    capabilities_changed: bool = False


#: Under which terms and notice the household fetched a release last.
Copies = Mapping[UUID, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing with the release that is installed and the one to go to; None where there is none."""

    item: Item
    installed: Row[Any] | None
    target: Row[Any] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks: its limits, what its household has acknowledged and fetched; and what that is about.

    ``narrower`` are the releases whose terms ask for more, ``told`` the contents of notices.
    """

    limits: Limits
    terms: set[str]
    notices: set[str]
    copies: Copies
    told: Mapping[str, Mapping[str, Any]]
    narrower: frozenset[UUID]


def check_installed(items: Sequence[Item], *, by: Actor) -> list[Advice]:
    """Return what to do about each item, in their order. Raises NotSignedIn."""
    account_id = by.must_be_signed_in()
    releases = _releases(items)
    things = [_thing(item, releases.get((item.ecosystem, item.identifier), [])) for item in items]
    limits, copies = limits_of(by.server_id), _last_copies(account_id, things)
    asked = _Asked(
        limits,
        acknowledged_digests(Subject.TERMS, account_id=account_id),
        acknowledged_digests(Subject.NOTICE, account_id=account_id),
        copies, _notices(things, copies),
        narrower_releases(_named(items)) if limits.no_narrower_terms else frozenset(),
    )  # fmt: skip
    advice = [_advice(thing, asked) for thing in things]
    _keep_if_wanted(items, by)
    return advice


Found = dict[tuple[str, str], list[Row[Any]]]


def _releases(items: Iterable[Item]) -> Found:
    """Return every release that was ever published of the listings named, the lowest version first."""
    found: Found = {}
    for row in session().execute(_query().where(_named(items))):
        found.setdefault((row.ecosystem, row.identifier), []).append(row)
    return found


def _named(items: Iterable[Item]) -> ColumnElement[bool]:
    names = {(item.ecosystem, item.identifier) for item in items if item.ecosystem in KNOWN}
    return tuple_(Listing.ecosystem, Listing.identifier).in_(names)


def _query() -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(Artifact, (Artifact.release_id == Release.id) & (Artifact.role == "package"))
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .where(Release.published_at.is_not(None))
        .order_by(Listing.ecosystem, Listing.identifier, Release.order_key)
    )


def _thing(item: Item, rows: Sequence[Row[Any]]) -> _Thing:
    installed = next((row for row in rows if row.version == item.version), None)
    return _Thing(item, installed, _newest_above(item, installed, rows))


def _last_copies(account_id: UUID, things: Iterable[_Thing]) -> Copies:
    """Return under which terms and notice the household fetched each installed release last."""
    installed = [thing.installed.id for thing in things if thing.installed is not None]
    copies = session().execute(
        select(Copy.release_id, Copy.terms_digest, Copy.notice_digest)
        .where(Copy.account_id == account_id, Copy.release_id.in_(installed))
        .ext(distinct_on(Copy.release_id))
        .order_by(Copy.release_id, Copy.conveyed_at.desc())
    )
    return {release_id: (terms, notice) for release_id, terms, notice in copies}


def _notices(things: Iterable[_Thing], copies: Copies) -> Mapping[str, Mapping[str, Any]]:
    """Return the notices of what is installed, of what there is to go to, and of the copies."""
    rows = [row for thing in things for row in (thing.installed, thing.target) if row is not None]
    digests = {row.notice_digest for row in rows} | {notice for _, notice in copies.values()}
    found = session().execute(
        select(PrivacyNotice.digest, PrivacyNotice.content).where(PrivacyNotice.digest.in_(digests - {None}))
    )
    return {row.digest: row.content for row in found}


def _advice(thing: _Thing, asked: _Asked) -> Advice:
    item, installed, target = thing.item, thing.installed, thing.target
    update = _update(target, asked) if target is not None else None
    if installed is None:
        return Advice(item, "unknown", update=update)
    state = "current" if update is None else "update"
    failed = installed.state in FAILED
    before, after = _before(installed, asked), _terms_of(target or installed)
    return Advice(
        item, installed.state.value if failed else state,
        reason=installed.state_reason if failed else None, note=installed.state_note if failed else None,
        update=update, terms_changed=before[0] != after[0], notice_changed=before[1] != after[1],
        capabilities_changed=_capabilities(before[1], asked) != _capabilities(after[1], asked),
    )  # fmt: skip


def _newest_above(item: Item, installed: Row[Any] | None, rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """Return the highest offered release above the installed version, by the order of its client."""
    offered = [row for row in rows if row.state in OFFERED]
    if not offered:
        return None
    newest = offered[-1]
    if installed is not None:
        return newest if newest.order_key > installed.order_key else None
    version_key = ecosystem(item.ecosystem).version_key
    try:
        return newest if version_key(newest.version) > version_key(item.version) else None
    except (ValueError, TypeError):  # a version that this ecosystem cannot have
        return newest


def _terms_of(row: Row[Any]) -> tuple[str | None, str | None]:
    return InForce.of(row.LicenseRecord, at=now()).digest, row.notice_digest


def _before(installed: Row[Any], asked: _Asked) -> tuple[str | None, str | None]:
    return asked.copies.get(installed.id) or _terms_of(installed)


def _capabilities(digest: str | None, asked: _Asked) -> list[Any]:
    told = asked.told.get(digest or "", {})
    return list(told.get("capabilities", ()))


def _update(row: Row[Any], asked: _Asked) -> Update:
    terms = InForce.of(row.LicenseRecord, at=now())
    agreed = terms.digest in asked.terms
    case = Case(
        state=row.state, ever_published=True, recipient=Recipient.SERVER, at=now(), terms=terms,
        terms_acknowledged=agreed, commercial_operator=settings().commercial_operator,
        first_party=row.first_party, notice_digest=row.notice_digest,
        notice_acknowledged=row.notice_digest in asked.notices, privacy_gate=settings().privacy_gate,
        limit=_broken(row, asked, agreed=agreed),
    )  # fmt: skip
    answer = decide(case)
    asked_for = ("terms", "notice") if answer.outcome is Outcome.ASKED else ()
    needs = {name: answer.extra[name] for name in asked_for if answer.extra.get(name)}
    if case.limit == "no_narrower_terms":
        needs["terms"] = terms.digest
    return Update(
        row.version, row.sha256, row.size_bytes, row.filename,
        None if answer.allowed else answer.rule, "" if answer.allowed else answer.sentence, needs,
    )  # fmt: skip


def _broken(row: Row[Any], asked: _Asked, *, agreed: bool) -> str | None:
    facts = facts_of(
        first_party=row.first_party, maturity=row.maturity, notice=asked.told.get(row.notice_digest or ""),
        narrower=not agreed and row.id in asked.narrower,
    )  # fmt: skip
    return within_limits(asked.limits, facts)


def _keep_if_wanted(items: Iterable[Item], by: Actor) -> None:
    """Keep the list where the owner of the server has turned that on, in place of the one before."""
    server = session().get(MediaServer, by.server_id) if by.server_id else None
    if server is None or not server.keeps_installed:
        return
    rows = {(item.ecosystem, item.identifier): item.version for item in items}
    with transaction() as tx:
        tx.execute(delete(Installed).where(Installed.server_id == server.id))
        values = [
            {"server_id": server.id, "ecosystem": name, "identifier": identifier, "version": version}
            for (name, identifier), version in rows.items()
        ]
        if values:
            tx.execute(insert(Installed), values)
