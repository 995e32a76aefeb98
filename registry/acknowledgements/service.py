"""Giving and asking for acknowledgements. A household's owner speaks for its servers."""

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from registry.accounts.actor import Actor
from registry.acknowledgements.models import Acknowledgement, How, Subject
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import fault

DIGEST = re.compile(r"[0-9a-f]{64}")


def acknowledge(subject: Subject, digest: str, *, how: How, by: Actor) -> None:
    """Keep that the account behind ``by`` agreed to a digest; once is enough. Raises Invalid, NotSignedIn.

    Who asks must have made sure that the digest names terms or a notice that there are.
    """
    account_id = by.must_be_signed_in()
    if not DIGEST.fullmatch(digest):
        raise fault("digest", "A digest is 64 lowercase hexadecimal digits; the refusal named it.")
    values = {
        "account_id": account_id, "server_id": by.server_id, "subject": subject,
        "digest": digest, "how": how, "made_at": now(),
    }  # fmt: skip
    with transaction() as tx:
        made = tx.execute(
            insert(Acknowledgement)
            .values(values)
            .on_conflict_do_nothing(index_elements=["account_id", "subject", "digest"])
            .returning(Acknowledgement.id)
        ).scalar()
        if made:
            record(tx, f"{subject.value}_acknowledged", by=by, subject=("account", account_id),
                   detail={"digest": digest, "how": how.value})  # fmt: skip


def has_acknowledged(subject: Subject, digest: str, *, by: Actor) -> bool:
    """Say whether the account behind ``by`` has agreed to a digest."""
    return by.account_id is not None and digest in acknowledged_digests(
        subject, account_id=by.account_id, among=digest
    )


def acknowledged_digests(subject: Subject, *, account_id: UUID, among: str | None = None) -> set[str]:
    """Return the digests that an account has agreed to; with ``among`` only whether that one is one."""
    rows = select(Acknowledgement.digest).where(
        Acknowledgement.account_id == account_id, Acknowledgement.subject == subject
    )
    if among is not None:
        rows = rows.where(Acknowledgement.digest == among)
    return set(session().scalars(rows))
