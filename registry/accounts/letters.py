"""The letters to an account: each returns a subject and a text.

They name what happened and what to do.
"""

from registry.accounts.models import Account, ApiToken
from registry.configured import settings

Letter = tuple[str, str]


def verify_address(secret: str) -> Letter:
    """Ask to prove an address.

    No name in it: anybody may type one here and have it mailed to others.
    """
    return _letter(
        "Please confirm your address",
        f"Hello,\n\nopen this link within a day, and your address is confirmed:\n\n"
        f"{settings().public_url}/accounts/verify/{secret}\n\n"
        "If you have not asked for this, do nothing: without the link nothing happens.",
    )


def address_known(account: Account) -> Letter:
    """Tell an owner that somebody signs up with their address, or wants to take it."""
    return _letter(
        "You have an account already",
        f"Hello {account.name},\n\nsomebody asked for an account with your address; you have "
        "one. If that was you, sign in, or ask for a new password:\n\n"
        f"{settings().public_url}/accounts/reset\n\n"
        "If it was not you, do nothing: nothing has changed.",
    )


def reset_password(account: Account, secret: str) -> Letter:
    """Bring the link to a new password."""
    return _letter(
        "A new password",
        f"Hello {account.name},\n\nopen this link within an hour to set a new password:\n\n"
        f"{settings().public_url}/accounts/reset/{secret}\n\n"
        "All sessions and tokens of the account end with it. "
        "If you have not asked for this, do nothing.",
    )


def password_changed(account: Account) -> Letter:
    """Tell that the password is another."""
    return _notice(account, "Your password was changed", "The password of your account was changed.")


def address_changed(name: str, old: str, new: str) -> Letter:
    """Tell the old address that it is no longer the account's."""
    return _letter(
        "Your address was changed",
        f"Hello {name},\n\nthe address of your account was changed from {old} to {new}.\n\n{_not_you()}",
    )


def token_made(account: Account, token: ApiToken) -> Letter:
    """Tell that a token was made."""
    scopes = ", ".join(token.scopes)
    return _notice(
        account,
        "A token was made",
        f"A token named “{token.name}” ({token.shown_prefix}…) was made. It may: {scopes}. "
        f"It lasts until {token.expires_at:%Y-%m-%d}.",
    )


def role_changed(account: Account) -> Letter:
    """Tell that an admin has changed the role."""
    return _notice(
        account,
        "Your role was changed",
        f"An admin has made your account a {account.role.value}'s.",
    )


def _notice(account: Account, subject: str, sentence: str) -> Letter:
    return _letter(subject, f"Hello {account.name},\n\n{sentence}\n\n{_not_you()}")


def _not_you() -> str:
    return (
        "If that was not you, set a new password now; this ends every session and token:\n\n"
        f"{settings().public_url}/accounts/reset"
    )


def _letter(subject: str, text: str) -> Letter:
    site = settings()
    return f"{site.site_name}: {subject}", f"{text}\n\n-- \n{site.site_name}\n{site.public_url}\n"
