"""The API of tokens, and of what admins do with accounts."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify

from registry.accounts import administration, schemas
from registry.accounts.tokens import list_tokens, make_token, revoke_token
from registry.web.access import account_only, admin_only, current_actor
from registry.web.limits import limited
from registry.web.pagination import link_header
from registry.web.schemas import PageIn

tokens = APIBlueprint("tokens_api", __name__, url_prefix="/api/v1/tokens", tag="Tokens")
admin = APIBlueprint("admin_api", __name__, url_prefix="/api/v1/accounts", tag="Administration")


@tokens.post("")
@tokens.input(schemas.MakeToken, arg_name="body")
@tokens.output(schemas.TokenMade, status_code=201)
@tokens.doc(security="token")
@account_only
@limited("30 per hour", by=lambda: str(current_actor().account_id))
def make(body: schemas.MakeToken) -> dict[str, Any]:
    """Make a token. It is shown in this answer and never again."""
    token, secret = make_token(name=body.name, scopes=body.scopes, days=body.days, by=current_actor())
    return {**schemas.TokenOut.of(token).model_dump(), "token": secret}


@tokens.get("")
@tokens.input(PageIn, location="query", arg_name="asked")
@tokens.output(schemas.TokenPage)
@tokens.doc(security="token")
@account_only
def show_all(asked: PageIn) -> Response:
    """List your tokens, the newest first."""
    page = list_tokens(by=current_actor(), cursor=asked.cursor, limit=asked.limit)
    shown = [schemas.TokenOut.of(token) for token in page.rows]
    response = jsonify(schemas.TokenPage(tokens=shown, next=page.next_cursor).model_dump(mode="json"))
    response.headers.update(link_header(page.next_cursor))
    return response


@tokens.delete("/<uuid:token_id>")
@tokens.output({}, status_code=204)
@tokens.doc(security="token")
@account_only
def revoke(token_id: UUID) -> str:
    """End a token, at once."""
    revoke_token(token_id, by=current_actor())
    return ""


@admin.get("")
@admin.input(schemas.FindAccounts, location="query", arg_name="asked")
@admin.output(schemas.AccountPage)
@admin.doc(security="token")
@admin_only
def find_accounts(asked: schemas.FindAccounts) -> Response:
    """Find accounts by address or name."""
    page = administration.list_accounts(
        by=current_actor(), words=asked.q, cursor=asked.cursor, limit=asked.limit
    )
    shown = [schemas.AccountOut.of(account) for account in page.rows]
    body = schemas.AccountPage(accounts=shown, next=page.next_cursor)
    response = jsonify(body.model_dump(mode="json"))
    response.headers.update(link_header(page.next_cursor))
    return response


@admin.patch("/<uuid:account_id>")
@admin.input(schemas.ChangeAccount, arg_name="body")
@admin.output(schemas.AccountOut)
@admin.doc(security="token")
@admin_only
def change_account(account_id: UUID, body: schemas.ChangeAccount) -> dict[str, Any]:
    """Change the role, disable or enable, confirm the address by hand."""
    account = administration.change_account(
        account_id,
        role=body.role,
        disabled=body.disabled,
        verified=body.verified,
        by=current_actor(),
    )
    return schemas.AccountOut.of(account).model_dump()
