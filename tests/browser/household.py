"""A household in the world: two media servers, one that waits, a personal feed, a policy that has changed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.database import session, transaction
from registry.policies.looking import look_at_policy
from registry.policies.models import PolicyText
from registry.policies.service import watch
from registry.servers import enrolment, feeds, service
from registry.servers.service import Change
from registry.web.leaving import way_out
from tests.given import Given
from tests.registry.fetching.servers import at_home, page, stranger
from tests.registry.policies.writing import OTHERS, dressed

KODI = {"name": "Living room", "platform": "kodi", "version": "21.2"}
JELLYFIN = {"name": "Cellar, the old tower with a long name", "platform": "jellyfin", "version": "10.11.3"}
LIMITS = {"no_trackers": True, "children_only": True, "location": "city", "most_mature": "teen"}


@dataclass(frozen=True)
class Household:
    """What pages show of it: a server, the code of one that waits, the texts of a policy, a way out."""

    server_id: UUID
    code: str
    first_text: UUID
    pending_text: UUID
    way_out: str


def furnish(given: Given, owner: Actor, listing_id: UUID) -> Household:
    """Build it through the services."""
    server_id = given.run(_enrol, KODI, owner)
    limited = given.run(_enrol, JELLYFIN, owner)
    given.run(service.change_server, limited, Change(limits=LIMITS, keeps_installed=True), by=owner)
    given.run(feeds.make_feed, name="Kodi in the bedroom", server_id=server_id, by=owner)
    waiting = given.run(enrolment.ask_enrolment, name="Attic", platform="stash", version="0.28")
    first, pending = _changed_policy(given, listing_id)
    with given.app.test_request_context():
        out = way_out("https://lantern.example/a/rather/long/path/to/its/policy?language=en")
    return Household(server_id, waiting.user_code, first, pending, out)


def _enrol(said: dict[str, str], owner: Actor) -> UUID:
    asked = enrolment.ask_enrolment(**said, address="http://192.168.1.20:8096")
    enrolment.answer_enrolment(asked.user_code, approve=True, by=owner)
    return enrolment.take_token(asked.device_code)[0].id


def _changed_policy(given: Given, listing_id: UUID) -> tuple[UUID, UUID]:
    shown = [dressed()]

    def talk(connection, head):
        page(shown[-1])(connection, head)

    with stranger(talk) as there:
        policy_id = given.run(_watch, f"http://policy.example:{there.port}/privacy", listing_id)
        given.run(look_at_policy, policy_id, at_home())
        shown.append(dressed(OTHERS))
        given.run(look_at_policy, policy_id, at_home())
    query = select(PolicyText.id).order_by(PolicyText.fetched_at)
    first, pending = given.run(lambda: list(session().scalars(query)))
    return first, pending


def _watch(url: str, listing_id: UUID) -> str:
    with transaction() as tx:
        return str(watch(tx, url, listing_id).id)
