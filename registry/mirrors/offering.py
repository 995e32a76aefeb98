"""What a mirror may have: the one decision table, asked for the column of mirrors and for passing on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from registry.configured import settings
from registry.conveyance.deciding import Answer, Case, Outcome, decide
from registry.conveyance.models import Recipient
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import InForce, decide_copy
from registry.listings.models import Listing
from registry.mirrors.models import MirrorBasis
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.states import is_legally_removed

COLUMNS = (
    Release.id, Release.state, Release.state_reason, Release.published_at, Release.notice_digest,
    Publisher.first_party, LicenseRecord, MirrorBasis,
)  # fmt: skip


def answer_for_mirrors(row: Row[Any], *, at: datetime) -> Answer:
    """Decide whether mirrors may have a release. ``row`` has COLUMNS."""
    terms = InForce.of(row.LicenseRecord, at=at)
    has_basis = basis_of(row, terms) is not None
    answer = decide(
        Case(
            state=row.state, ever_published=row.published_at is not None, recipient=Recipient.MIRROR, at=at,
            legal=is_legally_removed(row.state, row.state_reason), terms=terms,
            commercial_operator=settings().commercial_operator, first_party=row.first_party,
            notice_digest=row.notice_digest, privacy_gate=settings().privacy_gate, own_protocol=True,
            operator_basis=has_basis,
        )
    )  # fmt: skip
    if not answer.allowed:
        return answer
    onward = decide_copy(
        terms, Recipient.MIRROR.value, at=at, action="redistribute", operator_basis=has_basis
    )
    if onward.allowed != "no":
        return replace(answer, terms=onward)
    return Answer(Outcome.REFUSED, onward.rule, "Its terms do not let mirrors pass it on.", answer.extra)


def basis_of(row: Row[Any], terms: InForce) -> MirrorBasis | None:
    """Return the operator's ground on which mirrors may have a release under its terms, if there is one."""
    found: MirrorBasis | None = row.MirrorBasis
    return found if found is not None and found.holds_for(terms.digest) else None


def rows_of(*columns: Any) -> Select[Any]:
    """Return the query whose rows ``answer_for_mirrors`` reads, with more columns beside them."""
    newest = (
        select(MirrorBasis.id).where(MirrorBasis.release_id == Release.id)
        .order_by(MirrorBasis.made_at.desc()).limit(1).correlate(Release).scalar_subquery()
    )  # fmt: skip
    return (
        select(*COLUMNS, *columns)
        .select_from(Release)
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .outerjoin(MirrorBasis, MirrorBasis.id == newest)
    )


def rows_for(release_ids: Sequence[UUID], *columns: Any) -> Select[Any]:
    """Return the same for some releases."""
    return rows_of(*columns).where(Release.id.in_(release_ids))
