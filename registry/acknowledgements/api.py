"""The API of acknowledgements."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict

from registry.acknowledgements import service
from registry.acknowledgements.known import check_known
from registry.acknowledgements.models import How, Subject
from registry.web.access import current_actor, household_only

acknowledgements = APIBlueprint(
    "acknowledgements", __name__, url_prefix="/api/v1/acknowledgements", tag="Acknowledgements"
)


class AcknowledgeIn(BaseModel):
    """What is agreed to: ``terms`` or ``notice``, and its digest. ``how`` is ``api`` unless said."""

    model_config = ConfigDict(extra="forbid")

    subject: Subject
    digest: str
    how: How = How.API


@acknowledgements.put("")
@acknowledgements.input(AcknowledgeIn, arg_name="body")
@acknowledgements.doc(security="token")
@household_only
def acknowledge(body: AcknowledgeIn) -> dict[str, Any]:
    """Agree to terms or to a privacy notice, named by digest; once is enough, and safe to repeat."""
    check_known(body.subject, body.digest)
    service.acknowledge(body.subject, body.digest, how=body.how, by=current_actor())
    return {"subject": body.subject.value, "digest": body.digest, "acknowledged": True}


@acknowledgements.get("")
@acknowledgements.doc(security="token")
@household_only
def show() -> dict[str, Any]:
    """List what the account has agreed to."""
    account_id = current_actor().must_be_signed_in()
    return {
        subject.value: sorted(service.acknowledged_digests(subject, account_id=account_id))
        for subject in Subject
    }
