"""Whether a digest names something that can be agreed to."""

from sqlalchemy import select

from registry.acknowledgements.models import Subject
from registry.database import session
from registry.errors import NotFound
from registry.licensing.models import LicenseRecord
from registry.privacy.models import PrivacyNotice

WORDS = {Subject.TERMS: "terms", Subject.NOTICE: "notice"}


def check_known(subject: Subject, digest: str) -> None:
    """Raise NotFound unless there are terms or is a notice of that digest."""
    named = {
        Subject.TERMS: select(LicenseRecord.id).where(LicenseRecord.terms_digest == digest),
        Subject.NOTICE: select(PrivacyNotice.digest).where(PrivacyNotice.digest == digest),
    }[subject]
    if session().scalar(named.limit(1)) is None:
        raise NotFound(
            f"There is no {WORDS[subject]} of that digest; the refusal of a copy names the right one."
        )
