"""Every blueprint of the application; a domain adds its own in one line."""

from flask import Blueprint

from registry.accounts.api import accounts
from registry.accounts.tokens_api import admin, tokens
from registry.conveyance.api import copies
from registry.feeds.api import feeds
from registry.health.api import health
from registry.listings.api import listings
from registry.mail.api import outbox
from registry.publishers.api import publishers
from registry.releases.api import releases
from registry.review.api import reviews
from registry.uploads.api import uploads

ALL: list[Blueprint] = [
    health,
    accounts,
    tokens,
    admin,
    outbox,
    publishers,
    uploads,
    listings,
    releases,
    reviews,
    copies,
    feeds,
]
