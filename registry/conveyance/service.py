"""Conveying: the durable record of a copy comes before its first byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer, load_only

from registry.accounts.actor import Actor
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import has_acknowledged
from registry.clock import now
from registry.configured import settings
from registry.conveyance.deciding import LEGALLY_REMOVED, Answer, Case, Outcome, decide
from registry.conveyance.folding import WINDOW, copy_within_window, folds
from registry.conveyance.models import Copy, Recipient
from registry.database import session, transaction
from registry.errors import AcknowledgementRequired, Gone, LegallyRemoved, MarqueeError, NotFound, Refused
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import InForce
from registry.licensing.words import NEEDS, in_words
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.states import ReleaseState, is_legally_removed
from registry.servers.limiting import broken_limit


@dataclass(frozen=True, slots=True)
class Wanted:
    """An artifact, who wants it, under which terms it would go out, and the answer."""

    artifact: Artifact
    release: Release
    listing: Listing
    terms: InForce
    recipient: Recipient
    answer: Answer


@dataclass(frozen=True, slots=True)
class Asking:
    """How a copy was asked for: ``who`` is address and User-Agent, hashed at once and never kept.

    ``again`` is a request that by its nature belongs to one before it: a HEAD, or a Range from the middle.
    """

    who: str
    again: bool = False
    copy_id: UUID | None = None


WANTED = (
    select(Artifact, Release, Listing, LicenseRecord, Publisher.first_party)
    .join(Release, Release.id == Artifact.release_id)
    .join(Listing, Listing.id == Release.listing_id)
    .join(Publisher, Publisher.id == Listing.publisher_id)
    .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
    # A decision reads the few columns that it needs; long texts stay where they are.
    .options(
        load_only(
            LicenseRecord.expression, LicenseRecord.state, LicenseRecord.basis, LicenseRecord.form,
            LicenseRecord.source, LicenseRecord.source_until, LicenseRecord.terms_digest, LicenseRecord.refs,
            LicenseRecord.change_date, LicenseRecord.change_license,
        ),
        defer(Release.content), defer(Release.said), defer(Release.findings), defer(Release.reasons),
        defer(Listing.description),
    )
)  # fmt: skip


def find_wanted(sha256: str, *, by: Actor) -> Wanted:
    """Return the artifact of that digest if it may go to the caller. Raises NotFound, Gone, Refused."""
    rows = session().execute(WANTED.where(Artifact.sha256 == sha256))
    return _best([_wanted(row, by=by) for row in rows])


def find_wanted_by_name(ecosystem: str, identifier: str, filename: str, *, by: Actor) -> Wanted:
    """Return the artifact that a client of a feed asks for by its file name, whatever its case.

    ``{sha256}.zip`` names it too: so the Plex store tells versions apart (its ``branch``).
    """
    wanted = filename.lower()
    named = or_(func.lower(Artifact.filename) == wanted, Artifact.sha256.concat(".zip") == wanted)
    rows = session().execute(
        WANTED.where(Listing.ecosystem == ecosystem, Listing.identifier == identifier, named)
    )
    return _best([_wanted(row, by=by, own_protocol=True) for row in rows])


def convey(wanted: Wanted, asking: Asking, *, by: Actor) -> Copy:
    """Record a copy, or find the one that this request belongs to; committed when this returns."""
    with transaction() as tx:
        known_by = [] if by.signed_in else folds(tx, wanted.artifact.sha256, asking.who)
        known = _known_copy(tx, wanted, asking, by, known_by)
        if known and _goes_out_as(known, wanted):
            return known
        copy = _new_copy(wanted, by, fold=known_by[0] if known_by else None)
        tx.add(copy)
    return copy


def make_copy(sha256: str, *, by: Actor) -> Copy:
    """Record a new copy, always with a new id (``POST …/copies``)."""
    wanted = find_wanted(sha256, by=by)
    with transaction() as tx:
        copy = _new_copy(wanted, by, fold=None)
        tx.add(copy)
    return copy


def _new_copy(wanted: Wanted, by: Actor, *, fold: str | None) -> Copy:
    return Copy(
        artifact_sha256=wanted.artifact.sha256, release_id=wanted.release.id, recipient=wanted.recipient,
        account_id=by.account_id, rule=wanted.answer.rule, **_terms(wanted), conveyed_at=now(), fold=fold,
    )  # fmt: skip


def answer_on_release(release_id: UUID, *, by: Actor) -> Answer:
    """Return the answer on a copy of a release's package, for what is shown beside it. Raises NotFound."""
    return wanted_of(release_id, by=by).answer


def wanted_of(release_id: UUID, *, by: Actor) -> Wanted:
    """Return a release's package as the caller might want it, with whatever answer. Raises NotFound."""
    query = WANTED.where(Release.id == release_id, Artifact.role == "package")
    row = session().execute(query).first()
    if row is None:
        raise NotFound("There is no such release.")
    return _wanted(row, by=by)


def check_not_removed(release: Release, *, by: Actor) -> None:
    """Raise LegallyRemoved for what a legal demand took away, its texts too; moderators see them."""
    if is_legally_removed(release.state, release.state_reason) and not by.is_moderator:
        raise refusal(LEGALLY_REMOVED)


def refusal(answer: Answer) -> MarqueeError:
    """Return the error that tells the answer."""
    extra = {"rule": answer.rule, **answer.extra}
    helps = in_words(answer.extra.get("needs"), NEEDS)
    detail = f"{answer.sentence} What would change this: {'; '.join(helps)}." if helps else answer.sentence
    if answer.outcome is Outcome.GONE:
        return Gone(detail, code=answer.rule, extra=extra)
    if answer.outcome is Outcome.LEGAL:
        return LegallyRemoved(detail, code=answer.rule, extra=extra)
    if answer.outcome is Outcome.ASKED:
        return AcknowledgementRequired(detail, code=answer.rule, extra=extra)
    if answer.outcome is Outcome.REFUSED:
        return Refused(detail, code=answer.rule, extra=extra)
    return NotFound(detail or "Nothing is known under this name.")


def _wanted(row: Sequence[Any], *, by: Actor, own_protocol: bool = False) -> Wanted:
    artifact, release, listing, record, first_party = row
    recipient = recipient_of(by, listing)
    at = now()
    terms = InForce.of(record, at=at)
    agreed = _acknowledged(Subject.TERMS, terms.digest, by, recipient)
    case = Case(
        state=release.state, ever_published=release.published_at is not None, recipient=recipient, at=at,
        legal=is_legally_removed(release.state, release.state_reason), terms=terms,
        terms_acknowledged=agreed,
        commercial_operator=settings().commercial_operator, first_party=first_party,
        notice_digest=release.notice_digest, privacy_gate=settings().privacy_gate, own_protocol=own_protocol,
        notice_acknowledged=not first_party
        and _acknowledged(Subject.NOTICE, release.notice_digest, by, recipient),
        limit=broken_limit(release, first_party=first_party, agreed=agreed, by=by),
    )  # fmt: skip
    return Wanted(artifact, release, listing, terms, recipient, decide(case))


def _acknowledged(subject: Subject, digest: str | None, by: Actor, recipient: Recipient) -> bool:
    """Say whether the caller agreed to a digest; who is never asked is not looked up."""
    asked = recipient in {Recipient.ACCOUNT, Recipient.SERVER}
    return asked and digest is not None and has_acknowledged(subject, digest, by=by)


def recipient_of(by: Actor, listing: Listing) -> Recipient:
    """Return the class of the caller, as the table of decisions knows it."""
    if not by.signed_in:
        return Recipient.ANONYMOUS
    if by.server_id is not None:
        return Recipient.SERVER
    if by.role_in(listing.publisher_id) is not None:
        return Recipient.MEMBER
    return Recipient.MODERATOR if by.is_moderator else Recipient.ACCOUNT


RANK = (
    Outcome.ALLOWED, Outcome.ASKED, Outcome.REFUSED, Outcome.LEGAL, Outcome.GONE, Outcome.UNKNOWN,
)  # fmt: skip


def _best(found: list[Wanted]) -> Wanted:
    """Return the most open of several releases that hold the same bytes. Raises its refusal."""
    if not found:
        raise NotFound("Nothing is known under this name or digest.")
    best = min(found, key=lambda wanted: (RANK.index(wanted.answer.outcome), _order(wanted.release)))
    if not best.answer.allowed:
        raise refusal(best.answer)
    return best


def _order(release: Release) -> int:
    return 0 if release.state is ReleaseState.PUBLISHED else 1


def _goes_out_as(known: Copy, wanted: Wanted) -> bool:
    """Say whether the bytes would go out now under the very terms and notice of a copy made before."""
    release = wanted.release
    now_told = (release.license_record_id, wanted.terms.digest, release.notice_digest)
    return (known.license_record_id, known.terms_digest, known.notice_digest) == now_told


def _known_copy(tx: Session, wanted: Wanted, asking: Asking, by: Actor, known_by: list[str]) -> Copy | None:
    sha256 = wanted.artifact.sha256
    if asking.copy_id:
        known = tx.get(Copy, asking.copy_id)
        if known and known.artifact_sha256 == sha256 and known.account_id == by.account_id:
            return known
    if not by.signed_in:
        return copy_within_window(tx, known_by)
    if not asking.again:
        return None
    return tx.scalar(
        select(Copy)
        .where(
            Copy.account_id == by.account_id, Copy.artifact_sha256 == sha256,
            Copy.conveyed_at > now() - WINDOW,
        )
        .order_by(Copy.conveyed_at.desc())
        .limit(1)
    )  # fmt: skip


def _terms(wanted: Wanted) -> dict[str, Any]:
    """Return what the copy keeps of the terms under which it goes out."""
    terms = wanted.terms
    return {
        "license": terms.expression,
        "basis": terms.basis.value,
        "terms_digest": terms.digest,
        "license_record_id": wanted.release.license_record_id,
        "notice_digest": wanted.release.notice_digest,
    }
