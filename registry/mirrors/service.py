"""What a mirror reads: each change since a serial, and the bytes that it may pass on.

An entry is decided anew when it is read; of a release that no mirror ever could have nothing is said. To a
media server with limits what they keep out is as if removed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from registry.accounts.actor import Actor
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import has_acknowledged
from registry.clock import now
from registry.configured import settings
from registry.conveyance.deciding import OUTSIDE_LIMITS, Answer, Outcome
from registry.conveyance.models import Recipient
from registry.conveyance.service import Wanted, refusal
from registry.database import session
from registry.errors import Conflict, NotFound
from registry.licensing.permissions import four_words
from registry.licensing.terms import InForce
from registry.listings.models import Listing
from registry.mirrors.models import MirrorChange
from registry.mirrors.offering import answer_for_mirrors, basis_of, rows_of
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release
from registry.releases.reading import artifacts_of
from registry.servers.limiting import broken_limit, let_in

MOST = 500
OF_LIMITS = "server.limit"


@dataclass(frozen=True, slots=True)
class Changes:
    """Some changes in the order of their serials; ``serial`` is where to go on, ``latest`` the newest."""

    changes: list[dict[str, Any]]
    serial: int
    latest: int

    @property
    def more(self) -> bool:
        """Whether there are more changes behind these."""
        return self.serial < self.latest


def changes_since(since: int, *, limit: int = 100, by: Actor) -> Changes:
    """Return the changes behind a serial. Raises Conflict (``mirror.serial``) for one never given."""
    latest = session().scalar(select(func.coalesce(func.max(MirrorChange.serial), 0))) or 0
    if since > latest:
        raise Conflict(
            f"The newest serial is {latest}; {since} was never given. Begin again with since=0.",
            code="mirror.serial",
            extra={"latest": latest},
        )
    rows = session().execute(
        rows_of(
            MirrorChange.serial, Release.version, Release.content, Release.changed_at, Listing.ecosystem,
            Listing.identifier, Listing.name, Publisher.slug,
        )
        .join(MirrorChange, MirrorChange.release_id == Release.id)
        .where(MirrorChange.serial > since)
        .order_by(MirrorChange.serial)
        .limit(min(limit, MOST))
    ).all()  # fmt: skip
    asked = [row.id for row in rows]
    artifacts, readable, at = artifacts_of(asked), let_in(asked, by=by), now()
    told = [_told(row, artifacts[row.id], at) if row.id in readable else _kept_out(row) for row in rows]
    return Changes(told, rows[-1].serial if rows else since, latest)


def find_mirrored(sha256: str, *, by: Actor) -> Wanted:
    """Return an artifact that mirrors may have. Raises NotFound, and what refuses one that they once had."""
    rows = session().execute(
        rows_of(Artifact, Release, Listing, MirrorChange.serial)
        .join(Artifact, Artifact.release_id == Release.id)
        .outerjoin(MirrorChange, MirrorChange.release_id == Release.id)
        .where(Artifact.sha256 == sha256)
    )
    refused: Answer | None = None
    at = now()
    for row in rows:
        answer = answer_for_mirrors(row, at=at)
        if answer.allowed and by.server_id is not None:
            answer = _within_limits(row, answer, at, by)
        if answer.allowed:
            terms = InForce.of(row.LicenseRecord, at=at)
            return Wanted(row.Artifact, row.Release, row.Listing, terms, Recipient.MIRROR, answer)
        refused = answer if row.serial is not None else refused
    raise (
        refusal(refused) if refused else NotFound("Nothing that mirrors may have is known under this digest.")
    )


def _within_limits(row: Row[Any], answer: Answer, at: datetime, by: Actor) -> Answer:
    """Return the answer for a media server: its own limits hold on this way too."""
    agreed = has_acknowledged(Subject.TERMS, InForce.of(row.LicenseRecord, at=at).digest, by=by)
    limit = broken_limit(row.Release, first_party=row.first_party, agreed=agreed, by=by)
    return answer if limit is None else Answer(Outcome.REFUSED, OF_LIMITS, OUTSIDE_LIMITS, {"limit": limit})


def _kept_out(row: Row[Any]) -> dict[str, Any]:
    return {"serial": row.serial, "release": str(row.id), "change": "removed", "rule": OF_LIMITS}


def _told(row: Row[Any], artifacts: list[Artifact], at: datetime) -> dict[str, Any]:
    answer = answer_for_mirrors(row, at=at)
    head = {"serial": row.serial, "release": str(row.id)}
    if not answer.allowed:
        return {**head, "change": "removed", "rule": answer.rule}
    api, notice = f"{settings().public_url}/api/v1", row.notice_digest
    return {
        **head,
        "change": "offered",
        "ecosystem": row.ecosystem, "identifier": row.identifier, "version": row.version,
        "name": row.content["name"], "kind": row.content["kind"], "summary": row.content["summary"],
        "publisher": row.slug, "third_party_privacy": not row.first_party, "state": row.state.value,
        "published_at": row.published_at.isoformat(), "changed_at": row.changed_at.isoformat(),
        "terms": _terms(row, answer, at),
        "notices": f"{api}/releases/{row.id}/notices",
        "privacy_notice": {"digest": notice, "url": f"{api}/notices/{notice}"} if notice else None,
        "documents": {name: f"{api}/releases/{row.id}/sbom.{name}.json" for name in ("spdx", "cdx")},
        "artifacts": [_artifact(artifact, api) for artifact in artifacts],
    }  # fmt: skip


def _terms(row: Row[Any], answer: Answer, at: datetime) -> dict[str, Any]:
    terms, decided = InForce.of(row.LicenseRecord, at=at), answer.terms
    basis = basis_of(row, terms)
    return {
        "digest": terms.digest, "expression": terms.expression, "basis": terms.basis.value,
        "record": str(row.LicenseRecord.id), "references": terms.refs,
        "permissions": {one.word: one.answer for one in four_words(terms)},
        "ends": terms.expiry.as_json() if terms.expiry else None,
        "operator_basis": basis.as_json() if basis else None,
        "conditions": list(decided.conditions) if decided else [],
        "deliver": list(decided.deliver) if decided else [],
    }  # fmt: skip


def _artifact(artifact: Artifact, api: str) -> dict[str, Any]:
    return {
        "role": artifact.role, "filename": artifact.filename, "sha256": artifact.sha256, "md5": artifact.md5,
        "size": artifact.size_bytes, "url": f"{api}/mirror/artifacts/{artifact.sha256}",
    }  # fmt: skip
