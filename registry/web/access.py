"""Who is asking, and whether they may: every route declares its access, and none without is served.

An API call is signed by ``Authorization: Bearer`` or, from our own pages, by the session cookie together
with the CSRF token. Unsafe requests by cookie always need that token.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect, validate_csrf
from wtforms import ValidationError

from registry.accounts.actor import ANONYMOUS, Actor
from registry.accounts.sessions import actor_of_session
from registry.accounts.tokens import actor_of_token
from registry.configured import settings
from registry.database import let_go
from registry.errors import NotAllowed, NotSignedIn
from registry.servers.tokens import actor_of_server
from registry.web.problems import answer, wants_json

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_SERVERS = ("/api/", "/feeds/", "/pictures/")


class Access(StrEnum):
    """Who may call a route at all; what they may do with which thing is the service's to say."""

    PUBLIC = "public"
    SERVER = "media server"
    HOUSEHOLD = "household"
    ACCOUNT = "account"
    MODERATOR = "moderator"
    ADMIN = "admin"


def _declares(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__access__ = access  # type: ignore[attr-defined]
        return view

    return mark


public = _declares(Access.PUBLIC)
#: The server itself, and nobody else.
server_only = _declares(Access.SERVER)
#: An account, or a media server that acts for it.
household_only = _declares(Access.HOUSEHOLD)
account_only = _declares(Access.ACCOUNT)
moderator_only = _declares(Access.MODERATOR)
admin_only = _declares(Access.ADMIN)


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """Let a view's form be larger than others; nobody who may not call the view has it read."""

    def mark(view: View) -> View:
        view.__most_bytes__ = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Check every request before its view runs."""
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.before_request(_guard)


def cookie_name() -> str:
    """Return the session cookie's name; the prefix ties it to HTTPS and this host."""
    return "__Host-marquee" if settings().secure else "marquee"


def current_actor() -> Actor:
    """Return who is asking."""
    if "actor" not in g:
        g.actor = _identify()
        g.actor_known = g.actor.signed_in
    return cast("Actor", g.actor)


def act_as(actor: Actor) -> None:
    """Let this request be somebody else's: of whom the secret in its address is."""
    g.actor = actor


def _identify() -> Actor:
    header = request.headers.get("Authorization", "")
    scheme, _, secret = header.partition(" ")
    if header and scheme.lower() == "bearer":
        secret = secret.strip()
        found = actor_of_token(secret) or actor_of_server(secret) or actor_of_session(secret)
        return found or _bad_token()
    if header and request.path.startswith("/api/"):
        return _bad_token()
    secret = request.cookies.get(cookie_name(), "")
    return (actor_of_session(secret) if secret else None) or ANONYMOUS


def _bad_token() -> Actor:
    raise NotSignedIn(
        "This token is not valid: it is unknown, expired or revoked. Make a new one under Account → Tokens.",
        code="auth.token_invalid",
    )


def _guard() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    access: Access | None = getattr(view, "__access__", None)
    if access is None:
        raise NotAllowed("This address has not been opened to anybody.")
    actor = current_actor()
    if _may_call(access, actor):
        request.max_content_length = getattr(view, "__most_bytes__", request.max_content_length)
    if actor.server_id is not None and not request.path.startswith(FOR_SERVERS):
        raise NotAllowed("A media server's token is for the API and for feeds; pages are for people.")
    if request.method not in SAFE:
        let_go()  # its body may be long in coming
    _check_csrf()
    if _may_call(access, actor):
        return None
    if not actor.signed_in:
        return _ask_to_sign_in()
    raise NotAllowed(f"This needs a {access.value}'s account (and, for a token, the scope for it).")


def _may_call(access: Access, actor: Actor) -> bool:
    if access is Access.MODERATOR:
        return actor.is_moderator
    if access is Access.ADMIN:
        return actor.is_admin
    if access is Access.SERVER:
        return actor.server_id is not None
    if access is Access.ACCOUNT:
        return actor.signed_in and actor.server_id is None
    return access is Access.PUBLIC or actor.signed_in


def _check_csrf() -> None:
    if request.method in SAFE or request.headers.get("Authorization"):
        return
    if not request.cookies.get(cookie_name()) and request.path.startswith("/api/"):
        return  # nothing that a forged request could abuse
    # From the header first: looking for it in a form would read a body that is a file.
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise NotAllowed(
            "The form was open for too long or came from another site. Load the page again and repeat.",
            code="auth.csrf",
        ) from error


def _ask_to_sign_in() -> Response:
    if wants_json() or request.method not in SAFE:
        return answer(NotSignedIn("Sign in, or send a token: Authorization: Bearer …"))
    return cast("Response", redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?"))))
