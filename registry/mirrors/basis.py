"""The operator's ground for mirrors: why they may have a release whose copies are conditional.

It is an admin's word, in writing, for the terms in force: once they change it is no ground any more.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.clock import now
from registry.conveyance.models import Copy, Recipient
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, fault
from registry.licensing.models import LicenseRecord
from registry.licensing.recording import record_in_force
from registry.licensing.terms import InForce, decide_copy
from registry.listings.models import Listing
from registry.mirrors.changes import Change, note_change
from registry.mirrors.models import MirrorBasis
from registry.releases.models import Release
from registry.releases.service import get_release, locked_release
from registry.review.own import check_not_own

SHORTEST, LONGEST = 20, 5000
WANTED = "operator_basis"


def record_basis(release_id: UUID, *, given: bool, reason: str, by: Actor) -> MirrorBasis:
    """Record a ground for mirrors, or take back the one in force. Raises Invalid, Conflict, NotAllowed."""
    author_id = by.must_be_signed_in()
    if not by.is_admin:
        raise NotAllowed("Only an admin says this for the operator (a token needs the scope admin).")
    written = reason.strip()
    if not SHORTEST <= len(written) <= LONGEST:
        raise fault("reason", f"Say in {SHORTEST} to {LONGEST:,} characters why; mirrors read it.")
    with transaction() as tx:
        release = locked_release(tx, release_id)
        check_not_own(tx, release, tx.get_one(Listing, release.listing_id), by)
        terms = InForce.of(record_in_force(tx, release), at=now())
        _check_fits(tx, release, terms, given=given)
        row = MirrorBasis(
            release_id=release.id, license_record_id=release.license_record_id, terms_digest=terms.digest,
            given=given, reason=written, author_id=author_id, made_at=now(),
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        event = "mirror_basis_recorded" if given else "mirror_basis_revoked"
        record(tx, event, by=by, subject=("release", release.id), detail={"reason": written})
        note_change(tx, release, Change.LICENSE)
    return row


def bases_of(release_id: UUID, *, by: Actor) -> list[MirrorBasis]:
    """Return all that was recorded for a release, the oldest first; for moderators. Raises NotAllowed."""
    if not by.is_moderator:
        raise NotAllowed("Only moderators read this.")
    get_release(release_id, by=by)
    rows = select(MirrorBasis).where(MirrorBasis.release_id == release_id).order_by(MirrorBasis.made_at)
    return list(session().scalars(rows))


def basis_helps(record: LicenseRecord) -> bool:
    """Say whether a ground of the operator's is all that mirrors lack."""
    return _helps(InForce.of(record, at=now()))


def basis_in_force(tx: Session, release_id: UUID, terms_digest: str) -> MirrorBasis | None:
    """Return the ground on which mirrors may have a release under these terms, if there is one."""
    newest = select(MirrorBasis).where(MirrorBasis.release_id == release_id)
    row = tx.scalar(newest.order_by(MirrorBasis.made_at.desc()).limit(1))
    return row if row is not None and row.holds_for(terms_digest) else None


def basis_of_copy(copy: Copy) -> MirrorBasis | None:
    """Return the ground on which a mirror got a copy, as it was then."""
    if copy.recipient is not Recipient.MIRROR:
        return None
    earlier = select(MirrorBasis).where(
        MirrorBasis.release_id == copy.release_id, MirrorBasis.made_at <= copy.conveyed_at
    )
    row = session().scalar(earlier.order_by(MirrorBasis.made_at.desc()).limit(1))
    return row if row is not None and row.holds_for(copy.terms_digest) else None


def _check_fits(tx: Session, release: Release, terms: InForce, *, given: bool) -> None:
    there = basis_in_force(tx, release.id, terms.digest)
    if given and there is not None:
        raise Conflict("A ground is in force already; take it back first.", code="mirror.basis")
    if given and not _helps(terms):
        raise Conflict(
            "Its terms do not turn on this: mirrors may have it already, or never may.", code="mirror.basis"
        )
    if not given and there is None:
        raise Conflict("No ground is in force that could be taken back.", code="mirror.basis")


def _helps(terms: InForce) -> bool:
    def asked(**known: bool) -> str:
        return decide_copy(terms, Recipient.MIRROR.value, at=now(), action="redistribute", **known).allowed

    return asked() == "no" and asked(operator_basis=True) != "no"
