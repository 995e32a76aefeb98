"""Imports the models of every domain, so that ``Base.metadata`` is whole."""

from registry import work
from registry.accounts import models as accounts
from registry.audit import models as audit
from registry.conveyance import models as conveyance
from registry.database import Base
from registry.feeds import models as feeds
from registry.listings import models as listings
from registry.mail import models as mail
from registry.privacy import models as privacy
from registry.publishers import models as publishers
from registry.releases import models as releases
from registry.review import models as review
from registry.uploads import models as uploads

DOMAINS = (
    accounts, audit, conveyance, feeds, listings, mail, privacy, publishers, releases, review, uploads, work,
)  # fmt: skip
METADATA = Base.metadata
