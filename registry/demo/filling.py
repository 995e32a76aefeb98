"""The story of the catalogue: uploads, decisions and yanks, as people would do them, in waves.

Each version is brought from wherever it stands to where it should; what is there already stays, so a
second run, or one after a break, does no harm. A wave holds one version of each listing, so that an
update comes after what it updates.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from registry.clock import now
from registry.demo.bundling import make
from registry.demo.cast import Cast
from registry.demo.catalogue import Fate, Listing, Version
from registry.demo.declaring import declaration_of
from registry.demo.site import DemoFailed, Refusal, Site

PAUSE_S = 0.2
LONGEST_S = 300.0
#: The decision by which a waiting release comes to its fate.
DECISIONS = {
    Fate.PUBLISHED: "approve",
    Fate.YANKED: "approve",
    Fate.REJECTED: "reject",
    Fate.CHANGES_REQUESTED: "request_changes",
}
Tell = Callable[[str], None]


@dataclass(slots=True)
class Part:
    """One version on its way; ``release`` is what the API says of it."""

    listing: Listing
    version: Version
    owner: Site
    upload: str | None = None
    release: dict[str, Any] | None = None

    @property
    def state(self) -> str | None:
        """Where the release stands, None before there is one."""
        return str(self.release["state"]) if self.release else None

    def __str__(self) -> str:
        return f"{self.listing.name} {self.version.number} ({self.listing.ecosystem})"


def fill(cast: Cast, tell: Tell) -> int:
    """Bring the whole catalogue into the site; return how many versions were new. Raises DemoFailed."""
    new = 0
    for wave in waves(cast):
        parts = list(wave)
        new += sum(_send(part) for part in parts)
        _await_ingest(parts)
        for part in parts:
            _declare(part)
            _decide(cast.moderator, part)
        _await_publication(part for part in parts if part.state == Fate.WAITING)
        for part in parts:
            _offer_source(part)
            _yank(part)
        tell(f"{len(parts)} versions are where they should be")
    return new


def waves(cast: Cast) -> Iterator[Iterator[Part]]:
    """Yield the first version of every listing, then the second ones, and so on."""
    listings = cast.catalogue.listings
    for row in zip_longest(*(listing.versions for listing in listings)):
        pairs = zip(listings, row, strict=True)
        yield (Part(one, version, cast.owner(one.publisher)) for one, version in pairs if version)


def _send(part: Part) -> bool:
    """Upload a version that is not there; return whether it had to be sent."""
    part.release = part.owner.find_release(part.listing, part.version.number)
    if part.release is not None:
        return False
    made = make(part.listing, part.version)
    sha256 = hashlib.sha256(made.body).hexdigest()
    part.upload = part.owner.upload(part.listing.publisher.slug, made, sha256)
    return True


def _await_ingest(parts: Iterable[Part]) -> None:
    for part in parts:
        if part.upload is not None:
            upload = _await(part, f"uploads/{part.upload}", _is_ingested)
            if not upload["release"]:
                raise DemoFailed(f"{part} was not accepted: {upload['needs'] or upload['findings']}")
            part.release = part.owner.ask("GET", f"releases/{upload['release']}")


def _is_ingested(upload: dict[str, Any]) -> bool:
    return bool(upload["release"] or upload["needs"]) or upload["state"] in {"rejected", "aborted"}


def _declare(part: Part) -> None:
    """Let a third party say what its software does with data, when the version has just been sent."""
    if part.upload is not None and part.release is not None and not part.listing.publisher.first_party:
        part.owner.ask("PUT", f"releases/{part.release['id']}/privacy", declaration_of(part.listing))


def _decide(moderator: Site, part: Part) -> None:
    """Let the moderator decide on what waits, unless it is to wait or was approved already."""
    if part.state != Fate.WAITING or part.release is None or part.version.fate not in DECISIONS:
        return
    decision = DECISIONS[part.version.fate]
    words = {"decision": decision}
    if decision != "approve":
        words |= {"reason": part.version.reason, "note": part.version.why}
    try:
        moderator.ask("POST", f"releases/{part.release['id']}/decisions", words)
    except Refusal as refusal:
        if refusal.code != "state.moved":
            raise


def _await_publication(parts: Iterable[Part]) -> None:
    for part in parts:
        if part.release is not None and part.version.fate is not Fate.WAITING:
            path = f"releases/{part.release['id']}"
            part.release = _await(part, path, lambda seen: seen["state"] != Fate.WAITING)


def _offer_source(part: Part) -> None:
    """Let the publisher of a binary under a copyleft license offer its source, as the license asks."""
    if part.release is None or part.state != Fate.PUBLISHED:
        return
    path = f"releases/{part.release['id']}/license"
    terms = part.owner.ask("GET", path)
    asked = any("disclose_source" in word["conditions"] for word in terms["permissions"].values())
    if asked and terms["form"] == "binary" and terms["source"] is None:
        address = f"https://{part.listing.publisher.slug}.example/source/{part.listing.identifier}.tar.gz"
        offer = {"address": address, "until": f"{now().year + 4}-12-31T00:00:00Z"}
        part.owner.ask("PUT", f"{path}/source-offer", offer)


def _yank(part: Part) -> None:
    if part.release is not None and part.version.fate is Fate.YANKED and part.state == Fate.PUBLISHED:
        part.owner.ask("POST", f"releases/{part.release['id']}/yank", {"reason": part.version.why})


def _await(part: Part, path: str, is_there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask until it is there. Raises DemoFailed when no worker does the work."""
    until = time.monotonic() + LONGEST_S
    while not is_there(seen := part.owner.ask("GET", path)):
        if time.monotonic() > until:
            raise DemoFailed(f"{part} has not moved for {LONGEST_S:.0f} s: is a worker running? See /readyz.")
        time.sleep(PAUSE_S)
    return seen
