"""Acknowledgements: who spoke, through which server, and what stays when that server is removed."""

from uuid import UUID

from sqlalchemy import select

from registry.acknowledgements.models import Acknowledgement
from registry.database import session
from tests.registry.servers.test_enrolment import enrolled
from tests.story import Story


def test_what_was_said_through_a_server_stays_its_owners_when_the_server_is_removed(given, client):
    notice, account = Story(given).published().notice_digest, given.account()
    server = enrolled(given, client, account)
    said = {"subject": "notice", "digest": notice}
    assert client.bearing(server["token"]).put("/api/v1/acknowledgements", json=said).status_code == 200

    def kept() -> Acknowledgement:
        return given.run(lambda: session().scalars(select(Acknowledgement)).one())

    assert (kept().account_id, kept().server_id) == (account.id, UUID(server["id"]))
    owner = client.bearing(given.token(account))
    assert owner.delete(f"/api/v1/servers/{server['id']}").status_code == 204
    assert (kept().account_id, kept().server_id, kept().digest) == (account.id, None, notice)
