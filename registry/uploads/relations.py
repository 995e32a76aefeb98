"""What an upload says of another release: that it is its source, or made from it. Checked at once."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from registry.accounts.actor import Actor
from registry.database import session
from registry.derivations.reading import Relative, relative_of
from registry.derivations.service import check_may_derive, find_origin
from registry.errors import NotFound, fault
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.releases.service import get_release
from registry.releases.states import TURNED_AWAY, ReleaseState

#: Nothing of these is conveyed any more, so nothing can be added to them.
ENDED = TURNED_AWAY | {ReleaseState.WITHDRAWN}


def check_relations(said: Mapping[str, Any], publisher_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Return the words with ids in the place of paths. Raises Invalid, and what refuses to derive."""
    words = dict(said)
    if "source_for" in words and "derived_from" in words:
        raise fault("said/derived_from", "A source is of its own release; say that of the release itself.")
    if "source_for" in words:
        _check_own(UUID(words["source_for"]), publisher_id)
    if "derived_from" in words:
        origin = find_origin(words["derived_from"], by=by)
        check_may_derive(origin, by=by)
        words["derived_from"] = str(origin.id)
    return words


def related_of(values: Mapping[str, str], *, by: Actor) -> dict[str, Relative]:
    """Return the releases that a form speaks of, by what is said of them; only those that may be seen."""
    found = {}
    for key in ("source_for", "derived_from"):
        with suppress(ValueError, NotFound):
            release = get_release(UUID(values.get(key, "")), by=by)
            found[key] = relative_of(release)
    return found


def _check_own(release_id: UUID, publisher_id: UUID) -> None:
    release = session().get(Release, release_id, populate_existing=True)
    listing = session().get(Listing, release.listing_id) if release else None
    if release is None or listing is None or listing.publisher_id != publisher_id:
        raise fault("said/source_for", "This publisher has no such release.")
    if release.state in ENDED:
        raise fault("said/source_for", f"That release is {release.state.value}; it takes no source any more.")
