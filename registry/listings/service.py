"""Reading the catalogue: search by words and facets, by keyset pages; nothing walks through all listings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Select, cast, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from registry.accounts.actor import Actor, Scope
from registry.audit.service import record
from registry.bundles.ecosystems.base import Kind
from registry.database import session, transaction
from registry.errors import NotFound, fault
from registry.licensing.models import Basis
from registry.listings.models import IdentifierClaim, Listing
from registry.paging import MOST, Page, cursor_of, values_of
from registry.privacy.maturity import LEVELS, levels_within
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.service import may_see, seen_by
from registry.releases.states import RESOLVABLE
from registry.servers.limiting import shown_to


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    ``sort`` is ``new`` (changed last), ``name``, ``copies`` (most first) or ``relevance`` (with words).
    ``maturity`` is a limit: what is labelled higher, or not at all, is left out. ``may`` are permissions
    that everybody must have (``redistribute``, ``modify``, ``commercial``), ``basis`` why copies go out.
    """

    words: str = ""
    ecosystem: str | None = None
    kind: str | None = None
    license: str | None = None
    party: str | None = None
    publisher: str | None = None
    maturity: str | None = None
    may: tuple[str, ...] = ()
    basis: str | None = None
    sort: str = "new"


MOST_LICENSES = 7
SORTS = ("new", "name", "copies", "relevance")
PERMISSIONS = ("redistribute", "modify", "commercial")


def search_listings(search: Search, *, cursor: str | None = None, limit: int = 24) -> Page[Listing]:
    """Return one page of listings that are offered. Raises Invalid for an unknown facet or cursor."""
    _check(search)
    rows = _filtered(select(Listing), search)
    limit = max(1, min(limit, MOST))
    if search.sort == "relevance" and search.words:
        return _by_relevance(rows, search.words, cursor, limit)
    if search.sort == "name":
        return _by_name(rows, cursor, limit)
    if search.sort == "copies":
        return _by_copies(rows, cursor, limit)
    return _by_change(rows, cursor, limit)


def count_by_facet(search: Search) -> dict[str, dict[str, int]]:
    """Return how many listings each value of a facet would leave, each facet without itself.

    The facets: ``ecosystem``, ``kind``, ``party`` (first, third), ``license`` (the commonest only),
    ``basis``, ``maturity`` (each label counts what is within it) and ``may`` (each permission counts what
    has it besides those that are chosen).
    """
    labels = _counts(Listing.maturity, replace(search, maturity=None))
    parties = _counts(Publisher.first_party, replace(search, party=None))
    return {
        "ecosystem": count_by_ecosystem(search),
        "kind": _counts(Listing.kind, replace(search, kind=None)),
        "party": {"first": parties.get("True", 0), "third": parties.get("False", 0)},
        "license": _counts(Listing.license, replace(search, license=None), most=MOST_LICENSES),
        "basis": _counts(Listing.basis, replace(search, basis=None)),
        "may": _count_permissions(search),
        "maturity": {limit: sum(labels.get(one, 0) for one in levels_within(limit)) for limit in LEVELS},
    }


def count_by_ecosystem(search: Search) -> dict[str, int]:
    """Return how many listings each ecosystem would leave, the one with the most first."""
    return _counts(Listing.ecosystem, replace(search, ecosystem=None))


def count_listings(search: Search) -> int:
    """Return how many listings are found."""
    return session().scalar(_filtered(select(func.count(Listing.id)), search)) or 0


def find_listing(ecosystem: str, identifier: str, *, by: Actor) -> Listing:
    """Return a listing that is offered or was; before that only to its members and moderators."""
    found = session().scalar(
        select(Listing).where(Listing.ecosystem == ecosystem, Listing.identifier == identifier)
    )
    if found is None or not _may_see(found, by):
        raise NotFound("There is no such listing.")
    return found


def releases_of(listing: Listing, *, by: Actor) -> list[Release]:
    """Return the releases of a listing that the caller may know of, newest version first."""
    rows = session().scalars(
        select(Release).where(Release.listing_id == listing.id).order_by(Release.order_key.desc())
    )
    return seen_by(rows.all(), by)


def find_release(listing: Listing, version: str, *, by: Actor) -> Release:
    """Return one release by its exact version, a yanked one too. Raises NotFound."""
    rows = session().scalars(
        select(Release)
        .where(Release.listing_id == listing.id, Release.version == version)
        .order_by(Release.state.in_(RESOLVABLE).desc(), Release.created_at.desc())
    )
    for release in rows:
        if may_see(release, by):
            return release
    raise NotFound(f"{listing.name} has no version {version}.")


def claim_identifier(
    ecosystem: str, identifier: str, *, publisher: str, reason: str, by: Actor
) -> IdentifierClaim:
    """File a claim that an identifier which another publisher holds is one's own; moderators see it."""
    by.must_have(Scope.MANAGE)
    if not 20 <= len(reason.strip()) <= 5000:
        raise fault("reason", "Tell in 20 to 5,000 characters why the identifier is yours.")
    owner = session().scalar(select(Publisher).where(Publisher.slug == publisher))
    listing = session().scalar(
        select(Listing).where(Listing.ecosystem == ecosystem, Listing.identifier == identifier)
    )
    if listing is None or owner is None or not by.may_manage(owner.id):
        raise NotFound("There is no such listing, or you do not manage that publisher.")
    session().rollback()
    claim = IdentifierClaim(
        listing_id=listing.id,
        publisher_id=owner.id,
        account_id=by.must_be_signed_in(),
        reason=reason.strip(),
    )
    with transaction() as tx:
        tx.add(claim)
        tx.flush()
        record(
            tx,
            "identifier_claimed",
            by=by,
            subject=("listing", listing.id),
            detail={"publisher": publisher},
        )
    return claim


def _may_see(listing: Listing, by: Actor) -> bool:
    if by.is_moderator or by.role_in(listing.publisher_id) is not None:
        return True
    published = select(Release.id).where(Release.listing_id == listing.id, Release.published_at.is_not(None))
    return session().scalar(published.limit(1)) is not None and bool(shown_to([listing], by=by))


def _check(search: Search) -> None:
    if search.kind and search.kind not in set(Kind):
        raise fault("kind", f"The kind is one of {', '.join(Kind)}.")
    if search.sort not in SORTS:
        raise fault("sort", f"Sort by one of {', '.join(SORTS)}.")
    if search.party and search.party not in {"first", "third"}:
        raise fault("party", "The party is first or third.")
    if search.maturity and search.maturity not in LEVELS:
        raise fault("maturity", f"The limit is one of {', '.join(LEVELS)}.")
    if unknown := set(search.may) - set(PERMISSIONS):
        raise fault("may", f"{min(unknown)[:40]!r} is none of {', '.join(PERMISSIONS)}.")
    if search.basis and search.basis not in set(Basis):
        raise fault("basis", f"The basis is one of {', '.join(Basis)}.")
    if len(search.words) > 200:
        raise fault("q", "At most 200 characters.")


def _filtered(rows: Select[Any], search: Search) -> Select[Any]:
    rows = rows.where(Listing.latest_release_id.is_not(None))
    for column, value in (
        (Listing.ecosystem, search.ecosystem), (Listing.kind, search.kind), (Listing.basis, search.basis),
        (Listing.license, search.license),
    ):  # fmt: skip
        if value:
            rows = rows.where(column == value)
    if search.may:
        rows = rows.where(Listing.permissions.contains(list(search.may)))
    if search.party:
        rows = rows.where(_publisher_is(Publisher.first_party.is_(search.party == "first")))
    if search.maturity:
        rows = rows.where(Listing.maturity.in_(levels_within(search.maturity)))
    if search.publisher:
        rows = rows.where(_publisher_is(Publisher.slug == search.publisher))
    return rows.where(_matches(search.words)) if search.words.strip() else rows


def _publisher_is(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return Listing.publisher_id.in_(select(Publisher.id).where(what))


def _matches(words: str) -> ColumnElement[bool]:
    return Listing.search.bool_op("@@")(_query(words)) | Listing.name.bool_op("%")(words)


def _query(words: str) -> ColumnElement[Any]:
    """Read words as a web search does; the last one also as a beginning, for results while typing."""
    plain = func.websearch_to_tsquery("simple", words)
    english = func.websearch_to_tsquery("english", words)
    last = "".join(c for c in words.rsplit(maxsplit=1)[-1] if c.isalnum()) if words.split() else ""
    either = plain.op("||")(english)
    return either.op("||")(func.to_tsquery("simple", f"{last}:*")) if last else either


def _by_relevance(rows: Select[Any], words: str, cursor: str | None, limit: int) -> Page[Listing]:
    """Rank the matches; a keyset over (rank, id), the rank rounded so that it compares exactly."""
    score = func.ts_rank(Listing.search, _query(words)) + func.similarity(Listing.name, words)
    rank = func.round(cast(score, Numeric), 4)
    if cursor:
        value, last = values_of(cursor, 2)
        rows = rows.where(tuple_(rank, Listing.id) < tuple_(_decimal(value), _uuid(last)))
    ranked = session().execute(
        rows.add_columns(rank).order_by(rank.desc(), Listing.id.desc()).limit(limit + 1)
    )
    found = ranked.all()
    next_cursor = None
    if len(found) > limit:
        row, value = found[limit - 1]
        next_cursor = cursor_of(str(value), str(row.id))
    return Page([row for row, _ in found[:limit]], next_cursor)


def _by_name(rows: Select[Any], cursor: str | None, limit: int) -> Page[Listing]:
    """Order by name; the cursor holds no name, since a media server may know the name of some only."""
    key = func.lower(Listing.name)
    if cursor:
        last = session().get(Listing, _uuid(*values_of(cursor, 1)))
        if last is None:
            raise fault("cursor", "This is no cursor of ours; start from the first page.")
        rows = rows.where(tuple_(key, Listing.id) > tuple_(func.lower(literal(last.name)), last.id))
    found = session().scalars(rows.order_by(key, Listing.id).limit(limit + 1)).all()
    return _cut(found, limit, lambda row: cursor_of(str(row.id)))


def _by_change(rows: Select[Any], cursor: str | None, limit: int) -> Page[Listing]:
    if cursor:
        moment, last = values_of(cursor, 2)
        rows = rows.where(tuple_(Listing.updated_at, Listing.id) < tuple_(_moment(moment), _uuid(last)))
    order = (Listing.updated_at.desc(), Listing.id.desc())
    found = session().scalars(rows.order_by(*order).limit(limit + 1)).all()
    return _cut(found, limit, lambda row: cursor_of(row.updated_at.isoformat(), str(row.id)))


def _by_copies(rows: Select[Any], cursor: str | None, limit: int) -> Page[Listing]:
    if cursor:
        copies, last = values_of(cursor, 2)
        rows = rows.where(tuple_(Listing.copies, Listing.id) < tuple_(_whole(copies), _uuid(last)))
    found = session().scalars(rows.order_by(Listing.copies.desc(), Listing.id.desc()).limit(limit + 1)).all()
    return _cut(found, limit, lambda row: cursor_of(str(row.copies), str(row.id)))


def _cut(found: Sequence[Listing], limit: int, cursor: Callable[[Listing], str]) -> Page[Listing]:
    return Page(found[:limit], cursor(found[limit - 1]) if len(found) > limit else None)


def _counts(column: InstrumentedAttribute[Any], search: Search, *, most: int = 50) -> dict[str, int]:
    """Return value → count, the commonest first."""
    rows = select(column, func.count()).select_from(Listing)
    if column.class_ is Publisher:
        rows = rows.join(Publisher, Publisher.id == Listing.publisher_id)
    found = _filtered(rows, search).where(column.is_not(None)).group_by(column)
    ordered = found.order_by(func.count().desc(), column).limit(most)
    return {str(value): count for value, count in session().execute(ordered)}


def _count_permissions(search: Search) -> dict[str, int]:
    """Return permission → how many of what is found have it; one walk for all three."""
    each: list[Any] = [func.count().filter(Listing.permissions.contains([name])) for name in PERMISSIONS]
    asked: Select[Any] = select(*each).select_from(Listing)
    counts = session().execute(_filtered(asked, search)).one()
    return dict(zip(PERMISSIONS, counts, strict=True))


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise fault("cursor", "This is no cursor of ours; start from the first page.") from error


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise fault("cursor", "This is no cursor of ours; start from the first page.") from error


def _whole(value: Any) -> int:
    if str(value).isdecimal() and len(str(value)) < 10:
        return int(value)
    raise fault("cursor", "This is no cursor of ours; start from the first page.")


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise fault("cursor", "This is no cursor of ours; start from the first page.") from error
