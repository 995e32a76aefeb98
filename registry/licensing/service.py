"""The use cases of license records: declare, conclude, grant, revoke, say where the source is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from licenses.expiry import Expiry
from licenses.expressions import leaves, parse
from licenses.records import declare
from licenses.terms import CONDITIONS
from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, NotFound, StateMoved, fault
from registry.licensing.change import same_evidence_as_last, unchanged_since
from registry.licensing.declaring import check_declared, check_expression
from registry.licensing.expiring import check_expiry
from registry.licensing.models import (
    NOTHING_SAID,
    Basis,
    LicenseDetection,
    LicenseGrant,
    LicenseRecord,
    LicenseState,
    SourceKind,
)
from registry.licensing.recording import SUGGESTING, Draft, carry_on, record_in_force, redraw
from registry.licensing.submission import SubmissionTerms, all_versions, current_terms
from registry.licensing.terms import WORDS
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.releases.service import get_release, locked_release
from registry.releases.states import LEGAL_REASON, ReleaseState
from registry.review.own import check_not_own
from registry.servers.limiting import let_in

OFFER_AT_LEAST = timedelta(days=3 * 365)
LONGEST_NOTE = 5000
#: Of how many releases that hold a text a media server's limits are asked.
MOST_HOLDING = 200
SAME_AS_LAST = "Same as in the last published release: nothing changed."


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is concluded, and what it rests on.

    ``refs`` gives each ``LicenseRef-`` name its facets and conditions, ``expiry`` says when which license
    takes the place of one that ends.
    """

    expression: str
    note: str
    refs: Mapping[str, Any] = field(default_factory=dict)
    expiry: Expiry | None = None


def record_of(release_id: UUID, *, by: Actor) -> tuple[Release, LicenseRecord, LicenseDetection]:
    """Return the record in force of a release that the caller may know of. Raises NotFound."""
    release = get_release(release_id, by=by)
    row = record_in_force(session(), release)
    return release, row, session().get_one(LicenseDetection, row.detection_id)


def history_of(release_id: UUID, *, by: Actor) -> list[LicenseRecord]:
    """Return every record of a release, the oldest first."""
    get_release(release_id, by=by)
    rows = select(LicenseRecord).where(LicenseRecord.release_id == release_id).order_by(LicenseRecord.made_at)
    return list(session().scalars(rows))


def declare_license(release_id: UUID, text: str, *, by: Actor) -> LicenseRecord:
    """Let the publisher say which license a waiting release has. Raises Invalid, NotAllowed, StateMoved."""
    declared = declare(check_declared(text))
    with transaction() as tx:
        release = _of_publisher(tx, release_id, by)
        if release.state is not ReleaseState.WAITING or release.approved_at is not None:
            raise StateMoved("Its license was concluded; a later release may declare another one.")
        if release.content.get("license") and declare(release.content["license"]).expression:
            raise Conflict(
                "The bundle itself declares its license; change it there.", code="license.declared"
            )
        row = redraw(
            tx, release, Draft(declared=declared, declared_by=by.account_id, author_id=by.account_id)
        )
        record(tx, "license_declared", by=by, subject=("release", release.id), detail={"license": text})
    return row


def conclude_license(
    release_id: UUID, expression: str, *, note: str, by: Actor, refs: Mapping[str, Any] | None = None,
    expiry: Expiry | None = None,
) -> LicenseRecord:  # fmt: skip
    """Record a moderator's conclusion, before publication or as a correction after it.

    ``refs`` gives each ``LicenseRef-`` name its facets and conditions, ``expiry`` says when which license
    takes the place of one that ends. Raises Invalid, NotAllowed (also on one's own release).
    """
    if not by.is_moderator:
        by.must_be_signed_in()
        raise NotAllowed("Only moderators conclude a license (a token needs the scope review).")
    with transaction() as tx:
        release = locked_release(tx, release_id)
        check_not_own(tx, release, tx.get_one(Listing, release.listing_id), by)
        return conclude(tx, release, Conclusion(expression, note, refs or {}, expiry), by=by)


def conclude_as_last(release_id: UUID, *, note: str, by: Actor) -> LicenseRecord:
    """Conclude what was concluded for the last published release, where the evidence is the same.

    Raises Invalid where it is not, and what ``conclude_license`` raises.
    """
    release, row, _ = record_of(release_id, by=by)
    last = same_evidence_as_last(session(), release, row)
    if last is None or last.expression is None:
        raise fault("expression", "Its files or its declaration differ from last time; conclude it in words.")
    version = session().get_one(Release, last.release_id).version
    told = note.strip() or f"Same as in {version}: nothing changed."
    return conclude_license(release_id, last.expression, note=told, refs=last.refs, expiry=last.expiry, by=by)


def conclude(tx: Session, release: Release, said: Conclusion, *, by: Actor) -> LicenseRecord:
    """Record a conclusion in the caller's transaction. Raises Invalid."""
    checked = check_expression(said.expression)
    if not said.note.strip() or len(said.note) > LONGEST_NOTE:
        raise fault("note", f"Say in 1 to {LONGEST_NOTE:,} characters what the conclusion rests on.")
    terms = _check_refs(checked, said.refs)
    check_expiry(said.expiry, checked, terms)
    draft = Draft(
        expression=checked, refs=terms, expiry=said.expiry, author_id=by.account_id, note=said.note.strip()
    )
    row = redraw(tx, release, draft)
    detail = {"expression": checked, "basis": row.basis.value}
    if said.expiry is not None:
        detail |= said.expiry.as_json()
    record(tx, "license_concluded", by=by, subject=("release", release.id), detail=detail)
    return row


def settle_for_approval(tx: Session, release: Release, *, license: str | None, note: str, by: Actor) -> None:  # noqa: A002
    """Make sure that a release which is approved has a decided license. Raises Conflict, Invalid.

    A moderator's yes to the release is a yes to what was concluded last time where the evidence is the
    same, else to what it suggests where only the declaration or only the files say it; what contradicts
    itself, is altered or missing takes a conclusion in words.
    """
    if license:
        conclude(tx, release, Conclusion(license, note.strip() or "Concluded with the approval."), by=by)
        return
    row = record_in_force(tx, release)
    if row.state is LicenseState.CONCLUDED:
        return
    if (last := unchanged_since(tx, release, row)) is not None and last.expression is not None:
        conclude(tx, release, Conclusion(last.expression, SAME_AS_LAST, last.refs, last.expiry), by=by)
        return
    if row.code == NOTHING_SAID and row.basis is Basis.GRANT:
        conclude(tx, release, Conclusion("NONE", "No license; conveyed on its publisher's grant."), by=by)
        return
    if row.code in SUGGESTING and row.suggested and row.state is LicenseState.UNDECIDED:
        conclude(tx, release, Conclusion(row.suggested, "Confirmed with the approval."), by=by)
        return
    raise Conflict(
        "Its license is not decided: "
        + ("; ".join(row.reasons[:3]) or "nothing says which one it is")
        + ". Conclude it on the release's license page, or approve with `license`.",
        code="license.undecided",
        extra={"state": row.state.value, "reasons": row.reasons[:20], "suggested": row.suggested},
    )


def give_grant(release_id: UUID, *, terms_digest: str, by: Actor) -> LicenseRecord:
    """Grant one release to this registry under the submission terms that the caller has read.

    Raises Invalid when the digest is not that of the terms offered now, NotAllowed.
    """
    with transaction() as tx:
        release = _of_publisher(tx, release_id, by)
        offered = _terms_of_digest(terms_digest)
        row = LicenseGrant(
            release_id=release.id, account_id=by.must_be_signed_in(), terms_version=offered.version,
            terms_digest=offered.sha256,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        record(
            tx, "license_granted", by=by, subject=("release", release.id), detail={"terms": offered.version}
        )
        return carry_on(tx, release, by.account_id, "Granted by the publisher.", grant_id=row.id)


def revoke_grant(release_id: UUID, *, by: Actor) -> LicenseRecord:
    """Revoke the grant of a release: no new copies on its ground. Raises Conflict without one."""
    with transaction() as tx:
        release = _of_publisher(tx, release_id, by)
        before = record_in_force(tx, release)
        given = tx.get(LicenseGrant, before.grant_id) if before.grant_id else None
        if given is None or given.revoked_at is not None:
            raise Conflict("This release has no grant that could be revoked.", code="license.no_grant")
        given.revoked_at, given.revoked_by = now(), by.account_id
        tx.flush()
        record(tx, "license_grant_revoked", by=by, subject=("release", release.id))
        return carry_on(tx, release, by.account_id, "The grant was revoked.")


def offer_source(release_id: UUID, *, address: str, until: datetime, by: Actor) -> LicenseRecord:
    """Record a written offer: where the source of a binary is to be had, and until when. Raises Invalid."""
    parts = urlsplit(address.strip())
    if parts.scheme not in {"https", "http"} or not parts.hostname or len(address) > 2000:
        raise fault("address", "Give the address of the source: https://…, at most 2,000 characters.")
    if until.tzinfo is None or until < now() + OFFER_AT_LEAST:
        raise fault("until", "A written offer holds for at least three years; say until when, with its zone.")
    with transaction() as tx:
        release = _of_publisher(tx, release_id, by)
        record(
            tx, "source_offered", by=by, subject=("release", release.id),
            detail={"address": address, "until": until.isoformat()},
        )  # fmt: skip
        return carry_on(
            tx, release, by.account_id, "The publisher offers the source in writing.",
            source=SourceKind.OFFER, source_address=address.strip(), source_until=until,
        )  # fmt: skip


def _terms_of_digest(terms_digest: str) -> SubmissionTerms:
    """Return the submission terms that are offered now. Raises Invalid for the digest of any other."""
    offered = current_terms()
    if terms_digest == offered.sha256:
        return offered
    known = any(terms_digest == one.sha256 for one in all_versions().values())
    older = "are an older version" if known else "are unknown here"
    raise fault(
        "terms_digest",
        f"The submission terms that you agreed to {older}; read version {offered.version} "
        f"(GET /api/v1/submission-terms) and send its digest.",
    )


def _check_refs(expression: str, refs: Mapping[str, Any]) -> dict[str, Any]:
    names = {leaf.id for leaf in leaves(parse(expression)) if "LicenseRef-" in leaf.id}
    if extra := set(refs) - names:
        raise fault("references", f"{min(extra)[:100]} does not stand in the expression.")
    kept = {}
    for name, given in refs.items():
        facets, conditions = given.get("facets", {}), given.get("conditions", [])
        if set(facets) != set(WORDS) or not set(facets.values()) <= {"yes", "conditional", "no", "unknown"}:
            raise fault("references", f"{name}: say yes, conditional, no or unknown for {', '.join(WORDS)}.")
        if unknown := set(conditions) - set(CONDITIONS):
            raise fault("references", f"{name}: {min(unknown)[:60]} is no condition that is known here.")
        kept[name] = {"facets": dict(facets), "conditions": sorted(set(conditions))}
    return kept


def _of_publisher(tx: Session, release_id: UUID, by: Actor) -> Release:
    """Return a locked release of a publisher that the caller may act for. Raises NotAllowed, NotFound."""
    by.must_be_signed_in()
    release = locked_release(tx, release_id)
    listing = tx.get_one(Listing, release.listing_id)
    if not by.may_upload_to(listing.publisher_id):
        if release.published_at is None and not by.is_moderator:
            raise NotFound("There is no such release.")
        raise NotAllowed("Only members of its publisher may say this of a release.")
    return release


def text_is_public(sha256: str, *, by: Actor) -> bool:
    """Say whether a text stands in a release that was ever published, and that no legal demand took away.

    Moderators see every one; a media server those of the releases that its limits let in.
    """
    if by.is_moderator:
        return True
    if not sha256.isalnum():
        return False
    # Without a variable, so that the index answers.
    holds = LicenseDetection.texts.op("@?")(cast(f'$.* ? (@ == "{sha256}")', JSONPATH))
    taken_away = (Release.state == ReleaseState.WITHDRAWN) & (Release.state_reason == LEGAL_REASON)
    found = (
        select(LicenseDetection.release_id)
        .join(Release, Release.id == LicenseDetection.release_id)
        .where(holds, Release.published_at.is_not(None), ~taken_away)
    )
    most = 1 if by.server_id is None else MOST_HOLDING
    return bool(let_in(session().scalars(found.limit(most)), by=by))
