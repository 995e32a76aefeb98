"""Imports the models of every domain, so that ``Base.metadata`` is whole."""

from registry import work
from registry.accounts import models as accounts
from registry.acknowledgements import models as acknowledgements
from registry.audit import models as audit
from registry.conveyance import models as conveyance
from registry.database import Base
from registry.feeds import models as feeds
from registry.licensing import models as licensing
from registry.listings import models as listings
from registry.mail import models as mail
from registry.mirrors import models as mirrors
from registry.policies import models as policies
from registry.privacy import models as privacy
from registry.publishers import models as publishers
from registry.releases import models as releases
from registry.review import models as review
from registry.servers import models as servers
from registry.uploads import models as uploads

DOMAINS = (
    accounts, acknowledgements, audit, conveyance, feeds, licensing, listings, mail, mirrors, policies,
    privacy, publishers, releases, review, servers, uploads, work,
)  # fmt: skip
METADATA = Base.metadata
