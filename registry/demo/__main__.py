"""``python -m registry.demo`` (``make demo``): fills a running Marquee with an invented catalogue."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from registry.accounts.first_login import read as read_first_login
from registry.demo.cast import Cast, kept_password
from registry.demo.catalogue import read_catalogue
from registry.demo.filling import fill
from registry.demo.site import DemoFailed, Site
from registry.settings import home_of

NO_ADMIN = (
    "An admin is needed to make the people of the demonstration, and {home}/first-login.json is gone: "
    "somebody has used it. Say who: --email EMAIL (the password is asked for), or --token TOKEN with the "
    "scope admin."
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--url", help="The running Marquee; by default where `make run` starts one.")
@click.option("--email", help="An admin's address; by default the first login's.")
@click.option("--password", help="The admin's password; asked for when left out.")
@click.option("--token", help="An admin's token instead.")
def main(url: str | None, email: str | None, password: str | None, token: str | None) -> None:
    """Fill a running Marquee with an invented catalogue. Running it again does no harm."""
    home, started = home_of(os.environ), time.monotonic()
    address = (url or _usual_address(home)).rstrip("/")
    if email and not password and not token:
        password = click.prompt(f"Password of {email}", hide_input=True)
    try:
        with Site(address) as site:
            find_admin = _admin_finder(site, home, (email, password, token))
            cast = Cast(site, read_catalogue(), kept_password(home, address), find_admin)
            new = _perform(cast)
    except DemoFailed as failure:
        raise click.ClickException(str(failure)) from failure
    _tell(f"{new} new releases in {time.monotonic() - started:.0f} s. See them at {address}/")
    moderator = cast.catalogue.moderator
    _tell(f"Everybody's password is {cast.password}; {moderator.name} ({moderator.email}) moderates.")


def _perform(cast: Cast) -> int:
    cast.assemble()
    _tell(f"{len(cast.catalogue.people)} people and {len(cast.catalogue.publishers)} publishers are here")
    new = fill(cast, _tell)
    cast.leave()
    return new


def _admin_finder(
    site: Site, home: Path, given: tuple[str | None, str | None, str | None]
) -> Callable[[], Site]:
    """Return how an admin is found, when one is needed: as given, else by the first login."""
    email, password, token = given

    def find() -> Site:
        if token:
            return Site(site.url, token)
        if email and password:
            return site.signed_in(email, password)
        first = read_first_login(home)
        if first is None:
            raise DemoFailed(NO_ADMIN.format(home=home))
        _tell(f"Using the first login, which stays yours: {first['email']}  {first['password']}")
        return site.signed_in(first["email"], first["password"])

    return find


def _usual_address(home: Path) -> str:
    first = read_first_login(home)
    if first is not None:
        return first["url"]
    if public := os.environ.get("PUBLIC_URL"):
        return public
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"


def _tell(text: str) -> None:
    click.echo(text)


if __name__ == "__main__":
    sys.exit(main())
