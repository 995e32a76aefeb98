"""The commands of ``marquee``. Thin: each reads its words and calls one module."""

import os
from pathlib import Path
from typing import Any

import click

from marquee_client import __version__
from marquee_client.faults import OK, REFUSED, Misused
from marquee_client.logins import current_login, plain_address
from marquee_client.server import TRIES, Server
from marquee_client.speaking import Voice, speaking

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Pack, check and publish media-server plug-ins.

    Exit codes: 0 all well, 1 something was found or refused, 2 wrong usage, 3 no server there.
    MARQUEE_URL and MARQUEE_TOKEN stand in for a login; NO_COLOR is honoured.
    """


@main.command()
@click.argument("url")
@click.option("--token", help="Use this token; - reads it from standard input. Asked for when left out.")
@click.option("--email", help="Make a token by e-mail and password instead.")
@speaking
def login(voice: Voice, url: str, token: str | None, email: str | None) -> int:
    """Log in at the Marquee at URL and keep the login."""
    from marquee_client.signing_in import log_in  # noqa: PLC0415 - a command loads what it needs

    if token and email:
        raise Misused("Give --token or --email, not both.")
    address = plain_address(url)
    me = log_in(voice, address, token=token, email=email)
    voice.give({"ok": True, "url": address, "email": me["email"], "scopes": me["scopes"],
                "publishers": me["publishers"]})  # fmt: skip
    return OK


@main.command()
@click.argument("url", required=False)
@speaking
def logout(voice: Voice, url: str | None) -> int:
    """Forget the login at URL, or the current one."""
    from marquee_client.signing_in import log_out  # noqa: PLC0415

    gone = log_out(voice, plain_address(url) if url else None)
    voice.give({"ok": True, "url": gone.url})
    return OK


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File or folder for the zip.")
@speaking
def pack(voice: Voice, folder: Path, output: Path | None) -> int:
    """Pack FOLDER as its media server wants it, the same bytes each time, and check the zip."""
    from marquee_client.checking import tell_inspection  # noqa: PLC0415
    from marquee_client.packing import pack as pack_folder  # noqa: PLC0415

    packed = pack_folder(folder, output)
    for path, why in packed.choice.left_out.items():
        voice.say(f"left out {path} ({why})", "quiet")
    tell_inspection(voice, str(packed.file), packed.inspection)
    voice.say(f"  sha256 {packed.sha256}")
    voice.give({**packed.inspection.as_json(), "file": str(packed.file), "left_out": packed.choice.left_out})
    return OK if packed.inspection.ok else REFUSED


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--metadata", is_flag=True, help="The files are metadata, not whole bundles.")
@click.option("--as", "as_name", metavar="NAME", help="A metadata file's original name.")
@speaking
def check(voice: Voice, files: tuple[str, ...], as_name: str | None, *, metadata: bool) -> int:
    """Look at FILEs as the server would, without a server; --json prints what `registry inspect` does."""
    from marquee_client.checking import check_files  # noqa: PLC0415

    if as_name is not None and (not metadata or len(files) > 1):
        raise Misused("--as NAME goes with --metadata and one FILE.")
    return check_files(voice, files, metadata=metadata, as_name=as_name)


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…")
@click.option("--publisher", envvar="MARQUEE_PUBLISHER", help="For whom; needed when you have several.")
@click.option("--version", help="Its version, if the bundle cannot say it.")
@click.option("--license", help="Its license, as an SPDX expression, if the bundle cannot say it.")
@click.option("--name", help="Its name, if the bundle cannot say it.")
@click.option("--identifier", help="Its identifier, if the bundle cannot say it.")
@click.option("--kind", help="plugin, channel, agent or client, if the bundle cannot say it.")
@click.option("--maturity", help="For whom it is: everyone, teen, mature or adult.")
@click.option("--privacy", type=FILE, metavar="privacy.toml",
              help="What it does with data, if the bundle has no privacy.toml.")  # fmt: skip
@click.option("--grant", is_flag=True,
              help="Grant it under the submission terms, if no license lets others share it.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Agree to the submission terms without being asked.")
@click.option("--source-offer", metavar="URL", help="Where the source of a binary is offered in writing.")
@click.option("--source-until", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]),
              help="Until when it is offered: three years or more.")  # fmt: skip
@click.option("--source-for", metavar="RELEASE", type=click.UUID, help="FILE is the source of this release.")
@click.option("--derived-from", metavar="RELEASE|PATH",
              help="The release that it is made from: its id, or ecosystem/identifier.")  # fmt: skip
@click.option("--changes", metavar="TEXT", help="What you changed of that one.")
@click.option("--wait-published", is_flag=True, help="Wait until a moderator has decided.")
@click.option("--retries", type=click.IntRange(0), default=TRIES, show_default=True,
              help="How often a request that broke is sent again.")  # fmt: skip
@speaking
def publish(
    voice: Voice,
    /,
    files: tuple[Path, ...],
    publisher: str | None,
    retries: int,
    privacy: Path | None,
    *,
    wait_published: bool,
    **said: Any,
) -> int:
    """Upload FILEs and follow them until they wait for review. Run it again to go on after a break."""
    from marquee_client.licensing import LicenseOptions  # noqa: PLC0415
    from marquee_client.publishing import Publication, publish_files  # noqa: PLC0415

    of_license = LicenseOptions.taken_from(said)
    words: dict[str, Any] = {key: str(value) for key, value in said.items() if value}
    if privacy is not None:
        from marquee_client.privacy import read_declaration  # noqa: PLC0415

        words["privacy"] = read_declaration(privacy)
    if len(files) > 1 and (words.keys() & {"identifier", "name", "source_for"}):
        raise Misused("--identifier, --name and --source-for are one file's; publish that file alone.")
    with Server.of(current_login(os.environ), tries=retries) as server:
        license_words = of_license.agreed(voice, server)
        publication = Publication(voice, server, publisher, wait=wait_published, license_words=license_words)
        return publish_files(publication, files, words)


@main.command()
@click.argument("upload_or_release", required=False, metavar="[UPLOAD|RELEASE]", type=click.UUID)
@speaking
def status(voice: Voice, upload_or_release: object) -> int:
    """Show where the newest uploads stand, or one upload or release by its id."""
    from marquee_client.standing import show_newest, show_one  # noqa: PLC0415

    with Server.of(current_login(os.environ)) as server:
        if upload_or_release is None:
            return show_newest(voice, server)
        return show_one(voice, server, str(upload_or_release))


@main.command()
@click.argument("digest")
@click.option("--yes", is_flag=True, help="It was read elsewhere; do not ask.")
@speaking
def acknowledge(voice: Voice, digest: str, *, yes: bool) -> int:
    """Read the privacy notice of DIGEST and say, once, that you have; copies then go out to you."""
    from marquee_client.acknowledging import acknowledge as acknowledge_notice  # noqa: PLC0415

    with Server.of(current_login(os.environ)) as server:
        return acknowledge_notice(voice, server, digest, yes=yes)


@main.command()
@click.argument("release", type=click.UUID)
@click.option("--yes", is_flag=True, help="The terms were read elsewhere; do not ask.")
@speaking
def accept(voice: Voice, release: object, *, yes: bool) -> int:
    """Read what the license of RELEASE asks and accept it, once; copies then go out to you."""
    from marquee_client.accepting import accept as accept_terms  # noqa: PLC0415

    with Server.of(current_login(os.environ)) as server:
        return accept_terms(voice, server, str(release), yes=yes)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--from", "url", metavar="URL", help="The registry; the one of the last time, or of your login."
)
@click.option("--verify", is_flag=True, help="Only prove by digest that the folder is whole; ask no server.")
@click.option("--retries", type=click.IntRange(0), default=TRIES, show_default=True,
              help="How often a request that broke is sent again.")  # fmt: skip
@speaking
def mirror(voice: Voice, folder: Path, url: str | None, retries: int, *, verify: bool) -> int:
    """Copy into DIR what a registry lets others pass on, for any web server; run it again to follow."""
    from marquee_client.mirroring.folder import Folder  # noqa: PLC0415

    if verify:
        from marquee_client.mirroring.proving import prove  # noqa: PLC0415

        return prove(voice, folder)
    from marquee_client.mirroring.taking import mirror as take  # noqa: PLC0415

    kept = Folder(folder)
    address = plain_address(url) if url else kept.url or current_login(os.environ).url
    with Server(address, tries=retries) as server:
        return take(voice, server, kept)
