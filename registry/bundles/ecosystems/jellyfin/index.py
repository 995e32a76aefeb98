"""manifest.json: a repository's list, read to tell what of it would break a server."""

import re
from collections.abc import Iterator
from typing import Any

from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.jellyfin.description import NAME
from registry.bundles.ecosystems.jellyfin.fields import Fields
from registry.bundles.ecosystems.jellyfin.identity import checked_guid, checked_name
from registry.bundles.ecosystems.jellyfin.versions import checked_version, parse
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.parsed import Parsed

_MD5 = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_ZIP = re.compile(r"https?://[^/\s]+/\S*\.zip", re.ASCII | re.IGNORECASE)


def read_index(content: bytes, path: str) -> Reading:
    """Read a repository's list: no release, so no identifier; broken entries are warnings."""
    parsed = parse_json(content, path=path)
    if not isinstance(parsed.value, list):
        raise Place(path, 1).rejection(
            "manifest.field", "A repository's list is an array.", "Begin with [ and end with ]."
        )
    listed: list[list[Any]] = []
    broken = [
        finding for number in range(len(parsed.value)) for finding in _package(parsed, path, number, listed)
    ]
    index = Place(path, parsed.line() or 1).warning(
        "manifest.index",
        f"{path} is a repository's list of {len(listed)} plug-ins, not a release.",
        "Upload each plug-in's own zip.",
    )
    return Reading(Metadata(NAME, facts={"listed": listed}), (index, *broken))


def _package(parsed: Parsed[Any], path: str, number: int, listed: list[list[Any]]) -> Iterator[Finding]:
    """Yield what is broken of one package; what can be read of it joins ``listed``."""
    try:
        fields = Fields(parsed, path, (number,))
        guid = checked_guid(fields.values.get("guid"), fields.at("guid"))
        name = checked_name(fields.values.get("name"), fields.at("name"))
        versions = fields.objects("versions")
        numbers = [checked_version(one.values.get("version"), one.at("version")) for one in versions]
        listed.append([guid, name, numbers])
        for one in versions:
            yield from _version(one)
    except BundleRejected as refusal:
        found = refusal.finding
        yield Finding(found.code, Severity.WARNING, found.message, found.fix, found.path, found.line)


def _version(fields: Fields) -> Iterator[Finding]:
    abi, address = fields.text("targetAbi"), fields.text("sourceUrl")
    if abi and parse(abi) is None:
        yield fields.at("targetAbi").warning(
            "manifest.target_abi",
            f"targetAbi is {shown(abi)}, so no install works.",
            "Write a server's version with 2 to 4 numbers.",
        )
    if not _ZIP.fullmatch(address):
        yield fields.at("sourceUrl").warning(
            "manifest.source_url",
            f"sourceUrl is {shown(address)}: servers install nothing and say that they did.",
            "Use an absolute http or https address that ends in .zip.",
        )
    if not _MD5.fullmatch(fields.text("checksum")):
        yield fields.at("checksum").warning(
            "manifest.checksum",
            f"checksum is {shown(fields.text('checksum'))}, so no install works.",
            "Give the zip's MD5 in hexadecimal digits.",
        )
