"""A secret of ours that was found where it does not belong ends at once, and its owner hears of it."""

from collections.abc import Sequence

from sqlalchemy import select

from registry.accounts.actor import SYSTEM
from registry.accounts.models import Account, ApiToken, BrowserSession
from registry.accounts.tokens import end_token
from registry.audit.service import record
from registry.database import transaction
from registry.mail.service import send


def end_leaked(digests: Sequence[str], *, where: str) -> int:
    """End every token and session whose SHA-256 is among ``digests``; return how many there were."""
    if not digests:
        return 0
    with transaction() as tx:
        tokens = tx.scalars(
            select(ApiToken)
            .where(ApiToken.digest.in_(digests), ApiToken.revoked_at.is_(None))
            .with_for_update()
        ).all()
        for token in tokens:
            end_token(token, f"it was found in {where}")
            record(tx, "token_leaked", by=SYSTEM, subject=("token", token.id), detail={"where": where})
            owner = tx.get_one(Account, token.account_id)
            send(
                tx, "token_leaked", to=owner.email, subject=f"Your token “{token.name}” was revoked",
                body=f"Your token “{token.name}” ({token.shown_prefix}…) was found in {where}, where "
                "others could have read it. It no longer works. Make a new one on your account page, and "
                "keep it in the secret store of your CI.",
            )  # fmt: skip
        sessions = tx.scalars(
            select(BrowserSession).where(BrowserSession.digest.in_(digests)).with_for_update()
        ).all()
        for leaked in sessions:
            record(tx, "session_leaked", by=SYSTEM, subject=("session", leaked.id), detail={"where": where})
            tx.delete(leaked)
    return len(tokens) + len(sessions)
