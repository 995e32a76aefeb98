"""What reviewers do about a release's privacy. Each act is kept with its reason, which everybody reads."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.database import transaction
from registry.errors import Conflict, NotAllowed, StateMoved, fault
from registry.listings.models import Listing
from registry.listings.showing import show_latest
from registry.mail.notices import tell_members
from registry.privacy.comparing import BLOCKING, LIBRARY, Standing, standings_of
from registry.privacy.declaring import read_row, row_as_json
from registry.privacy.maturity import LEVELS
from registry.privacy.models import Act, PrivacySet
from registry.privacy.noticing import renew
from registry.privacy.reading import acts_on, in_force, known_of
from registry.releases.models import Release
from registry.releases.service import locked_release
from registry.releases.states import OFFERED, ReleaseState
from registry.review.own import check_not_own
from registry.work import Work, enqueue

SHORTEST_REASON, LONGEST_REASON = 10, 1000
ABOUT = frozenset({Act.OVERRULE, Act.UNSET, Act.MATURITY})
MAY_BE_SILENT = frozenset({Act.ACCEPT, Act.MATURITY})
ASKED = """A moderator asks you to declare what {name} {version} does with data:

{reason}

Declare it on the release's page under Privacy, with `marquee publish --privacy`, or in privacy.toml.
"""


def act_on_privacy(
    release_id: UUID,
    act: Act,
    *,
    reason: str,
    subject: str = "",
    row: Mapping[str, Any] | None = None,
    by: Actor,
) -> PrivacySet:
    """Record one act of a moderator and what follows from it.

    ``subject``: the host to overrule, what to take back, or the label; ``row`` the data row to set.

    Raises Invalid, NotAllowed (also on one's own release), StateMoved.
    """
    if not by.is_moderator:
        by.must_be_signed_in()
        raise NotAllowed("Only moderators do this (a token needs the scope review).")
    why = _checked_reason(act, reason)
    with transaction() as tx:
        release = locked_release(tx, release_id)
        listing = tx.get_one(Listing, release.listing_id)
        check_not_own(tx, release, listing, by)
        made = PrivacySet(
            release_id=release.id, act=act, reason=why, account_id=by.account_id,
            **_what(tx, release, act, subject.strip(), row),
        )  # fmt: skip
        tx.add(made)
        record(
            tx, f"privacy_{act.value}", by=by, subject=("release", release.id),
            detail={"subject": made.subject, "reason": why},
        )  # fmt: skip
        _follow(tx, release, listing, made)
        renew(tx, release, because=act.value)
    return made


def must_be_settled(tx: Session, release: Release) -> None:
    """Raise Conflict with one of BLOCKING's reasons where a release may not be approved yet."""
    renew(tx, release, because="review")
    standing = next((reason for reason in BLOCKING if reason in release.reasons), None)
    if standing is None:
        return
    unsettled = _unsettled(tx, release)
    if unsettled:
        detail = (
            f"Its maker declares {unsettled[0].contradiction.declared}; "
            f"{unsettled[0].contradiction.found}. Overrule it with a reason, or require a declaration."
        )
    elif standing == LIBRARY:
        detail = (
            "Its code reads the library and contacts others, and no row `library` or `fingerprint` says so. "
            "Require a declaration, or set the row."
        )
    else:
        detail = "Its maker was asked to declare what it does with data and has not done so yet."
    raise Conflict(detail, code=standing, extra={"contradictions": [each.as_json() for each in unsettled]})


def _unsettled(tx: Session, release: Release) -> list[Standing]:
    return [each for each in standings_of(known_of(tx, release)) if each.overruled is None]


def _checked_reason(act: Act, reason: str) -> str:
    text = reason.strip()
    if act in MAY_BE_SILENT and not text:
        return ""
    if SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        return text
    raise fault(
        "reason", f"Say why in {SHORTEST_REASON} to {LONGEST_REASON:,} characters; everybody can read it."
    )


def _what(
    tx: Session, release: Release, act: Act, subject: str, row: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return subject and row of an act. Raises Invalid, StateMoved."""
    if act is Act.SET:
        made = read_row(row or {})
        return {"subject": made.code, "row": row_as_json(made)}
    if act is Act.MATURITY and subject not in LEVELS:
        raise fault("subject", f"The label is one of {', '.join(LEVELS)}.")
    if act is Act.OVERRULE and subject not in {each.host for each in _unsettled(tx, release)}:
        raise fault("subject", f"No contradiction about {subject[:100]!r} stands; look at the page again.")
    if act is Act.UNSET and subject not in {each.subject for each in in_force(acts_on(tx, release))}:
        raise fault("subject", f"Nothing that was set is about {subject[:100]!r}; look at the page again.")
    waits = release.state is ReleaseState.WAITING and release.approved_at is None
    if act in {Act.REQUIRE, Act.ACCEPT} and not waits:
        raise StateMoved("This release waits no longer.")
    return {"subject": subject if act in ABOUT else "", "row": None}


def _follow(tx: Session, release: Release, listing: Listing, made: PrivacySet) -> None:
    if made.act is Act.MATURITY:
        release.maturity = made.subject
        if listing.latest_release_id == release.id:
            tx.flush()
            show_latest(tx, listing)
        if release.state in OFFERED:  # personal feeds look at it, within the limits of a server
            enqueue(tx, Work.FEEDS, listing.ecosystem)
    if made.act is Act.REQUIRE:
        name = release.content["name"]
        tell_members(
            tx, listing.publisher_id, "privacy_required",
            subject=f"{name} {release.version}: please declare what it does with data",
            body=ASKED.format(name=name, version=release.version, reason=made.reason),
        )  # fmt: skip
