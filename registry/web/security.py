"""Headers that every answer carries, and the nonce that scripts and styles of our own need."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from registry.errors import NotAllowed
from registry.settings import Settings


def install(app: Flask, settings: Settings) -> None:
    """Set the security headers on every answer."""
    media = _origin(settings.media_url)
    store = _origin(settings.store.public_url)

    def nonce() -> str:
        if "csp_nonce" not in g:
            g.csp_nonce = secrets.token_urlsafe(18)
        return str(g.csp_nonce)

    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", _policy(nonce(), media, store))
            headers.setdefault("Cache-Control", "no-store" if g.get("actor_known") else "no-cache")
        else:
            headers.setdefault("Content-Security-Policy", "sandbox; default-src 'none'")
        if settings.secure:  # browsers ignore both on plain http, and complain of the first
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    app.after_request(harden)
    app.jinja_env.globals["csp_nonce"] = nonce
    if settings.secure:
        app.before_request(_refuse_plain_http)


def _policy(nonce: str, media: str, store: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; "
        f"style-src 'nonce-{nonce}'; img-src 'self' {media}; font-src 'self'; "
        f"connect-src 'self' {store}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "manifest-src 'self'; require-trusted-types-for 'script'; trusted-types default"
    )


def _origin(url: str | None) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _refuse_plain_http() -> None:
    """Refuse, not redirect, plain HTTP on the API: a token sent in clear must not seem to work."""
    if request.path.startswith("/api/") and not request.is_secure:
        raise NotAllowed("Use the https:// address; this API answers nothing over plain HTTP.")
