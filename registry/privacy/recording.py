"""What ingest records of a release's privacy: found, declared, and what follows from both."""

from typing import Any

from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.bundles.inspection import Inspection
from registry.bundles.privacy.declaration import Declaration
from registry.policies.service import watch
from registry.privacy.declaring import declaration_of, row_as_json
from registry.privacy.models import PrivacyDeclaration, PrivacyFound, Source
from registry.privacy.noticing import renew
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
    release.maturity = release.said.get("maturity")
    if evidence is not None and evidence.declared is not None:
        add_declaration(tx, release, declaration_of(evidence.declared), Source.BUNDLE, upload)
    elif said := upload.said.get("privacy"):
        add_declaration(tx, release, declaration_of(said), Source(said["from"]), upload)
    renew(tx, release, because="release")


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
