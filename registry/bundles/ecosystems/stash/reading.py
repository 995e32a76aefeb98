"""Reads Stash packages. The id is a file's name, so it comes from the zip and never from the YAML."""

from pathlib import PurePosixPath
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Kind, Metadata, Reading
from registry.bundles.ecosystems.identity import PLAIN, checked_identifier, checked_version
from registry.bundles.ecosystems.stash.files import StashFile, parse_file
from registry.bundles.ecosystems.stash.package import ENDING, LIBRARY, Package, main_file
from registry.bundles.ecosystems.stash.package import remarks as package_remarks
from registry.bundles.ecosystems.stash.rules import errors, remarks, scripts, sites
from registry.bundles.ecosystems.stash.shapes import ACTIONS, URL_ACTIONS
from registry.bundles.findings import Finding

KINDS = {"plugin": Kind.PLUGIN, "scraper": Kind.AGENT, "library": Kind.AGENT}
SUMMARY_LENGTH = 200


def read_package(bundle: Bundle) -> Reading:
    """Read a zip. Raises BundleRejected for what is no package."""
    package = Package.of(bundle)
    file = main_file(package)
    return _reading(file, (*package_remarks(package, file),))


def read_single(filename: str, content: bytes) -> Reading:
    """Read a ``.yml`` or ``package`` file alone; its name is the id. Raises BundleRejected."""
    name = PurePosixPath(filename).name
    library = name == LIBRARY or name.endswith(f".{LIBRARY}")
    return _reading(parse_file(filename, content, library=library), ())


def _reading(file: StashFile, findings: tuple[Finding, ...]) -> Reading:
    identifier, doubts = _identifier(file)
    version = file.text.get("version")
    description = file.said("description").strip() or _about(file)
    metadata = Metadata(
        ecosystem="stash",
        kind=KINDS[file.form],
        identifier=identifier,
        version=None if version is None else _version(version, file),
        name=file.said("name").strip() or identifier,
        summary=description.partition("\n")[0][:SUMMARY_LENGTH],
        description=description,
        homepage=file.said("url") or None,
        requires=file.requires,
        facts={"form": file.form, **_facts(file)},
    )
    return Reading(metadata, (*doubts, *errors(file), *remarks(file), *findings))


def _identifier(file: StashFile) -> tuple[str | None, list[Finding]]:
    """Return the id: the file's name, or of a library its folder, or else what it calls itself."""
    path = PurePosixPath(file.path)
    if file.form != "library":
        stem = path.name.removesuffix(ENDING)
        return checked_identifier(stem, "The file's name", file.place()), []
    folder = path.parent.name if path.name == LIBRARY else path.name.removesuffix(f".{LIBRARY}")
    if folder:
        return checked_identifier(folder, "The folder's name", file.place()), []
    name = file.said("name")
    if not PLAIN.fullmatch(name):
        return None, []
    doubt = file.place("name").info(
        "stash.library_id",
        f"No folder names this library, so its name {name} is taken for its id.",
        "Others require it by the id; put id = … into marquee.toml if it is another.",
    )
    return name, [doubt]


def _version(version: Any, file: StashFile) -> str:
    return checked_version(version, "version", file.place("version"))


def _about(file: StashFile) -> str:
    """Return a sentence for what has no description: what a scraper finds, and where."""
    if file.form == "library":
        return "Scripts that other scrapers use."
    if file.form == "plugin":
        return ""
    things = {"".join(key.partition("By")[:1]) for key in (*ACTIONS, *URL_ACTIONS) if file.text.get(key)}
    where = ", ".join(sites(file)[:3])
    return f"Finds {', '.join(sorted(things)) or 'nothing'}" + (f" on {where}." if where else ".")


def _facts(file: StashFile) -> dict[str, Any]:
    """Return what a moderator wants to know: programs that are started, hosts, settings."""
    ui = file.text.get("ui")
    csp = ui.get("csp") if isinstance(ui, dict) else None
    commands = [command for _, command in scripts(file)]
    if isinstance(file.text.get("exec"), list):
        commands.append([str(word) for word in file.text["exec"]])
    return {
        "interface": file.said("interface"),
        "commands": commands,
        "sites": sites(file),
        "csp": csp if isinstance(csp, dict) else {},
        "hooks": len(file.text.get("hooks") or ()),
    }
