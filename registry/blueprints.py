"""Every blueprint of the application; a domain adds its own in one line."""

from flask import Blueprint

from registry.conveyance.api import copies
from registry.feeds.api import feeds
from registry.health.api import health
from registry.listings.api import listings
from registry.releases.api import releases
from registry.review.api import reviews
from registry.uploads.api import uploads

ALL: list[Blueprint] = [
    health,
    uploads,
    listings,
    releases,
    reviews,
    copies,
    feeds,
]
