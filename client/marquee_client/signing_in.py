"""``marquee login`` and ``logout``: a token is given, or made by e-mail and password, and proved at once."""

import platform
import sys
from dataclasses import replace
from typing import Any

import click

from marquee_client.faults import Fault, Misused
from marquee_client.logins import Login, forget, known_login, remember, travels_open
from marquee_client.server import Server
from marquee_client.speaking import Voice

SCOPES = ["read", "upload"]
FROM_STANDARD_INPUT = "-"


def log_in(voice: Voice, url: str, *, token: str | None, email: str | None) -> dict[str, Any]:
    """Log in, keep the login, and return who one is there. Raises Fault; nothing is kept then."""
    if travels_open(url):
        voice.warn(f"{url} is not encrypted: whoever listens on the way can read the token.")
    login = _by_password(url, email) if email else Login(url, _given(url, token))
    with Server.of(login, tries=0) as server:
        me = server.get("me")
    kept = remember(replace(login, email=me["email"]))
    voice.say(f"Logged in at {url} as {me['email']} ({', '.join(me['scopes'])}); kept in {kept}.", "good")
    _tell_publishers(voice, me)
    return me


def log_out(voice: Voice, url: str | None) -> Login:
    """Forget a login, and end its token when we made it. Raises Misused where there is none."""
    login = known_login(url)
    if login is None:
        raise Misused(f"You are not logged in{f' at {url}' if url else ''}.")
    forget(login.url)
    voice.say(f"Logged out of {login.url}.", "good")
    if login.token_id is None:
        voice.say("The token itself still works; end it on the account page if nothing else uses it.")
        return login
    try:
        with Server.of(login, tries=0) as server:
            server.delete(f"tokens/{login.token_id}")
    except Fault as fault:
        voice.warn(f"The token could not be ended: {fault} End it on the account page.")
    return login


def _given(url: str, token: str | None) -> str:
    if token is None:
        token = click.prompt(f"Token (make one at {url}/accounts)", hide_input=True, err=True)
    elif token == FROM_STANDARD_INPUT:
        token = sys.stdin.readline()
    if not token.strip() or not token.strip().isascii():
        raise Misused("This is no token; make one on the account page, with the scopes read and upload.")
    return token.strip()


def _by_password(url: str, email: str) -> Login:
    """Sign in for a moment, to make a token that can upload and nothing more."""
    password = click.prompt(f"Password of {email}", hide_input=True, err=True)
    with Server(url, tries=0) as server:
        session = server.post("sessions", {"email": email, "password": password})["token"]
    with Server(url, session, tries=0) as server:
        name = f"marquee on {platform.node() or 'a computer'}"[:100]
        made = server.post("tokens", {"name": name, "scopes": SCOPES})
        server.delete("sessions/current")
    return Login(url, made["token"], email, made["id"])


def _tell_publishers(voice: Voice, me: dict[str, Any]) -> None:
    mine = ", ".join(f"{one['slug']} ({one['role']})" for one in me["publishers"])
    voice.say(f"Publishers: {mine}" if mine else "You belong to no publisher yet; make one on the site.")
    if "upload" not in me["scopes"]:
        voice.warn("This token cannot upload; make one with the scope upload to publish.")
