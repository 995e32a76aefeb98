"""What ingest records of a release's privacy: found, declared, and what follows from both."""

from typing import Any

from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.bundles.inspection import Inspection
from registry.bundles.privacy.declaration import Declaration
from registry.bundles.privacy.evidence import PrivacyEvidence
from registry.policies.service import watch
from registry.privacy.comparing import contacts_of
from registry.privacy.declaring import declaration_of, row_as_json
from registry.privacy.maturity import strictest
from registry.privacy.models import Act, PrivacyDeclaration, PrivacyFound, PrivacySet, Source
from registry.privacy.noticing import renew
from registry.privacy.reading import acts_on, in_force, known_of, release_before
from registry.releases.models import Release
from registry.uploads.models import Upload


def record_privacy(tx: Session, release: Release, inspection: Inspection, upload: Upload) -> None:
    """Record what was found and declared, why the release waits for it, and its notice.

    ``privacy.toml`` in the bundle wins over what was said at upload. Runs twice without harm.
    """
    if tx.get(PrivacyFound, release.id) is not None:
        return
    evidence = inspection.privacy
    if evidence is not None:
        tx.add(PrivacyFound(release_id=release.id, evidence=evidence.as_json()))
    if evidence is not None and evidence.declared is not None:
        add_declaration(tx, release, declaration_of(evidence.declared), Source.BUNDLE, upload)
    elif said := upload.said.get("privacy"):
        add_declaration(tx, release, declaration_of(said), Source(said["from"]), upload)
    carry_over(tx, release)
    renew(tx, release, because="release")


def carry_over(tx: Session, release: Release) -> None:
    """Let what reviewers set on the release before stand for this one too, and its label.

    An overruled contradiction only where the same lines name the host: other code is looked at anew. The
    label is what was said; a moderator's own holds against a milder one.
    """
    tx.flush()
    before, label = release_before(tx, release), release.said.get("maturity")
    if before is None:
        release.maturity = label
        return
    acts = acts_on(tx, before)
    old, new = known_of(tx, before).found, known_of(tx, release).found
    labelled = [act for act in acts if act.act is Act.MATURITY][-1:]
    for act in (*in_force(acts), *labelled):
        if act.act is not Act.OVERRULE or _same_lines(old, new, act.subject):
            tx.add(
                PrivacySet(
                    release_id=release.id, act=act.act, subject=act.subject, row=act.row, reason=act.reason,
                    account_id=act.account_id,
                )
            )  # fmt: skip
    release.maturity = strictest(label or before.maturity, *(act.subject for act in labelled))


def _same_lines(old: PrivacyEvidence, new: PrivacyEvidence, host: str) -> bool:
    """Say whether nothing but the lines of before names a host."""
    return _lines(new, host) <= _lines(old, host)


def _lines(found: PrivacyEvidence, host: str) -> set[str]:
    return {place.excerpt for each in contacts_of(found) if each.host == host for place in each.evidence}


def add_declaration(
    tx: Session, release: Release, declared: Declaration, source: Source, upload: Upload | None, **who: Any
) -> PrivacyDeclaration:
    """Add a declaration to a release; its account is the upload's, or ``account_id``.

    The policy page that it names is watched from now on.
    """
    row = PrivacyDeclaration(
        release_id=release.id, none=declared.none, rows=[row_as_json(each) for each in declared.data],
        hosts=None if declared.hosts is None else list(declared.hosts), children=declared.children,
        policy_url=declared.policy_url, source=source,
        account_id=upload.account_id if upload else who["account_id"],
    )  # fmt: skip
    tx.add(row)
    if declared.policy_url is not None:
        watch(tx, declared.policy_url, release.listing_id)
    record(
        tx, "privacy_declared", by=who.get("by", SYSTEM), subject=("release", release.id),
        detail={"from": source.value},
    )  # fmt: skip
    return row
