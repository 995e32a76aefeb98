"""The several requests of one install are one copy.

Kodi asks three times for one install (a GET, a HEAD, a GET), others resume or look twice. Anonymous
requests for one artifact whose keyed hash of address and User-Agent is the same within ten minutes are
one copy. The key changes daily, so that yesterday's hashes say nothing; only the hash is kept.
"""

import hashlib
import hmac
import secrets
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.clock import now
from registry.conveyance.models import Copy, FoldingKey
from registry.database import changed_rows, transaction

WINDOW = timedelta(minutes=10)


def folds(tx: Session, artifact_sha256: str, who: str) -> list[str]:
    """Return the hashes that this request may be known by: today's, and just after midnight yesterday's."""
    moment = now()
    days = [moment.date()]
    if (moment - WINDOW).date() != moment.date():
        days.append((moment - WINDOW).date())
    return [_fold(_key_of(tx, day), artifact_sha256, who) for day in days]


def copy_within_window(tx: Session, fold_hashes: list[str]) -> Copy | None:
    """Return the copy that this request belongs to, if one was made just now.

    Locks the hash until the transaction ends, so that two requests at once make one copy.
    """
    tx.execute(select(func.pg_advisory_xact_lock(int(fold_hashes[0][:15], 16))))
    return tx.scalar(
        select(Copy)
        .where(Copy.fold.in_(fold_hashes), Copy.conveyed_at > now() - WINDOW)
        .order_by(Copy.conveyed_at.desc())
        .limit(1)
    )


def forget_keys() -> int:
    """Forget the keys and hashes of days that are over; return how many hashes went."""
    oldest_kept = (now() - timedelta(days=1)).date()
    with transaction() as tx:
        tx.execute(delete(FoldingKey).where(FoldingKey.day < oldest_kept))
        return changed_rows(
            tx,
            update(Copy)
            .where(Copy.fold.is_not(None), Copy.conveyed_at < now() - timedelta(days=1))
            .values(fold=None),
        )


def _key_of(tx: Session, day: date) -> bytes:
    key = tx.scalar(select(FoldingKey.key).where(FoldingKey.day == day))
    if key is not None:
        return key
    tx.execute(insert(FoldingKey).values(day=day, key=secrets.token_bytes(32)).on_conflict_do_nothing())
    return tx.scalars(select(FoldingKey.key).where(FoldingKey.day == day)).one()


def _fold(key: bytes, artifact_sha256: str, who: str) -> str:
    return hmac.new(key, f"{artifact_sha256}\n{who}".encode(), hashlib.sha256).hexdigest()
