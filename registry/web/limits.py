"""Rate limits, counted in Valkey so that all web processes share them.

When Valkey is down requests go on uncounted: a registry that nobody can sign in to because its cache
is gone would be the worse failure. Passwords stay protected by Argon2's cost.
"""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from registry.configured import settings
from registry.errors import TooMany
from registry.settings import Settings
from registry.web.requests import client_address

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])


def install(app: Flask, given: Settings) -> None:
    """Connect the counters."""
    storage = RedisStorage(given.broker_url, socket_connect_timeout=0.5, socket_timeout=1.0)
    app.extensions["marquee_limiter"] = MovingWindowRateLimiter(storage)


def limited(rule: str, *, by: Callable[[], str] | None = None) -> Callable[[View], View]:
    """Limit a view to ``rule`` (``10 per minute``) for each client address, or each ``by()``."""
    item = parse(rule)

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            count(item, view.__name__, (by or client_address)())
            return view(*args, **kwargs)

        return cast("View", checked)

    return wrap


def count(item: RateLimitItem, name: str, who: str) -> None:
    """Count one more of ``name`` for ``who``. Raises TooMany above the limit."""
    _ask(lambda limiter: limiter.hit(item, name, _kept(who)), item)


def must_be_below(item: RateLimitItem, name: str, who: str) -> None:
    """Raise TooMany when ``who`` has reached the limit; count nothing."""
    _ask(lambda limiter: limiter.test(item, name, _kept(who)), item)


def _kept(who: str) -> str:
    # Addresses and e-mail addresses are kept only as keyed hashes, and only as long as the window.
    return hmac.new(settings().secret_key.encode(), who.encode(), hashlib.sha256).hexdigest()[:32]


def _ask(allows: Callable[[MovingWindowRateLimiter], bool], item: RateLimitItem) -> None:
    try:
        allowed = allows(current_app.extensions["marquee_limiter"])
    except (RedisError, OSError) as error:
        log.warning("limits_not_counted", reason=str(error))
        return
    if not allowed:
        wait_s = item.get_expiry()
        raise TooMany(
            f"That was more than {item}. Wait {wait_s} seconds and try again.", retry_after_s=wait_s
        )
