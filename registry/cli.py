"""The operator's commands: ``python -m registry``. Thin: each reads its words and calls one service.

What a command needs is imported when it runs, so that ``inspect`` works without any setting, and
``run`` with none of the parts that it is about to start.
"""

# ruff: noqa: PLC0415
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from flask import Flask

DATABASE_DOWN = (
    "The database does not answer. Start Marquee with `make run`, or look whether DATABASE_URL is right."
)
ROLES = ("user", "moderator", "admin")  # the same words as in accounts.models.Role
#: For describing the routes nothing runs, so these only have the right form.
NOWHERE = {
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "BROKER_URL": "redis://localhost:1/0",
    "S3_ENDPOINT_URL": "http://localhost:1",
    "S3_ACCESS_KEY_ID": "none",
    "S3_SECRET_ACCESS_KEY": "none",
    "SECRET_KEY": "none",
    "PUBLIC_URL": "http://localhost:8000",
}


@contextmanager
def _application() -> Iterator["Flask"]:
    """Open the application's context; what goes wrong in it ends the command with one sentence."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    from registry.app import create_app
    from registry.errors import MarqueeError
    from registry.settings import SettingsInvalid
    from storage.errors import StorageError

    try:
        app = create_app()
        with app.app_context():
            yield app
    except MarqueeError as error:
        raise click.ClickException(error.detail) from error
    except (SettingsInvalid, StorageError) as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, InterfaceError) as error:
        raise click.ClickException(DATABASE_DOWN) from error


def _tell(text: str) -> None:
    """Say something to a person; standard output is for what scripts read."""
    click.echo(text, err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after a Marquee."""


@main.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="HOST")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="PORT",
              type=click.IntRange(1, 65535))  # fmt: skip
def run(host: str, port: int) -> None:
    """Run Marquee with all that it needs, until Ctrl-C."""
    from registry.embedded.run import run as run_all
    from registry.settings import home_of

    sys.exit(run_all(home_of(os.environ), host, port, os.environ))


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from registry import migrations
    from registry.configured import settings

    with _application():
        migrations.migrate(settings().database_url)
        _tell(f"The database is up to date ({migrations.head()}).")


@main.command()
@click.argument("message")
@click.option("--again", metavar="REVISION", help="Draft this one anew, while nobody has it yet.")
def migration(message: str, again: str | None) -> None:
    """Draft a migration from the models; MESSAGE says what it does."""
    from registry.migrations.drafting import draft

    click.echo(draft(message, again=again))


@main.command("first-login")
def first_login() -> None:
    """Make the first admin at the first start, and print the login until it is used."""
    from registry.accounts.first_login import read
    from registry.accounts.service import create_first_admin
    from registry.configured import settings

    with _application():
        login = create_first_admin() or read(settings().home)
        if login is not None:
            click.echo(f"First login at {login['url']}: {login['email']}  {login['password']}")


@main.group()
def account() -> None:
    """Accounts."""


@account.command("create")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(ROLES), default="user", show_default=True)
@click.option("--name", help="What others see; the part before @ when left out.")
@click.option("--password", help="Made and printed when left out.")
def create_account(email: str, role: str, name: str | None, password: str | None) -> None:
    """Make a verified account."""
    from registry.accounts import service
    from registry.accounts.actor import SYSTEM
    from registry.accounts.models import Role

    with _application():
        shown = name or email.split("@", maxsplit=1)[0] or email
        made, kept = service.create_account(
            email=email, name=shown, password=password, role=Role(role), by=SYSTEM
        )
        _tell(f"{made.email} is {'an' if role[0] in 'aeiou' else 'a'} {role}.")
        if password is None:
            click.echo(kept)


@main.group()
def token() -> None:
    """Tokens of the API."""


@token.command("create")
@click.option("--account", "email", required=True, metavar="EMAIL")
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE…")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
@click.argument("more_scopes", nargs=-1, metavar="")
def create_token(email: str, scopes: tuple[str, ...], days: int, more_scopes: tuple[str, ...]) -> None:
    """Make a token and print it, and nothing else: --scope read upload, or --scope all."""
    from registry.accounts.actor import SYSTEM, Scope
    from registry.accounts.tokens import check_scopes, make_token_for
    from registry.errors import Invalid

    wanted = [name for words in scopes + more_scopes for name in words.split(",")]
    try:
        check_scopes(wanted, everything=frozenset(Scope))
    except Invalid as error:
        raise click.UsageError(error.detail) from error
    with _application():
        _, secret = make_token_for(email, scopes=wanted, days=days, by=SYSTEM)
        click.echo(secret)


@main.command()
@click.option("--metadata", is_flag=True, help="The files are metadata, not whole bundles.")
@click.option("--as", "as_name", metavar="NAME", help="A metadata file's original name.")
@click.argument("files", nargs=-1, required=True)
def inspect(files: tuple[str, ...], as_name: str | None, *, metadata: bool) -> None:
    """Read and check local FILES as ingest does; a JSON line each."""
    from registry.bundles.inspection.command import inspect_command

    sys.exit(inspect_command(files, metadata=metadata, as_name=as_name))


@main.command()
@click.argument("files", nargs=-1, required=True)
def privacy(files: tuple[str, ...]) -> None:
    """Print the hosts, data and capabilities found in local FILES; a JSON line each."""
    from registry.bundles.privacy.command import privacy_command

    sys.exit(privacy_command(files))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Write database and blobs into an empty FOLDER, as one consistent set."""
    from registry.backup import service

    with _application():
        manifest = service.backup(folder)
        _tell(f"{len(manifest['objects'])} objects and the database are in {folder}.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def restore(folder: Path) -> None:
    """Bring back what `backup` wrote into FOLDER."""
    from registry.backup import service

    with _application():
        manifest = service.restore(folder)
        _tell(f"{len(manifest['objects'])} objects and the database are back.")


@main.command()
@click.argument("file", default="docs/api/openapi.json")
def openapi(file: str) -> None:
    """Write the OpenAPI document into FILE (- prints it)."""
    from registry.app import create_app
    from registry.settings import read_settings

    document = json.dumps(create_app(read_settings(NOWHERE)).spec, indent=1, sort_keys=True)
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with click.open_file(file, "w", encoding="utf-8") as out:
        out.write(document + "\n")


@main.group()
def jobs() -> None:
    """Background work."""


@jobs.command("list")
@click.option("--given-up", is_flag=True, help="Only what was given up.")
def list_jobs(*, given_up: bool) -> None:
    """Print the work that waits, runs or was given up: a JSON line each."""
    from registry import jobs as work

    with _application():
        for job in work.list_jobs(given_up=given_up):
            click.echo(json.dumps(work.describe_job(job)))


@jobs.command("retry")
@click.argument("job_ids", nargs=-1, type=click.UUID)
@click.option("--given-up", is_flag=True, help="All that was given up.")
def retry_jobs(job_ids: tuple[UUID, ...], *, given_up: bool) -> None:
    """Ask for work again, now: by the ids of `jobs list`, or --given-up."""
    from registry import jobs as work
    from registry.accounts.actor import SYSTEM

    if not job_ids and not given_up:
        raise click.UsageError("Name the jobs, or say --given-up.")
    with _application():
        wanted = [*job_ids, *(job.id for job in work.list_jobs(given_up=True) if given_up)]
        _tell(f"{work.retry_jobs(wanted, by=SYSTEM)} asked for again.")


@main.group()
def licenses() -> None:
    """License records."""


@licenses.command("audit")
@click.option(
    "--json", "as_json", is_flag=True, help="A JSON line for each release, also for those as recorded."
)
def audit_licenses(*, as_json: bool) -> None:
    """Look at all published releases again; print what would be concluded otherwise. Nothing is changed."""
    from registry.licensing.audit import audit_licenses as audit

    looked_at = differing = failed = 0
    with _application():
        for one in audit():
            looked_at += 1
            differing += bool(one.differs)
            failed += one.error is not None
            if one.differs or one.error:
                click.echo(json.dumps(one.as_json()) if as_json else one.as_line())
    _tell(f"{looked_at} looked at: {differing} would be concluded otherwise, {failed} could not be read.")
    sys.exit(1 if failed else 0)
