"""The admins' page: accounts, the outbox, work that has failed."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.accounts.administration import change_account, list_accounts
from registry.accounts.models import Role
from registry.errors import MarqueeError, fault
from registry.mail.service import list_mail
from registry.web.access import admin_only, current_actor

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("")
@admin_only
def show() -> str:
    """Show what an operator looks after."""
    actor = current_actor()
    words = request.args.get("q", "").strip()
    found = list_accounts(by=actor, words=words, cursor=request.args.get("cursor"), limit=30)
    return render_template(
        "accounts/admin.html",
        accounts=found.rows, accounts_next=found.next_cursor, words=words, roles=list(Role),
        mails=list_mail(by=actor, limit=20).rows,
    )  # fmt: skip


@admin.post("/accounts/<uuid:account_id>")
@admin_only
def change(account_id: UUID) -> Redirect:
    """Change an account's role, or take its address as confirmed, or disable it."""
    form = request.form
    try:
        change_account(
            account_id, by=current_actor(), role=_role(form["role"]) if "role" in form else None,
            disabled=form["disabled"] == "yes" if "disabled" in form else None,
            verified=True if "verified" in form else None,
        )  # fmt: skip
    except MarqueeError as error:
        flash(error.detail, "bad")
    else:
        flash("Changed.", "ok")
    return redirect(url_for("admin.show"))


def _role(name: str) -> Role:
    if name not in set(Role):
        raise fault("role", f"The role is one of {', '.join(Role)}.")
    return Role(name)
