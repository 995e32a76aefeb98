"""Mail to the people of a publisher."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.mail.service import send
from registry.publishers.models import Membership


def tell_members(tx: Session, publisher_id: UUID, purpose: str, *, subject: str, body: str) -> None:
    """Write one mail to each member with a verified address into the open transaction."""
    rows = tx.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.publisher_id == publisher_id,
            Account.email_verified_at.is_not(None),
            Account.disabled_at.is_(None),
        )
    )
    for account in rows.all():
        send(tx, purpose, to=account.email, subject=subject, body=body)
