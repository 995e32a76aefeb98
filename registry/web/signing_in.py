"""Signing in, by page and by API alike: failures are counted, successes are not.

Ten failures from one network lock nobody else out of the account; a hundred from everywhere lock it
for an hour, as NIST SP 800-63B-4 asks.
"""

from flask import request
from limits import parse

from registry.accounts.models import BrowserSession
from registry.accounts.sessions import open_session
from registry.errors import NotSignedIn
from registry.web.browsers import browser_in_words
from registry.web.limits import count, must_be_below
from registry.web.requests import client_network

OF_A_NETWORK = parse("60 per 15 minutes")
OF_ONE_IN_A_NETWORK = parse("10 per 15 minutes")
OF_AN_ACCOUNT = parse("100 per hour")


def sign_in(email: str, password: str) -> tuple[BrowserSession, str]:
    """Open a session for this request's client; return it and its secret.

    Raises NotSignedIn (``auth.credentials``), TooMany, Unavailable.
    """
    address, network = email.strip().casefold(), client_network()
    failures = (
        (OF_A_NETWORK, network),
        (OF_ONE_IN_A_NETWORK, f"{address} {network}"),
        (OF_AN_ACCOUNT, address),
    )
    for item, who in failures:
        must_be_below(item, "failed_sign_in", who)
    try:
        browser = browser_in_words(request.headers.get("User-Agent", ""))
        return open_session(email=email, password=password, browser=browser)
    except NotSignedIn:
        for item, who in failures:
            count(item, "failed_sign_in", who)
        raise
