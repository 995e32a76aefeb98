"""The API of accounts and sessions: sign up, sign in, who am I, and what I change about myself."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from limits import parse

from registry.accounts import schemas, service, sessions
from registry.errors import NotFound
from registry.publishers.service import list_publishers_of
from registry.web.access import account_only, current_actor, public
from registry.web.limits import count, limited
from registry.web.requests import client_network
from registry.web.signing_in import sign_in

accounts = APIBlueprint("accounts_api", __name__, url_prefix="/api/v1", tag="Accounts")
MAILS_TO_ONE_ADDRESS = parse("10 per hour")


@accounts.post("/accounts")
@accounts.input(schemas.SignUp, arg_name="body")
@accounts.output(schemas.Told, status_code=202)
@public
@limited("100 per hour", by=client_network)
def sign_up(body: schemas.SignUp) -> dict[str, str]:
    """Ask for an account. The answer is the same whether or not the address has one."""
    count(MAILS_TO_ONE_ADDRESS, "mail_to", body.email.strip().casefold())
    service.sign_up(email=body.email, name=body.name, password=body.password)
    return {"detail": "A mail is on its way to this address. Open the link in it to confirm the address."}


@accounts.post("/accounts/verifications")
@accounts.input(schemas.Proof, arg_name="body")
@accounts.output(schemas.Told)
@public
@limited("100 per hour", by=client_network)
def verify_email(body: schemas.Proof) -> dict[str, str]:
    """Use the link that was mailed: its address is confirmed."""
    account = service.verify_email(body.secret)
    return {"detail": f"{account.email} is confirmed."}


@accounts.post("/accounts/password-resets")
@accounts.input(schemas.Address, arg_name="body")
@accounts.output(schemas.Told, status_code=202)
@public
@limited("100 per hour", by=client_network)
def ask_password_reset(body: schemas.Address) -> dict[str, str]:
    """Ask for a link to a new password. The answer is the same for every address."""
    count(MAILS_TO_ONE_ADDRESS, "mail_to", body.email.strip().casefold())
    service.ask_password_reset(body.email)
    return {"detail": "If this address has an account, a mail with a link is on its way."}


@accounts.post("/accounts/password-resets/complete")
@accounts.input(schemas.NewPassword, arg_name="body")
@accounts.output(schemas.Told)
@public
@limited("100 per hour", by=client_network)
def reset_password(body: schemas.NewPassword) -> dict[str, str]:
    """Set a new password by the mailed link; all sessions and tokens end."""
    service.reset_password(body.secret, body.password)
    return {"detail": "The password is set. Sign in with it; all sessions and tokens have ended."}


@accounts.post("/sessions")
@accounts.input(schemas.SignIn, arg_name="body")
@accounts.output(schemas.Opened, status_code=201)
@public
def open_session(body: schemas.SignIn) -> dict[str, Any]:
    """Sign in. The token goes into Authorization: Bearer."""
    return schemas.Opened.of(*sign_in(body.email, body.password)).model_dump()


@accounts.get("/sessions")
@accounts.output(schemas.SessionList)
@accounts.doc(security="token")
@account_only
def list_sessions() -> dict[str, Any]:
    """List where you are signed in."""
    actor = current_actor()
    rows = [schemas.SessionOut.of(row, actor) for row in sessions.list_sessions(by=actor)]
    return schemas.SessionList(sessions=rows).model_dump()


@accounts.delete("/sessions/current")
@accounts.output({}, status_code=204)
@accounts.doc(security="token")
@account_only
def close_current_session() -> str:
    """Sign out."""
    actor = current_actor()
    if actor.session_id is None:
        raise NotFound("This is a token, no session; end it with DELETE /api/v1/tokens/{id}.")
    sessions.close_session(actor.session_id, by=actor)
    return ""


@accounts.delete("/sessions/<uuid:session_id>")
@accounts.output({}, status_code=204)
@accounts.doc(security="token")
@account_only
def close_session(session_id: UUID) -> str:
    """Sign out somewhere else."""
    sessions.close_session(session_id, by=current_actor())
    return ""


@accounts.get("/me")
@accounts.output(schemas.Me)
@accounts.doc(security="token")
@account_only
def show_me() -> dict[str, Any]:
    """Say who you are, and what you may do this way."""
    actor = current_actor()
    return schemas.Me.of(actor, list_publishers_of(actor)).model_dump()


@accounts.patch("/me")
@accounts.input(schemas.ChangeMe, arg_name="body")
@accounts.output(schemas.Told)
@accounts.doc(security="token")
@account_only
def change_me(body: schemas.ChangeMe) -> dict[str, str]:
    """Change your name."""
    account = service.change_name(body.name, by=current_actor())
    return {"detail": f"Your name is {account.name}."}


@accounts.put("/me/password")
@accounts.input(schemas.ChangePassword, arg_name="body")
@accounts.output(schemas.Told)
@accounts.doc(security="token")
@account_only
@limited("10 per 15 minutes", by=lambda: str(current_actor().account_id))
def change_password(body: schemas.ChangePassword) -> dict[str, str]:
    """Change your password; every other session ends."""
    service.change_password(old=body.old, new=body.new, by=current_actor())
    return {"detail": "The password is changed. Your other sessions have ended."}


@accounts.put("/me/email")
@accounts.input(schemas.ChangeEmail, arg_name="body")
@accounts.output(schemas.Told, status_code=202)
@accounts.doc(security="token")
@account_only
@limited("10 per 15 minutes", by=lambda: str(current_actor().account_id))
def change_email(body: schemas.ChangeEmail) -> dict[str, str]:
    """Ask for another address; it becomes yours when the link mailed there is opened."""
    count(MAILS_TO_ONE_ADDRESS, "mail_to", body.email.strip().casefold())
    service.ask_new_email(body.email, password=body.password, by=current_actor())
    return {"detail": "A mail is on its way to the new address. Open the link in it."}


@accounts.post("/me/verification")
@accounts.output(schemas.Told, status_code=202)
@accounts.doc(security="token")
@account_only
def ask_verification() -> dict[str, str]:
    """Ask for another mail to confirm your address."""
    actor = current_actor()
    count(MAILS_TO_ONE_ADDRESS, "mail_to", actor.email.casefold())
    service.ask_verification(by=actor)
    return {"detail": "A mail is on its way to your address, unless it is confirmed already."}
