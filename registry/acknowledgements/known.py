"""Whether a digest names something that can be agreed to."""

from sqlalchemy import select

from registry.acknowledgements.models import Subject
from registry.clock import now
from registry.database import session
from registry.errors import NotFound
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import InForce
from registry.privacy.models import PrivacyNotice
from registry.releases.models import Release

WORDS = {Subject.TERMS: "terms", Subject.NOTICE: "notice"}


def check_known(subject: Subject, digest: str) -> None:
    """Raise NotFound unless there are terms or is a notice of that digest."""
    named = {
        Subject.TERMS: select(LicenseRecord.id).where(LicenseRecord.terms_digest == digest),
        Subject.NOTICE: select(PrivacyNotice.digest).where(PrivacyNotice.digest == digest),
    }[subject]
    if session().scalar(named.limit(1)) is not None or (subject is Subject.TERMS and _follows_today(digest)):
        return
    raise NotFound(f"There is no {WORDS[subject]} of that digest; the refusal of a copy names the right one.")


def _follows_today(digest: str) -> bool:
    """Say whether these terms came by a change date, and their own record is still to be written."""
    at = now()
    due = (
        select(LicenseRecord)
        .join(Release, Release.license_record_id == LicenseRecord.id)
        .where(LicenseRecord.change_date <= at.date())
    )
    return any(InForce.of(record, at=at).digest == digest for record in session().scalars(due))
