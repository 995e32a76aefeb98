"""The use cases of an account: sign up, prove the address, change name, password and address.

No answer says whether an address has an account; who owns the address learns it by mail.
"""

import secrets
from uuid import UUID

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.accounts import first_login, letters, passwords
from registry.accounts.actor import ANONYMOUS, SYSTEM, Actor, Scope
from registry.accounts.models import Account, ProofPurpose, Role
from registry.accounts.proofs import add_proof, find_proof, take_proof, void_proofs
from registry.accounts.sessions import end_sessions
from registry.accounts.tokens import end_tokens
from registry.audit.service import record
from registry.clock import now
from registry.configured import settings
from registry.database import session, transaction
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, fault
from registry.mail.service import send

FIRST_EMAIL = "admin@localhost"
MOST_NAME_LETTERS = 100

# A registry at home has people at nas.local and at localhost; whether mail arrives, the link shows.
SPECIAL_USE_DOMAIN_NAMES.clear()


def sign_up(*, email: str, name: str, password: str) -> None:
    """Make an account and mail a link that proves its address.

    An address that has an account gets a letter that says so instead; the caller sees no
    difference. Raises Invalid.
    """
    address, shown = check_email(email), check_name(name)
    kept = passwords.check_password(password, context=_context(address, shown))
    digest = passwords.hash_password(kept)
    try:
        with transaction() as tx:
            known = tx.scalar(select(Account).where(Account.email == address))
            if known is not None:
                send(tx, "address_known", known.email, *letters.address_known(known))
                return
            account = Account(email=address, name=shown, password_hash=digest)
            tx.add(account)
            tx.flush()  # its id is needed by the proof
            send_proof(tx, account, address)
            record(tx, "account_made", by=ANONYMOUS, subject=("account", account.id))
    except IntegrityError as error:
        if "uq_account_email" not in str(error.orig):
            raise  # the same sign-up twice at once is one sign-up


def create_account(
    *, email: str, name: str, password: str | None, role: Role, by: Actor
) -> tuple[Account, str]:
    """Make a verified account, as the operator; return it and its password (made when None).

    Raises Invalid, and Conflict when the address has an account.
    """
    address = check_email(email)
    shown = check_name(name)
    if password is None:
        password = secrets.token_urlsafe(18)
    passwords.check_password(password, context=_context(address, shown))
    digest = passwords.hash_password(password)
    try:
        with transaction() as tx:
            account = add_account(tx, address, shown, digest, role, by=by)
    except IntegrityError as error:
        raise Conflict(f"{address} has an account already.", code="account.exists") from error
    return account, password


def create_first_admin() -> dict[str, str] | None:
    """Make the first admin and write their login into MARQUEE_HOME; None when there is any account.

    The file comes before the commit: a file without its account is written again at the next start,
    an account without its file would lock the operator out.
    """
    if session().scalar(select(Account.id).limit(1)) is not None:
        return None
    site = settings()
    password = secrets.token_urlsafe(18)
    login = {"url": site.public_url, "email": FIRST_EMAIL, "password": password}
    with transaction() as tx:
        add_account(tx, FIRST_EMAIL, "Admin", passwords.hash_password(password), Role.ADMIN, by=SYSTEM)
        first_login.write(site.home, login)
    return login


def add_account(tx: Session, email: str, name: str, password_hash: str, role: Role, *, by: Actor) -> Account:
    """Add a verified account to the open transaction."""
    account = Account(email=email, name=name, password_hash=password_hash, role=role, email_verified_at=now())
    tx.add(account)
    tx.flush()  # its id goes into the audit trail
    record(tx, "account_made", by=by, subject=("account", account.id), detail={"role": role.value})
    return account


def get_account(*, by: Actor) -> Account:
    """Return the actor's own account."""
    return session().get_one(Account, by.must_be_signed_in())


def send_proof(tx: Session, account: Account, address: str) -> None:
    """Mail a link that proves an address, in the open transaction."""
    secret = add_proof(tx, account, ProofPurpose.ADDRESS, address)
    send(tx, "verify_address", address, *letters.verify_address(secret))


def ask_verification(*, by: Actor) -> None:
    """Mail another link to the actor's address; nothing when it is verified."""
    by.must_have(Scope.MANAGE)
    with transaction() as tx:
        account = tx.get_one(Account, by.must_be_signed_in())
        if account.email_verified_at is None:
            send_proof(tx, account, account.email)


def verify_email(secret: str) -> Account:
    """Take the link that was mailed: its address is the account's and is verified.

    Raises Invalid (``proof.invalid``), and Conflict when another account has the address by now.
    """
    try:
        with transaction() as tx:
            proof, account = take_proof(tx, secret, ProofPurpose.ADDRESS)
            old = account.email
            account.email, account.email_verified_at = proof.email, now()
            if old != proof.email:
                void_proofs(tx, account)
                send(
                    tx,
                    "address_changed",
                    old,
                    *letters.address_changed(account.name, old, proof.email),
                )
            actor = Actor(account_id=account.id, via="link")
            record(tx, "address_verified", by=actor, subject=("account", account.id))
    except IntegrityError as error:
        raise Conflict("Another account has this address.", code="account.exists") from error
    return account


def change_name(name: str, *, by: Actor) -> Account:
    """Change the name that others see. Raises Invalid."""
    by.must_have(Scope.MANAGE)
    shown = check_name(name)
    with transaction() as tx:
        account = tx.get_one(Account, by.must_be_signed_in(), with_for_update=True)
        record(tx, "name_changed", by=by, subject=("account", account.id))
        account.name = shown
    return account


def change_password(*, old: str, new: str, by: Actor) -> None:
    """Change the password; every other session ends. Raises Invalid, NotAllowed."""
    by.must_have(Scope.MANAGE)
    account = _proven_by(old, by)
    digest = _checked_hash(account, new)
    with transaction() as tx:
        account = tx.get_one(Account, account.id, with_for_update=True, populate_existing=True)
        account.password_hash = digest
        end_sessions(tx, account.id, but=by.session_id)
        void_proofs(tx, account, ProofPurpose.PASSWORD)
        record(tx, "password_changed", by=by, subject=("account", account.id))
        send(tx, "password_changed", account.email, *letters.password_changed(account))


def ask_new_email(email: str, *, password: str, by: Actor) -> None:
    """Mail a link to a new address; the account's address changes when the link is used.

    An address that has an account gets a letter that says so. Raises Invalid, NotAllowed.
    """
    by.must_have(Scope.MANAGE)
    address = check_email(email)
    account = _proven_by(password, by)
    with transaction() as tx:
        known = tx.scalar(select(Account).where(Account.email == address, Account.id != account.id))
        if known is not None:
            send(tx, "address_known", known.email, *letters.address_known(known))
        else:
            send_proof(tx, account, address)
        record(tx, "new_address_asked", by=by, subject=("account", account.id))


def ask_password_reset(email: str) -> None:
    """Mail a link to a new password; to an address that is not verified, one that verifies it.

    An unknown address and a disabled account get nothing; the caller sees no difference.
    """
    with transaction() as tx:
        account = tx.scalar(select(Account).where(Account.email == email.strip()))
        if account is None or account.disabled_at is not None:
            return
        if account.email_verified_at is None:
            send_proof(tx, account, account.email)
            return
        secret = add_proof(tx, account, ProofPurpose.PASSWORD, account.email)
        send(tx, "reset_password", account.email, *letters.reset_password(account, secret))
        record(tx, "reset_asked", by=ANONYMOUS, subject=("account", account.id))


def reset_password(secret: str, password: str) -> None:
    """Set a new password by the mailed link; all sessions and tokens end.

    Raises Invalid (``proof.invalid`` or what is wrong with the password; the link stays good then).
    """
    proof = find_proof(secret, ProofPurpose.PASSWORD)
    digest = _checked_hash(session().get_one(Account, proof.account_id), password)
    with transaction() as tx:
        proof, account = take_proof(tx, secret, ProofPurpose.PASSWORD)
        if proof.email != account.email:
            raise Invalid("The account has another address by now.", code="proof.invalid")
        account.password_hash = digest
        void_proofs(tx, account)
        end_sessions(tx, account.id)
        end_tokens(tx, account.id, "the password was reset")
        actor = Actor(account_id=account.id, via="link")
        record(tx, "password_reset", by=actor, subject=("account", account.id))
        send(tx, "password_changed", account.email, *letters.password_changed(account))


def check_email(email: str) -> str:
    """Return the address in its normal form. Raises Invalid."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise fault("email", f"This is no e-mail address: {error}", code="email.invalid") from error
    return found.normalized


def check_name(name: str) -> str:
    """Return a name that can be shown. Raises Invalid."""
    shown = " ".join(name.split())
    if not shown or len(shown) > MOST_NAME_LETTERS or not shown.isprintable():
        raise fault("name", f"A name has from 1 to {MOST_NAME_LETTERS} characters, all of them visible.")
    return shown


def find_account(email: str) -> Account | None:
    """Return the account of an address, or None.

    For operators and owners, not for answers to anybody.
    """
    return session().scalar(select(Account).where(Account.email == email.strip()))


def get_account_by_id(account_id: UUID) -> Account:
    """Return an account. Raises NotFound."""
    account = session().get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _context(email: str, name: str) -> tuple[str, ...]:
    return (email, name, settings().site_name, settings().public_host)


def _checked_hash(account: Account, password: str) -> str:
    kept = passwords.check_password(password, context=_context(account.email, account.name))
    return passwords.hash_password(kept)


def _proven_by(password: str, by: Actor) -> Account:
    """Return the actor's account when the password is right; a stolen token must not be enough."""
    account = get_account(by=by)
    if not passwords.matches(account.password_hash, password):
        raise NotAllowed("The present password is wrong.", code="auth.credentials")
    return account
