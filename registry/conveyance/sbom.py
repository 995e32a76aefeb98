"""A release as an SPDX 2.3 and a CycloneDX 1.6 document: what is known of its licenses, for machines.

The documents hold facts and the texts of ``LicenseRef-`` names, none of the release's own bytes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from licenses.detection.bundles import BundleDetection, Part
from licenses.detection.roles import Role, role_of
from licenses.expressions import ExpressionError, leaves, parse
from registry.accounts.actor import Actor
from registry.clock import now
from registry.configured import settings
from registry.conveyance.notices import address_of, check_readable, detection_with_texts
from registry.database import session
from registry.licensing.models import LicenseRecord
from registry.licensing.recording import record_in_force
from registry.licensing.terms import expression_at
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.service import get_release

if TYPE_CHECKING:
    from licenses.documents import Subject

LONGEST_REFERENCE = 200_000


@dataclass(frozen=True, slots=True)
class Described:
    """A release and the record that its documents are made of."""

    release: Release
    listing: Listing
    publisher: Publisher
    artifact: Artifact
    record: LicenseRecord


def spdx_of_release(release_id: UUID, *, by: Actor) -> str:
    """Return the SPDX 2.3 document of a release, as JSON. Raises NotFound and what refuses a copy."""
    from licenses.documents import spdx_document  # noqa: PLC0415 - its libraries take 0.2 s to load

    described = _described(release_id, by)
    namespace = f"{settings().public_url}/spdx/{described.release.id}/{described.record.id}"
    return spdx_document(_subject(described), namespace)


def cyclonedx_of_release(release_id: UUID, *, by: Actor) -> str:
    """Return the CycloneDX 1.6 document of a release, as JSON. Raises NotFound and what refuses a copy."""
    from licenses.documents import cyclonedx_document  # noqa: PLC0415 - its libraries take 0.2 s to load

    return cyclonedx_document(_subject(_described(release_id, by)))


def _described(release_id: UUID, by: Actor) -> Described:
    release = get_release(release_id, by=by)
    check_readable(release, by=by)
    package = select(Artifact).where(Artifact.release_id == release.id, Artifact.role == "package")
    listing = session().get_one(Listing, release.listing_id)
    return Described(
        release, listing, session().get_one(Publisher, listing.publisher_id),
        session().scalars(package).one(), record_in_force(session(), release),
    )  # fmt: skip


def _subject(described: Described) -> "Subject":
    from licenses import documents  # noqa: PLC0415 - its libraries take 0.2 s to load

    record, detected = described.record, detection_with_texts(described.record)
    concluded = expression_at(record, now())
    return documents.Subject(
        name=described.listing.identifier, version=described.release.version,
        publisher=" ".join(described.publisher.name.split()), address=address_of(described.artifact),
        sha256=described.artifact.sha256, created=record.made_at, declared=record.declared_expression,
        concluded=concluded, copyrights=tuple(detected.copyrights),
        references=_references(concluded, detected),
        comment="; ".join([f"Basis: {record.basis.value}", *record.reasons])[:5000],
        parts=tuple(documents.Part(part.folder, _plain(part)) for part in detected.parts if part.folder),
    )  # fmt: skip


def _plain(part: Part) -> str | None:
    """Return a part's expression, None for one that no document can hold."""
    try:
        return part.expression and str(parse(part.expression))
    except ExpressionError:
        return None


def _references(expression: str | None, detected: BundleDetection) -> dict[str, str]:
    """Return the texts of the ``LicenseRef-`` names of an expression: the bundle's own license files."""
    if expression is None:
        return {}
    names = {leaf.id for leaf in leaves(parse(expression)) if "LicenseRef-" in leaf.id}
    own = [text for path, text in detected.texts.items() if role_of(path) in {Role.LICENSE, Role.AGREEMENT}]
    text = "\n\n".join(own)[:LONGEST_REFERENCE]
    return dict.fromkeys(names, text) if text else {}
