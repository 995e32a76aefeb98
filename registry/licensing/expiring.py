"""Licenses that end on a day: what may be recorded of it, what the texts suggest, and the day itself.

Decisions look at the date by themselves (``terms.InForce``). What is kept ready beside them, feeds, search
and the changes for mirrors, follows with a record of its own that is written once the day has come.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from licenses.expiry import Expiry, ends, following_license, stated_change
from licenses.expressions import ExpressionError
from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import fault
from registry.licensing.declaring import check_expression
from registry.licensing.models import BY_ITS_DATE, Basis, LicenseRecord
from registry.licensing.recording import carry_on, record_in_force
from registry.licensing.terms import InForce, basis_for, refs_of
from registry.releases.models import Release
from registry.releases.service import locked_release

BATCH = 100
NO_DATE = "Say both: the day, and the license that applies from then on."
NOTHING_ENDS = "Nothing in this expression ends on a day; leave both fields empty."
NOT_OPEN = "From that day on others must be able to have it; what {} allows them is not known."


def expiry_of(change_date: date | None, change_license: str | None) -> Expiry | None:
    """Return what was said of a change of license, None for nothing. Raises Invalid for half of it."""
    said = (change_license or "").strip()
    if change_date is None and not said:
        return None
    if change_date is None:
        raise fault("change_date", NO_DATE)
    if not said:
        raise fault("change_license", NO_DATE)
    return Expiry(change_date, check_expression(said, field="change_license"))


def check_expiry(expiry: Expiry | None, expression: str, refs: Mapping[str, Any]) -> None:
    """Raise Invalid where nothing in an expression ends, or where what follows lets nobody have it."""
    if expiry is None:
        return
    if not ends(expression, refs_of(refs)):
        raise fault("change_date", NOTHING_ENDS)
    follows = expiry.change_license
    if basis_for(follows, {}, granted=False) is not Basis.LICENSE or ends(follows):
        raise fault("change_license", NOT_OPEN.format(follows[:100]))


def suggested_expiry(expression: str | None, texts: Iterable[str]) -> tuple[date | None, str | None]:
    """Return the day and the license that the texts of a bundle, or the license's own name, suggest."""
    stated = [stated_change(text) for text in texts]
    days = {day for day, _ in stated if day is not None}
    others = {other for _, other in stated if other is not None}
    try:
        named = following_license(expression) if expression else None
    except ExpressionError:
        named = None
    return (days.pop() if len(days) == 1 else None), (others.pop() if len(others) == 1 else named)


def turn_ended_licenses() -> int:
    """Write a record of its own for each published release whose change date has come; return how many."""
    due = session().scalars(
        select(Release.id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .where(LicenseRecord.change_date <= now().date(), Release.published_at.is_not(None))
        .order_by(Release.id)
        .limit(BATCH)
    )
    found = due.all()
    session().rollback()
    for release_id in found:
        _turn(release_id)
    return len(found)


def _turn(release_id: UUID) -> None:
    """Put the license that follows in force. Runs twice without harm."""
    with transaction() as tx:
        release = locked_release(tx, release_id)
        before, at = record_in_force(tx, release), now()
        if before.expiry is None or before.expiry.change_date > at.date():
            return
        follows = InForce.of(before, at=at).expression
        note = f"{before.expiry.change_date}, its change date, has come: {follows} is in force from then on."
        ended: dict[str, Any] = {"change_date": None, "change_license": None, "code": BY_ITS_DATE}
        carry_on(tx, release, None, note, expression=follows, **ended)
        detail = {"expression": follows, "before": before.expression}
        record(tx, "license_ended", by=SYSTEM, subject=("release", release.id), detail=detail)
