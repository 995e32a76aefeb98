"""What the invented makers declare of their software's privacy, and for whom it is."""

from typing import Any

from registry.demo.catalogue import Listing

CHILDREN = "unknown"
LOOKS_UP = {
    "code": "library", "purposes": ["match"], "recipients": ["named_service"], "basis": "required",
    "linked": "no", "transit": "tls",
}  # fmt: skip
COMPARES = {
    "code": "fingerprint", "purposes": ["match"], "recipients": ["named_service"], "basis": "opt_in",
    "linked": "no", "retention_days": 30, "transit": "tls", "deletion": "none",
}  # fmt: skip
PLAYS = {
    "code": "media", "purposes": ["function"], "recipients": ["developer"], "basis": "required",
    "transit": "tls",
}  # fmt: skip
ROWS = {
    "movies": [LOOKS_UP], "tvshows": [LOOKS_UP], "lyrics": [LOOKS_UP], "weather": [],
    "subtitles": [LOOKS_UP, COMPARES], "video": [PLAYS], "audio": [PLAYS], "image": [PLAYS],
}  # fmt: skip
BY_ECOSYSTEM = {"plex": [LOOKS_UP], "jellyfin": [LOOKS_UP]}


def declaration_of(listing: Listing) -> dict[str, Any]:
    """Return the declaration of a listing, as ``PUT /api/v1/releases/{id}/privacy`` takes it."""
    rows = ROWS.get(listing.details.get("point", ""), BY_ECOSYSTEM.get(listing.ecosystem, []))
    if not rows:
        return {"none": True, "children": "safe"}
    site = f"{listing.publisher.slug}.example"
    return {
        "data": rows, "hosts": [f"api.{site}"], "children": CHILDREN, "policy_url": f"https://{site}/privacy",
    }  # fmt: skip
