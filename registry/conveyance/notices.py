"""What goes with a copy: license texts, copyright lines, NOTICE files, changes, where the source is."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from licenses.detection.bundles import BundleDetection
from licenses.notices import LicenseText, Notices, collect
from registry.accounts.actor import Actor
from registry.bundles.licensing import detection_of_json
from registry.clock import now
from registry.configured import settings
from registry.conveyance.deciding import Answer, Outcome
from registry.conveyance.receipts import find_copy
from registry.conveyance.service import answer_on_release, check_not_removed, refusal
from registry.database import session
from registry.derivations.reading import origin_of
from registry.licensing.models import Basis, LicenseDetection, LicenseGrant, LicenseRecord, SourceKind
from registry.licensing.recording import record_in_force, texts_of
from registry.licensing.submission import all_versions
from registry.licensing.terms import InForce
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.service import get_release

#: Who is asked to agree must be able to read what to, before there is a copy.
READABLE_BEFORE = frozenset({"terms.acceptance", "server.limit"})


def notices_of_copy(copy_id: UUID, *, by: Actor) -> Notices:
    """Return the notices of a copy, by the record of its time. Raises NotFound, LegallyRemoved."""
    given = find_copy(copy_id, by=by)
    check_not_removed(given.release, by=by)
    return notices_of(given.release, given.listing, given.publisher, given.record, at=given.copy.conveyed_at)


def notices_of_release(release_id: UUID, *, by: Actor) -> Notices:
    """Return the notices that a copy made now would have. Raises NotFound and what refuses the copy."""
    release = get_release(release_id, by=by)
    check_readable(release, by=by)
    listing = session().get_one(Listing, release.listing_id)
    publisher = session().get_one(Publisher, listing.publisher_id)
    return notices_of(release, listing, publisher, record_in_force(session(), release), at=now())


def check_readable(release: Release, *, by: Actor) -> None:
    """Raise what refuses a copy, but for terms that must be read before they are accepted."""
    answer = answer_on_release(release.id, by=by)
    if not _readable(answer):
        raise refusal(answer)


def notices_of(
    release: Release, listing: Listing, publisher: Publisher, record: LicenseRecord, *, at: datetime
) -> Notices:  # fmt: skip
    """Collect the notices of a release under one of its records, as it held at a moment."""
    made = collect(
        f"{release.content['name']} {release.version} ({listing.identifier}), published by {publisher.name}",
        InForce.of(record, at=at).expression, detection_with_texts(record), changes=_changes(release, record),
        source=where_the_source_is(release, record),
    )  # fmt: skip
    return replace(made, texts=(*made.texts, *_terms_of_grant(record)))


def detection_with_texts(record: LicenseRecord) -> BundleDetection:
    """Return what was detected in the files that a record rests on, with the texts."""
    detection = session().get_one(LicenseDetection, record.detection_id)
    return detection_of_json(detection.found | {"texts": texts_of(session(), detection)})


def where_the_source_is(release: Release, record: LicenseRecord) -> str | None:
    """Say where the source code is to be had, as far as the record and the bundle know."""
    if record.source is SourceKind.OFFER:
        until = f" until {record.source_until:%Y-%m-%d}" if record.source_until else ""
        return f"Its publisher offers the source code{until}, in writing: {record.source_address}"
    if record.source is SourceKind.ARTIFACT:
        lines = [
            f"{artifact.filename} (SHA-256 {artifact.sha256}):\n{address_of(artifact)}"
            for artifact in sources_of(release)
        ]
        return "The source code lies beside it:\n" + "\n".join(lines)
    named = release.content.get("source") or release.said.get("source")
    return f"The publisher names this as the place of the source code: {named}" if named else None


def sources_of(release: Release) -> list[Artifact]:
    """Return the source artifacts of a release."""
    rows = select(Artifact).where(Artifact.release_id == release.id, Artifact.role == "source")
    return list(session().scalars(rows.order_by(Artifact.sha256)))


def address_of(artifact: Artifact) -> str:
    """Return the address that an artifact's bytes are had from."""
    return f"{settings().public_url}/api/v1/artifacts/{artifact.sha256}"


def _readable(answer: Answer) -> bool:
    return answer.allowed or answer.outcome is Outcome.ASKED or answer.rule in READABLE_BEFORE


def _changes(release: Release, record: LicenseRecord) -> str | None:
    origin = origin_of(release)
    told = [] if origin is None else [f"Made from {origin.described}: {origin.url}"]
    if record.changes:
        told.append(record.changes)
    return "\n\n".join(told) or None


def _terms_of_grant(record: LicenseRecord) -> list[LicenseText]:
    """Return the submission terms under which its publisher granted it, where that is the basis."""
    if record.basis is not Basis.GRANT or record.grant_id is None:
        return []
    grant = session().get_one(LicenseGrant, record.grant_id)
    terms = all_versions().get(grant.terms_version)
    if terms is None:
        return []
    return [
        LicenseText(terms.version, "Submission terms: you may use it, no more", "this registry", terms.text)
    ]
