"""A worker's look at one policy page: fetch it, keep what is new, say what is wrong with it.

Bytes first, rows last: the page as it came lies in storage, by its digest, before a row names it. A page that
cannot be read changes nothing that is in force.
"""

import hashlib
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.clock import now
from registry.configured import settings
from registry.database import changed_rows, let_go, session, transaction
from registry.fetching.errors import FetchFailed
from registry.fetching.fetcher import Fetched, Rules, fetch
from registry.listings.models import Listing
from registry.mail.notices import tell_members
from registry.policies.models import Policy, PolicyText, Standing
from registry.policies.telling import tell_of_meaning
from registry.policies.wording import Words, words_of
from registry.storing import store
from registry.work import Work, enqueue
from storage.keys import policy_key

log = structlog.get_logger()

AGAIN_AFTER = timedelta(days=1)
PASSED_KEPT = timedelta(days=30)
#: What may pass by itself is told when the page could not be read for so long; it is asked for more often.
PATIENCE, SOON = timedelta(hours=36), timedelta(hours=4)
#: How many pages one sweep asks for: a day of them, spread, holds no other work up.
AT_ONCE = 50
PRODUCT = Rules()


def look_at_policy(subject: str, rules: Rules = PRODUCT) -> None:
    """Look at one page; what is wrong with it is kept beside it. Runs twice without harm."""
    policy = session().get(Policy, UUID(subject), populate_existing=True)
    if policy is None or not policy.watched:
        return
    url = policy.url
    let_go()  # a stranger's page may be long in coming
    try:
        fetched = fetch(url, rules)
        words = words_of(fetched.body, fetched.content_type)
    except FetchFailed as fault:
        _keep_fault(policy.id, fault)
        return
    _keep(policy.id, fetched, words)


def ask_for_due_looks() -> int:
    """Ask for a look at the pages that are due; return how many."""
    with transaction() as tx:
        due = tx.scalars(
            select(Policy.id)
            .where(Policy.watched, Policy.next_look_at <= now())
            .order_by(Policy.next_look_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for policy_id in due:
            enqueue(tx, Work.POLICY, policy_id)
        tx.execute(update(Policy).where(Policy.id.in_(due)).values(next_look_at=now() + AGAIN_AFTER))
    return len(due)


def sweep_passed() -> int:
    """Forget texts that were never in force and that nobody called, after a month; return how many."""
    old = (PolicyText.standing == Standing.PASSED) & (PolicyText.fetched_at < now() - PASSED_KEPT)
    with transaction() as tx:
        return changed_rows(tx, delete(PolicyText).where(old))


def _keep_fault(policy_id: UUID, fault: FetchFailed) -> None:
    log.info("policy_not_read", policy=str(policy_id), code=fault.code)
    with transaction() as tx:
        policy = tx.get_one(Policy, policy_id, with_for_update=True, populate_existing=True)
        could_be_read = policy.fault_code is None
        if fault.may_pass and could_be_read and policy.looked_at and now() - policy.looked_at < PATIENCE:
            policy.next_look_at = now() + SOON
            return
        _looked(policy)
        policy.fault_code, policy.fault_message, policy.fault_fix = fault.code, fault.message, fault.fix
        if could_be_read:
            _tell_unreadable(tx, policy, fault)


def _keep(policy_id: UUID, fetched: Fetched, words: Words) -> None:
    original = hashlib.sha256(fetched.body).hexdigest()
    is_new = _says_other_words(session(), policy_id, words)
    if is_new:
        _store(original, fetched)
    with transaction() as tx:
        policy = tx.get_one(Policy, policy_id, with_for_update=True, populate_existing=True)
        _looked(policy)
        policy.fault_code = policy.fault_message = policy.fault_fix = None
        if _says_other_words(tx, policy_id, words):
            if not is_new:  # another look has kept other words meanwhile
                _store(original, fetched)
            _add(tx, policy, words, original, fetched.content_type)


def _add(tx: Session, policy: Policy, words: Words, original: str, content_type: str) -> None:
    """Add a text: the first is in force, others wait to be called; what is in force already needs no call."""
    waiting = (PolicyText.policy_id == policy.id) & (PolicyText.standing == Standing.PENDING)
    told = changed_rows(tx, update(PolicyText).where(waiting).values(standing=Standing.PASSED)) > 0
    current = tx.get(PolicyText, policy.current_id) if policy.current_id else None
    standing = Standing.FIRST if current is None else Standing.PENDING
    if current is not None and current.words_sha256 == words.sha256:
        standing = Standing.WORDING
    row = PolicyText(
        policy_id=policy.id, text=words.text, words_sha256=words.sha256, original_sha256=original,
        content_type=content_type, fetched_at=now(), standing=standing,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    if standing is not Standing.PENDING:
        policy.current_id = row.id
    if standing is Standing.FIRST:
        tell_of_meaning(tx, policy)
    if standing is Standing.PENDING and not told:
        _tell_publisher(tx, policy, row)


def _tell_unreadable(tx: Session, policy: Policy, fault: FetchFailed) -> None:
    listing = tx.get_one(Listing, policy.listing_id)
    body = (
        f"The page {policy.url}, which {listing.name} names as its privacy policy, could not be read:\n"
        f"{fault.message} {fault.fix}\n\n"
        "People are told so beside its notice until it can be read; it is looked at again every day.\n\n"
        f"{settings().public_url}/listings/{listing.ecosystem}/{listing.identifier}?tab=privacy\n"
    )
    subject = f"The policy of {listing.name} could not be read"
    tell_members(tx, listing.publisher_id, "policy_unreadable", subject=subject, body=body)


def _tell_publisher(tx: Session, policy: Policy, text: PolicyText) -> None:
    listing = tx.get_one(Listing, policy.listing_id)
    body = (
        f"The page {policy.url}, which {listing.name} names as its privacy policy, says other words than\n"
        "before. Please say whether only the wording changed, or what it means. If it means something else,\n"
        f"everybody who uses {listing.name} is asked to acknowledge its notice anew.\n\n"
        f"{settings().public_url}/policies/{text.id}\n"
    )
    subject = f"The policy of {listing.name} has changed"
    tell_members(tx, listing.publisher_id, "policy_changed", subject=subject, body=body)


def _store(sha256: str, fetched: Fetched) -> None:
    store().put(
        store().config.bucket_published, policy_key(sha256), fetched.body, sha256=sha256,
        size=len(fetched.body), content_type="application/octet-stream",
    )  # fmt: skip


def _says_other_words(current: Session, policy_id: UUID, words: Words) -> bool:
    """Say whether these words are not those of the youngest text that was kept."""
    query = select(PolicyText.words_sha256).where(PolicyText.policy_id == policy_id)
    return current.scalar(query.order_by(PolicyText.fetched_at.desc()).limit(1)) != words.sha256


def _looked(policy: Policy) -> None:
    policy.looked_at = now()
    policy.next_look_at = policy.looked_at + AGAIN_AFTER
