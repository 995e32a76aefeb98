"""The pages of accounts: sign up, sign in, confirm an address, and what is held about me."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.accounts import service, sessions, tokens
from registry.accounts.actor import Scope
from registry.configured import settings
from registry.errors import MarqueeError
from registry.publishers.service import list_publishers_of
from registry.web.access import account_only, cookie_name, current_actor, public
from registry.web.forms import faults_of
from registry.web.limits import limited
from registry.web.requests import client_network
from registry.web.signing_in import sign_in as open_session

accounts = Blueprint("accounts", __name__, url_prefix="/accounts")
COOKIE_FOR_S = 30 * 24 * 3600
USUAL_SCOPES = (Scope.READ.value, Scope.UPLOAD.value)


@accounts.get("/sign-up")
@public
def sign_up() -> str:
    """Ask for an account."""
    return render_template("accounts/sign_up.html", values={}, faults={})


@accounts.post("/sign-up")
@public
@limited("100 per hour", by=client_network)
def do_sign_up() -> tuple[str, int]:
    """Make an account; the answer never tells whether an address has one."""
    values = request.form
    try:
        service.sign_up(
            email=values.get("email", ""), name=values.get("name", ""), password=values.get("password", "")
        )
    except MarqueeError as error:
        return render_template("accounts/sign_up.html", values=values, faults=faults_of(error)), error.status
    return render_template("accounts/mailed.html", email=values.get("email", "")), 202


@accounts.get("/sign-in")
@public
def sign_in() -> str | Redirect:
    """Ask who it is."""
    if current_actor().signed_in:
        return redirect(_next())
    return render_template("accounts/sign_in.html", values={}, faults={}, next=_next())


@accounts.post("/sign-in")
@public
def do_sign_in() -> tuple[str, int] | Redirect:
    """Sign in; a new session each time."""
    values = request.form
    try:
        _, secret = open_session(values.get("email", ""), values.get("password", ""))
    except MarqueeError as error:
        page = render_template(
            "accounts/sign_in.html", values=values, faults={"password": error.detail}, next=_next()
        )
        return page, error.status
    answer = redirect(_next())
    answer.set_cookie(
        cookie_name(), secret, max_age=COOKIE_FOR_S, httponly=True, secure=settings().secure, samesite="Lax",
        path="/",
    )  # fmt: skip
    return answer


@accounts.post("/sign-out")
@public
def sign_out() -> Redirect:
    """Sign out of this browser."""
    actor = current_actor()
    if actor.session_id:
        sessions.close_session(actor.session_id, by=actor)
    answer = redirect(url_for("listings.home"))
    answer.delete_cookie(cookie_name(), secure=settings().secure, httponly=True, samesite="Lax", path="/")
    return answer


@accounts.get("/verify/<secret>")
@public
def verify(secret: str) -> str:
    """Ask to confirm: a mail scanner that opens the link must not use it up."""
    return render_template("accounts/verify.html", secret=secret, fault=None)


@accounts.post("/verify/<secret>")
@public
@limited("100 per hour", by=client_network)
def do_verify(secret: str) -> tuple[str, int] | Redirect:
    """Confirm an address."""
    try:
        account = service.verify_email(secret)
    except MarqueeError as error:
        return render_template("accounts/verify.html", secret=secret, fault=error.detail), error.status
    flash(f"{account.email} is confirmed.", "ok")
    return redirect(url_for("accounts.show" if current_actor().signed_in else "accounts.sign_in"))


@accounts.get("/reset")
@public
def reset() -> str:
    """Ask for a link to a new password."""
    return render_template("accounts/reset.html", values={}, faults={})


@accounts.post("/reset")
@public
@limited("20 per hour", by=client_network)
def do_reset() -> tuple[str, int]:
    """Mail a link, if the address has an account; the answer is the same if not."""
    service.ask_password_reset(request.form.get("email", ""))
    return render_template("accounts/mailed.html", email=request.form.get("email", "")), 202


@accounts.get("/reset/<secret>")
@public
def new_password(secret: str) -> str:
    """Ask for the new password."""
    return render_template("accounts/new_password.html", secret=secret, faults={})


@accounts.post("/reset/<secret>")
@public
@limited("100 per hour", by=client_network)
def do_new_password(secret: str) -> tuple[str, int] | Redirect:
    """Set the new password."""
    try:
        service.reset_password(secret, request.form.get("password", ""))
    except MarqueeError as error:
        faults = faults_of(error, "password")
        return render_template("accounts/new_password.html", secret=secret, faults=faults), error.status
    flash("Your password is set; sign in with it. Every other session has ended.", "ok")
    return redirect(url_for("accounts.sign_in"))


@accounts.get("")
@account_only
def show() -> str:
    """Answer: what is held about me, and what can I change?"""
    return _page({}, {})


@accounts.post("/name")
@account_only
def change_name() -> tuple[str, int] | Redirect:
    """Change my name."""
    return _changed(
        "name",
        lambda: service.change_name(request.form.get("name", ""), by=current_actor()),
        "Your name is changed.",
    )


@accounts.post("/password")
@account_only
@limited("20 per hour")
def change_password() -> tuple[str, int] | Redirect:
    """Change my password."""

    def act() -> None:
        service.change_password(
            old=request.form.get("old", ""), new=request.form.get("new", ""), by=current_actor()
        )

    return _changed(
        "old", act, "Your password is changed; every other session has ended.", {"password": "new"}
    )


@accounts.post("/email")
@account_only
@limited("20 per hour")
def change_email() -> tuple[str, int] | Redirect:
    """Ask for a link that changes my address."""

    def act() -> None:
        service.ask_new_email(
            request.form.get("email", ""), password=request.form.get("password", ""), by=current_actor()
        )

    return _changed("password", act, "A mail is on its way to the new address; open the link in it.")


@accounts.post("/verification")
@account_only
@limited("10 per hour")
def ask_verification() -> tuple[str, int] | Redirect:
    """Ask for another link that confirms my address."""
    return _changed("email", lambda: service.ask_verification(by=current_actor()), "A mail is on its way.")


@accounts.post("/tokens")
@account_only
def make_token() -> tuple[str, int]:
    """Make a token and show it, this once."""
    asked = request.form
    days, scopes = asked.get("days", "90"), asked.getlist("scope")
    try:
        token, secret = tokens.make_token(
            name=asked.get("name", ""), scopes=scopes, by=current_actor(),
            days=int(days) if days.isdecimal() else 0,
        )  # fmt: skip
    except MarqueeError as error:
        faults = {f"token-{field}": text for field, text in faults_of(error, "name").items()}
        return _page({}, faults, token_values=asked, token_scopes=scopes), error.status
    return _page({}, {}, made=(token.name, secret)), 201


@accounts.post("/tokens/<uuid:token_id>/revoke")
@account_only
def revoke_token(token_id: UUID) -> Redirect:
    """End a token."""
    tokens.revoke_token(token_id, by=current_actor())
    flash("The token is revoked.", "ok")
    return redirect(url_for("accounts.show", _anchor="tokens"))


@accounts.post("/sessions/<uuid:session_id>/close")
@account_only
def close_session(session_id: UUID) -> Redirect:
    """End another session of mine."""
    sessions.close_session(session_id, by=current_actor())
    flash("That session has ended.", "ok")
    return redirect(url_for("accounts.show", _anchor="sessions"))


def _changed(
    field: str, act: Callable[[], object], done: str, renamed: Mapping[str, str] | None = None
) -> tuple[str, int] | Redirect:
    """Act, or show what was wrong: beside ``field`` if of none; ``renamed`` gives the form's own names."""
    try:
        act()
    except MarqueeError as error:
        faults = {(renamed or {}).get(name, name): text for name, text in faults_of(error, field).items()}
        return _page(request.form.to_dict(), faults), error.status
    flash(done, "ok")
    return redirect(url_for("accounts.show"))


def _page(values: Mapping[str, str], faults: Mapping[str, str], **more: object) -> str:
    """Return the account's page; ``more``: a token just made, or what was wrong with one."""
    actor = current_actor()
    shown = {"made": None, "token_values": {}, "token_scopes": USUAL_SCOPES, **more}
    return render_template(
        "accounts/show.html",
        account=service.get_account(by=actor), tokens=tokens.list_tokens(by=actor).rows, values=values,
        sessions=sessions.list_sessions(by=actor), publishers=list_publishers_of(actor), faults=faults,
        scopes=[scope for scope in Scope if scope in actor.scopes], **shown,
    )  # fmt: skip


def _next() -> str:
    """Return where to go on; only a path of ours, never another site."""
    wanted = request.values.get("next", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")):
        return wanted
    return url_for("listings.home")
