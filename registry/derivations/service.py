"""Making one's own version of a release: who may, and what is asked of what is uploaded under it.

The one decision table says whether it may be modified; ``licensing/derived`` holds a release whose
conclusion does not keep the license.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.bundles.findings import Finding, Severity
from registry.clock import now
from registry.configured import settings
from registry.conveyance.models import Recipient
from registry.conveyance.service import refusal, wanted_of
from registry.database import session
from registry.errors import MarqueeError, Refused, fault
from registry.ingest.reconcile import Reconciled
from registry.licensing.models import LicenseRecord
from registry.licensing.permissions import terms_of
from registry.licensing.terms import decide_copy, expression_at
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.releases.service import may_see

CHANGES = "Say what you changed of the original, and when; its license asks for it, and every copy tells it."
NOT_ALLOWED = "Its license does not let you change it and pass that on."


def find_origin(said: str, *, by: Actor) -> Release:
    """Return the published release that a publisher names: by id, or by listing and perhaps version.

    Raises Invalid (field ``said/derived_from``).
    """
    release = _by_path(said) if "/" in said else session().get(Release, UUID(said))
    if release is None or release.published_at is None or not may_see(release, by):
        raise fault("said/derived_from", f"There is no published release {said[:120]!r} here.")
    return release


def check_may_derive(release: Release, *, by: Actor) -> None:
    """Raise what refuses the caller to make their own version of a release: Refused, Gone and the rest."""
    wanted = wanted_of(release.id, by=by)
    if not wanted.answer.allowed:
        raise refusal(wanted.answer)
    if wanted.recipient is Recipient.MEMBER:
        return
    decision = decide_copy(
        wanted.terms, wanted.recipient.value, at=now(), action="modify", acknowledged=True,
        commercial_operator=settings().commercial_operator,
    )  # fmt: skip
    if decision.allowed == "no":
        extra = {"rule": decision.rule, "needs": list(decision.needs), "license": wanted.terms.expression}
        raise Refused(NOT_ALLOWED, code=decision.rule, extra=extra)


def may_derive(release: Release, *, by: Actor) -> bool:
    """Say whether "make your own version" is offered to the caller."""
    try:
        check_may_derive(release, by=by)
    except MarqueeError:
        return False
    return True


def with_derivation(agreed: Reconciled, said: dict[str, str], publisher_id: UUID) -> Reconciled:
    """Add what the terms of the original ask of an upload: a statement of changes, another name."""
    origin_id = said.get("derived_from")
    if origin_id is None:
        return agreed
    row = session().execute(
        select(Listing, LicenseRecord)
        .join(Release, Release.listing_id == Listing.id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .where(Release.id == UUID(origin_id))
    )
    listing, record = row.one()
    if listing.publisher_id == publisher_id:
        return agreed  # its own makers ask nothing of themselves
    conditions = terms_of(expression_at(record, now()), record.refs).conditions
    needs, findings = agreed.needs, agreed.findings
    if "state_changes" in conditions and not said.get("changes"):
        needs = (*needs, "changes")
    if "rename" in conditions:
        findings = (*findings, *_same_names(agreed, listing))
    return replace(agreed, needs=needs, findings=findings)


def _same_names(agreed: Reconciled, original: Listing) -> list[Finding]:
    pairs = {
        "identifier": (agreed.identifier, original.identifier),
        "name": (agreed.name, original.name),
    }
    return [
        Finding(
            "derived.rename",
            Severity.ERROR,
            f"Its {what} is {mine!r}, as that of the original; the original's license asks for another.",
            f"Give your version another {what}, then upload it again.",
        )
        for what, (mine, theirs) in pairs.items()
        if mine and " ".join(mine.split()).casefold() == " ".join(theirs.split()).casefold()
    ]


def _by_path(path: str) -> Release | None:
    ecosystem, identifier, *version = path.split("/")
    query = select(Release).join(Listing, Listing.id == Release.listing_id)
    query = query.where(Listing.ecosystem == ecosystem, Listing.identifier == identifier)
    if version:
        query = query.where(Release.version == version[0], Release.published_at.is_not(None))
    else:
        query = query.where(Release.id == Listing.latest_release_id)
    return session().scalars(query.limit(1)).first()
