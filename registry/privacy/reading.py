"""Reading what is known of a release's privacy: the three records, and those of the release before."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.bundles.privacy.declaration import Declaration
from registry.bundles.privacy.evidence import PrivacyEvidence
from registry.privacy.comparing import NOTHING_FOUND, Facts, Known, SetRow, facts_of
from registry.privacy.declaring import row_of
from registry.privacy.models import Act, PrivacyDeclaration, PrivacyFound, PrivacySet
from registry.releases.models import Release


def known_of(tx: Session, release: Release) -> Known:
    """Return the three records of a release."""
    declared = newest_declaration(tx, release)
    found = tx.get(PrivacyFound, release.id)
    acts = acts_on(tx, release)
    required = [act for act in acts if act.act is Act.REQUIRE]
    accepted = [act for act in acts if act.act is Act.ACCEPT]
    standing = in_force(acts)
    return Known(
        declared=None if declared is None else declaration_in(declared),
        declared_at=None if declared is None else declared.made_at,
        found=NOTHING_FOUND if found is None else PrivacyEvidence.from_json(found.evidence),
        rows_set=tuple(SetRow(row_of(act.row), act.reason) for act in standing if act.row),
        overruled={act.subject: act.reason for act in standing if act.act is Act.OVERRULE},
        required_at=required[-1].made_at if required else None,
        required_because=required[-1].reason if required else "",
        accepted_at=accepted[-1].made_at if accepted else None,
    )


def in_force(acts: Iterable[PrivacySet]) -> list[PrivacySet]:
    """Return the rows set and contradictions overruled that nobody took back, the newest of each subject."""
    standing: dict[tuple[Act, str], PrivacySet] = {}
    for act in acts:
        if act.act in {Act.SET, Act.OVERRULE}:
            standing[act.act, act.subject] = act
        elif act.act is Act.UNSET:
            standing.pop((Act.SET, act.subject), None)
            standing.pop((Act.OVERRULE, act.subject), None)
    return list(standing.values())


def newest_declaration(tx: Session, release: Release) -> PrivacyDeclaration | None:
    """Return the declaration in force."""
    return tx.scalar(
        select(PrivacyDeclaration)
        .where(PrivacyDeclaration.release_id == release.id)
        .order_by(PrivacyDeclaration.made_at.desc())
        .limit(1)
    )


def declaration_in(row: PrivacyDeclaration) -> Declaration:
    """Return a stored declaration in the shape that ``privacy.toml`` has."""
    return Declaration(
        policy_url=row.policy_url, hosts=None if row.hosts is None else tuple(row.hosts),
        children=row.children, none=row.none, data=tuple(row_of(each) for each in row.rows),
    )  # fmt: skip


def acts_on(tx: Session, release: Release) -> list[PrivacySet]:
    """Return what reviewers did, the oldest first."""
    rows = select(PrivacySet).where(PrivacySet.release_id == release.id).order_by(PrivacySet.made_at)
    return list(tx.scalars(rows))


def release_before(tx: Session, release: Release) -> Release | None:
    """Return the release of the same listing that was published last, this one aside."""
    return tx.scalar(
        select(Release)
        .where(
            Release.listing_id == release.listing_id, Release.id != release.id,
            Release.published_at.is_not(None),
            *_published_earlier(release),
        )
        .order_by(Release.published_at.desc())
        .limit(1)
    )  # fmt: skip


def _published_earlier(release: Release) -> Iterable[Any]:
    return () if release.published_at is None else (Release.published_at < release.published_at,)


def facts_before(tx: Session, release: Release) -> Facts | None:
    """Return the facts of the release before; None where there is none, or it was never searched."""
    before = release_before(tx, release)
    if before is None or tx.get(PrivacyFound, before.id) is None:
        return None
    return facts_of(known_of(tx, before))
