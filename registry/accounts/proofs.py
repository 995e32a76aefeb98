"""Mailed links: made for one purpose and one address, good once and not for long."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.accounts.bearer import Prefix, digest_of, is_secret, make_secret
from registry.accounts.models import Account, EmailProof, ProofPurpose
from registry.clock import now
from registry.database import changed_rows, session, transaction
from registry.errors import Invalid

LASTS = {ProofPurpose.ADDRESS: timedelta(days=1), ProofPurpose.PASSWORD: timedelta(hours=1)}
KEPT = timedelta(days=7)


def add_proof(tx: Session, account: Account, purpose: ProofPurpose, email: str) -> str:
    """Add a proof to the open transaction, return its secret; earlier ones of the purpose end."""
    void_proofs(tx, account, purpose)
    secret = make_secret(Prefix.PROOF)
    tx.add(
        EmailProof(
            account_id=account.id,
            purpose=purpose,
            email=email,
            digest=digest_of(secret),
            expires_at=now() + LASTS[purpose],
        )
    )
    return secret


def void_proofs(tx: Session, account: Account, purpose: ProofPurpose | None = None) -> None:
    """End all open links of an account, or those of one purpose, in the open transaction."""
    query = update(EmailProof).where(EmailProof.account_id == account.id, EmailProof.used_at.is_(None))
    if purpose is not None:
        query = query.where(EmailProof.purpose == purpose)
    tx.execute(query.values(used_at=now()))


def find_proof(secret: str, purpose: ProofPurpose) -> EmailProof:
    """Return the proof of a secret that can still be used. Raises Invalid (``proof.invalid``)."""
    proof = None
    if is_secret(secret, Prefix.PROOF):
        proof = session().scalar(select(EmailProof).where(EmailProof.digest == digest_of(secret)))
    return _usable(proof, purpose)


def take_proof(tx: Session, secret: str, purpose: ProofPurpose) -> tuple[EmailProof, Account]:
    """Use a proof up, in the open transaction; return it with its account, both locked.

    Raises Invalid (``proof.invalid``) for one that is unknown, of another purpose, used or too old.
    """
    proof = find_proof(secret, purpose)
    account = tx.get_one(Account, proof.account_id, with_for_update=True, populate_existing=True)
    proof = tx.get_one(EmailProof, proof.id, with_for_update=True, populate_existing=True)
    _usable(proof, purpose).used_at = now()
    if account.disabled_at is not None:
        raise _invalid()
    return proof, account


def sweep_proofs() -> int:
    """Forget links a week after they stopped working; return how many."""
    with transaction() as tx:
        return changed_rows(tx, delete(EmailProof).where(EmailProof.expires_at < now() - KEPT))


def _usable(proof: EmailProof | None, purpose: ProofPurpose) -> EmailProof:
    if (
        proof is None
        or proof.purpose is not purpose
        or proof.used_at is not None
        or proof.expires_at <= now()
    ):
        raise _invalid()
    return proof


def _invalid() -> Invalid:
    return Invalid(
        "This link does not work: it was used already, a newer one was sent, or it is too old. "
        "Ask for a new one.",
        code="proof.invalid",
    )
