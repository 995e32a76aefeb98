"""The receipt of a copy: what went out, under which terms, why; of its recipient only the class."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.acknowledgements.models import Acknowledgement, Subject
from registry.configured import settings
from registry.conveyance.models import Copy
from registry.database import session
from registry.errors import NotFound
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import WORDS, InForce, decide_copy
from registry.listings.models import Listing
from registry.mirrors.basis import basis_of_copy
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.servers.limiting import let_in


@dataclass(frozen=True, slots=True)
class Given:
    """A copy with all that it is of. ``record`` is the license record under which it was made."""

    copy: Copy
    artifact: Artifact
    release: Release
    listing: Listing
    publisher: Publisher
    record: LicenseRecord


def find_copy(copy_id: UUID, *, by: Actor) -> Given:
    """Return a copy by its id; to a media server only one of what its limits let in. Raises NotFound."""
    row = (
        session()
        .execute(
            select(Copy, Artifact, Release, Listing, Publisher, LicenseRecord)
            .join(Release, Release.id == Copy.release_id)
            .join(Artifact, (Artifact.release_id == Release.id) & (Artifact.sha256 == Copy.artifact_sha256))
            .join(Listing, Listing.id == Release.listing_id)
            .join(Publisher, Publisher.id == Listing.publisher_id)
            .join(LicenseRecord, LicenseRecord.id == Copy.license_record_id)
            .where(Copy.id == copy_id)
            .order_by(Artifact.role)
        )
        .first()
    )
    if row is None or not let_in([row.Release.id], by=by):
        raise NotFound("There is no such copy.")
    return Given(*row)


def receipt_of(copy_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Return the receipt of a copy as JSON has it. Raises NotFound."""
    given = find_copy(copy_id, by=by)
    copy, artifact, release = given.copy, given.artifact, given.release
    return {
        "id": str(copy.id),
        "artifact": {
            "sha256": artifact.sha256, "md5": artifact.md5, "size": artifact.size_bytes,
            "filename": artifact.filename, "role": artifact.role,
        },
        "release": str(release.id),
        "ecosystem": given.listing.ecosystem,
        "identifier": given.listing.identifier,
        "version": release.version,
        "name": given.listing.name,
        "publisher": given.publisher.slug,
        "third_party_privacy": not given.publisher.first_party,
        "recipient": copy.recipient.value,
        "rule": copy.rule,
        "license": copy.license,
        "basis": copy.basis,
        "terms": copy.terms_digest,
        "license_record": str(copy.license_record_id),
        "permissions": permissions_of(given),
        "source": _source(given.record),
        "ends": _ends(given),
        "operator_basis": _operator_basis(copy),
        "privacy_notice": copy.notice_digest,
        "acknowledgements": acknowledged_for(copy),
        "conveyed_at": copy.conveyed_at.isoformat(),
        "state_now": release.state.value,
        "links": _links(copy),
    }  # fmt: skip


def permissions_of(given: Given) -> dict[str, Any]:
    """Return what the recipient may do by the terms of the copy: the four, with rules and conditions."""
    copy = given.copy
    terms, basis = InForce.of(given.record, at=copy.conveyed_at), basis_of_copy(copy)
    decided = {
        word: decide_copy(
            terms, copy.recipient.value, at=copy.conveyed_at, action=word, acknowledged=True,
            commercial_operator=settings().commercial_operator, operator_basis=basis is not None,
        )
        for word in WORDS
    }  # fmt: skip
    shown = ("allowed", "rule", "conditions", "branch")
    return {word: {key: getattr(one, key) for key in shown} for word, one in decided.items()}


def acknowledged_for(copy: Copy) -> list[dict[str, Any]]:
    """Return what its recipient had agreed to when the copy was made."""
    if copy.account_id is None:
        return []
    wanted = {Subject.TERMS: copy.terms_digest, Subject.NOTICE: copy.notice_digest}
    rows = select(Acknowledgement).where(
        Acknowledgement.account_id == copy.account_id,
        Acknowledgement.digest.in_([digest for digest in wanted.values() if digest]),
        Acknowledgement.made_at <= copy.conveyed_at,
    )
    return [
        {"subject": row.subject.value, "digest": row.digest, "how": row.how.value,
         "made_at": row.made_at.isoformat()}
        for row in session().scalars(rows.order_by(Acknowledgement.made_at))
        if wanted[row.subject] == row.digest
    ]  # fmt: skip


def _source(record: LicenseRecord) -> dict[str, Any] | None:
    if record.source.value == "none":
        return None
    until = record.source_until.isoformat() if record.source_until else None
    return {"kind": record.source.value, "address": record.source_address, "until": until}


def _operator_basis(copy: Copy) -> dict[str, str] | None:
    basis = basis_of_copy(copy)
    return basis.as_json() if basis else None


def _ends(given: Given) -> dict[str, str] | None:
    """Return what its license says of a day from which another one applies, where that was still to come."""
    terms = InForce.of(given.record, at=given.copy.conveyed_at)
    return terms.expiry.as_json() if terms.expiry else None


def _links(copy: Copy) -> dict[str, str | None]:
    """Return where the rest is: all addresses are stable."""
    base = settings().public_url
    api, notice = f"{base}/api/v1", copy.notice_digest
    return {
        "receipt": f"{api}/copies/{copy.id}",
        "page": f"{base}/copies/{copy.id}",
        "notices": f"{api}/copies/{copy.id}/notices",
        "license": f"{api}/releases/{copy.release_id}/license/history",
        "privacy_notice": f"{api}/notices/{notice}" if notice else None,
        "spdx": f"{api}/releases/{copy.release_id}/sbom.spdx.json",
        "cyclonedx": f"{api}/releases/{copy.release_id}/sbom.cdx.json",
    }
