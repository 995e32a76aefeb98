"""The outbox, for admins: where no mail server is set, this is where the links are found."""

from datetime import datetime
from typing import Self

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import BaseModel

from registry.mail.models import OutgoingMail
from registry.mail.service import list_mail
from registry.web.access import admin_only, current_actor
from registry.web.pagination import link_header
from registry.web.schemas import PageIn

outbox = APIBlueprint("outbox_api", __name__, url_prefix="/api/v1/outbox", tag="Outbox")


class MailOut(BaseModel):
    """One mail; ``sent_at`` is None while it waits."""

    id: str
    purpose: str
    recipient: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None

    @classmethod
    def of(cls, mail: OutgoingMail) -> Self:
        """Describe a mail."""
        return cls(
            id=str(mail.id),
            purpose=mail.purpose,
            recipient=mail.recipient,
            subject=mail.subject,
            body=mail.body,
            created_at=mail.created_at,
            sent_at=mail.sent_at,
            last_error=mail.last_error,
        )


class MailPage(BaseModel):
    """Some mails."""

    mails: list[MailOut]
    next: str | None


@outbox.get("")
@outbox.input(PageIn, location="query", arg_name="asked")
@outbox.output(MailPage)
@outbox.doc(security="token")
@admin_only
def show_outbox(asked: PageIn) -> Response:
    """List the mails of the last 30 days, the newest first."""
    page = list_mail(by=current_actor(), cursor=asked.cursor, limit=asked.limit)
    shown = [MailOut.of(mail) for mail in page.rows]
    response = jsonify(MailPage(mails=shown, next=page.next_cursor).model_dump(mode="json"))
    response.headers.update(link_header(page.next_cursor))
    return response
