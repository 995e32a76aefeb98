"""Every blueprint of the application; a domain adds its own in one line."""

from flask import Blueprint

from registry.accounts import pages as account_pages
from registry.accounts.admin_pages import admin as admin_page
from registry.accounts.api import accounts
from registry.accounts.tokens_api import admin, tokens
from registry.acknowledgements.api import acknowledgements
from registry.conveyance import pages as copy_pages
from registry.conveyance.api import copies
from registry.feeds.api import feeds
from registry.feeds.pages import connect
from registry.health.api import health
from registry.health.pages import status
from registry.licensing import pages as licensing_pages
from registry.licensing.api import licensing
from registry.listings import pages as listing_pages
from registry.listings.api import listings
from registry.mail.api import outbox
from registry.mirrors.api import mirrors
from registry.policies import pages as policy_pages
from registry.policies.api import policies
from registry.privacy import pages as privacy_pages
from registry.privacy.api import privacy as privacy_api
from registry.publishers import pages as publisher_pages
from registry.publishers.api import publishers
from registry.releases import pages as release_pages
from registry.releases.api import releases
from registry.review import pages as review_pages
from registry.review.api import reviews
from registry.review.file_api import files_api
from registry.review.file_pages import file_pages
from registry.servers import pages as server_pages
from registry.servers.api import servers
from registry.uploads.api import uploads
from registry.uploads.pages import uploads_pages
from registry.web.leaving import leaving
from registry.web.pages import reference

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
    privacy_api,
    reviews,
    files_api,
    copies,
    mirrors,
    licensing,
    acknowledgements,
    feeds,
    servers,
    policies,
    listing_pages.listings,
    release_pages.releases,
    licensing_pages.license_pages,
    privacy_pages.privacy,
    uploads_pages,
    review_pages.reviews,
    file_pages,
    account_pages.accounts,
    admin_page,
    publisher_pages.publishers,
    server_pages.servers,
    policy_pages.policies,
    leaving,
    copy_pages.receipts,
    connect,
    status,
    reference,
]
