"""meta.json: what a server reads from a plug-in's folder, with its reader's strictness."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.jellyfin.description import check_target_abi, describe
from registry.bundles.ecosystems.jellyfin.fields import Fields
from registry.bundles.ecosystems.jellyfin.versions import is_four
from registry.bundles.findings import Finding
from registry.bundles.manifests.json import parse_json

_STATES = {
    "active": 0,
    "restart": 1,
    "disabled": -1,
    "notsupported": -2,
    "malfunctioned": -3,
    "superseded": -4,
    "superceded": -4,
    "deleted": -5,
}
_TIME = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,16})?)?(Z|[+-]\d\d(:\d\d)?)?)?",
    re.ASCII,
)


def read_meta(content: bytes, path: str, files: frozenset[str] | None = None) -> Reading:
    """Read a meta.json; ``files`` are the plug-in's, where they are known.

    Raises BundleRejected for what makes a server ignore the file or call the plug-in broken.
    """
    fields = Fields(parse_json(content, path=path), path)
    metadata = describe(fields, hyphenated=True)
    _check_types(fields)
    if files is not None:
        _check_assemblies(fields, files)
    image = PurePosixPath(fields.text("imagePath")).name
    findings = (*check_target_abi(metadata, fields.at("targetAbi")), *_remarks(fields))
    return Reading(replace(metadata, facts={**metadata.facts, "image": image or None}), findings)


def _check_types(fields: Fields) -> None:
    """Refuse values that make a server's reader give up on the whole file."""
    time, updates, state = (fields.values.get(key) for key in ("timestamp", "autoUpdate", "status"))
    if time is not None and not (isinstance(time, str) and _TIME.fullmatch(time)):
        raise fields.wrong("timestamp", "a time like 2026-03-04T12:00:00Z")
    if updates is not None and not isinstance(updates, bool):
        raise fields.wrong("autoUpdate", "true or false")
    known = state in _STATES.values() or (isinstance(state, str) and state.lower() in _STATES)
    if state is not None and not known:
        raise fields.wrong("status", "a state such as Active")


def _check_assemblies(fields: Fields, files: frozenset[str]) -> None:
    """Refuse a list of assemblies that a server would call malfunctioned."""
    listed = [file.replace("\\", "/").removeprefix("./") for file in fields.texts("assemblies")]
    for number, file in enumerate(listed):
        if file not in files or file in listed[:number]:
            raise fields.at("assemblies", number).rejection(
                "manifest.assemblies",
                f"assemblies names {shown(file)}, which the zip "
                f"{'does not hold' if file not in files else 'names twice'}: "
                "servers would call the plug-in malfunctioned.",
                "List each DLL once, by its path from the zip's root, or leave the list empty.",
            )


def _remarks(fields: Fields) -> Iterator[Finding]:
    version = fields.text("version")
    for key in ("version", "name"):
        if key not in fields.values:
            yield fields.at().warning(f"manifest.no_{key}", f"meta.json has no {key}.", f"Add {key}.")
    if version and not is_four(version):
        yield fields.at("version").warning(
            "manifest.version_short",
            f"The version {version} is offered as four numbers.",
            "Write all four: 1.2.0.0.",
        )
    if fields.values.get("autoUpdate") is False:
        yield fields.at("autoUpdate").warning(
            "manifest.auto_update",
            "autoUpdate is false, so servers never update the plug-in by themselves.",
            "Remove the key.",
        )
    if fields.text("status").lower() not in {"", "active", "0"}:
        yield fields.at("status").warning(
            "manifest.status",
            f"status is {fields.text('status')}, which a fresh plug-in is not.",
            "Remove the key.",
        )
