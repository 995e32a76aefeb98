"""Reads an APK: package and version from its manifest, its signer from the signing block.

Identity on a device is the package together with the signer, so both are recorded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.android.chunks import REFERENCE, DamagedError, Value
from registry.bundles.ecosystems.android.manifest import (
    APPLICATION,
    Manifest,
    facts,
    parse_manifest,
)
from registry.bundles.ecosystems.android.signing import Signature, signature
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.identity import (
    VERSION_WITH_BUILD,
    checked_identifier,
    checked_version,
)
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import BundleRejected, Finding
from registry.bundles.manifests.parsed import read_manifest

MANIFEST, TABLE = "AndroidManifest.xml", "resources.arsc"
PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+")
LIBRARY = re.compile(r"lib/([^/]+)/[^/]+\.so")
OLD_SIGNATURE = re.compile(r"META-INF/[^/]+\.(?:RSA|DSA|EC)", re.IGNORECASE)
PICTURES = {"icon": "icon", "banner": "banner"}


def read_apk(bundle: Bundle) -> Reading:
    """Read an APK. Raises BundleRejected."""
    manifest = parse_manifest(MANIFEST, read_manifest(bundle, MANIFEST), _table(bundle))
    reading = read_manifest_alone(manifest)
    signed, doubts = _signature(bundle)
    application = manifest.at(*APPLICATION).attributes
    pictures = {role: manifest.picture(application.get(key)) for role, key in PICTURES.items()}
    more = {
        "abis": sorted({m[1] for e in bundle.entries if (m := LIBRARY.fullmatch(e.name))}),
        "schemes": list(signed.schemes),
        "signers": list(signed.signers),
    }
    metadata = _changed(reading.metadata, more, pictures, bundle)
    return Reading(metadata, (*reading.findings, *doubts))


def read_manifest_alone(manifest: Manifest) -> Reading:
    """Read what the manifest says. Raises BundleRejected."""
    root, application = manifest.at("manifest"), manifest.at(*APPLICATION)
    if "split" in root.attributes:
        raise several(f"This APK is the part {root.attributes['split']} of an app")
    place = manifest.place(root)
    known = facts(manifest)
    metadata = Metadata(
        ecosystem="android",
        identifier=checked_identifier(root.attributes.get("package"), "package", place, PACKAGE),
        version=_version(manifest),
        name=manifest.text(application.attributes.get("label")) or None,
        platforms=("android", "android-tv") if known["leanback"] else ("android",),
        facts=known,
    )
    return Reading(metadata, tuple(_remarks(manifest, known)))


def several(what: str) -> BundleRejected:
    """Return the refusal of what is not one APK that a device installs by itself."""
    return Place().rejection(
        "android.not_one_apk",
        f"{what}, not one APK that a device can install.",
        "Build one universal APK: bundletool build-apks --mode=universal.",
    )


def _version(manifest: Manifest) -> str | None:
    """Return the version's name, or its code where it has none; None where it cannot be found."""
    root = manifest.at("manifest")
    written = root.attributes.get("versionName")
    text = manifest.text(written)
    if text is None and isinstance(written, Value) and written.kind == REFERENCE:
        return None
    if text is None:
        text = manifest.text(root.attributes.get("versionCode"))
    place = manifest.place(root)
    return None if text is None else checked_version(text, "versionName", place, VERSION_WITH_BUILD)


def _changed(
    metadata: Metadata,
    more: Mapping[str, Any],
    pictures: Mapping[str, str | None],
    bundle: Bundle,
) -> Metadata:
    there = {role: path for role, path in pictures.items() if path and path in bundle}
    return replace(metadata, pictures=there, facts={**metadata.facts, **more})


def _table(bundle: Bundle) -> bytes | None:
    """Return the resource table, unless there is none or it is too large to look into."""
    if TABLE not in bundle:
        return None
    try:
        return read_manifest(bundle, TABLE)
    except BundleRejected as refusal:
        if refusal.finding.code != "limit.entry":
            raise
        return None


def _signature(bundle: Bundle) -> tuple[Signature, list[Finding]]:
    block = getattr(bundle, "signing_block", None)  # only an opened APK has one
    old = [e.name for e in bundle.entries if OLD_SIGNATURE.fullmatch(e.name)]
    try:
        signed = signature(block, (read_manifest(bundle, name) for name in old))
    except DamagedError as error:
        doubt = Place(old[0] if old else None).warning(
            "android.signature_damaged", f"The signature cannot be read: {error}.", "Sign it again."
        )
        return Signature((), ()), [doubt]
    return signed, list(_signature_remarks(signed))


def _signature_remarks(signed: Signature) -> Iterator[Finding]:
    if not signed.schemes:
        yield Place().warning(
            "android.unsigned", "The APK is not signed; no device installs it.", "Sign: apksigner."
        )
    elif signed.schemes == ("v1",):
        yield Place().warning(
            "android.v1_only",
            "Only the old signature v1 is there; a newer one may have been stripped.",
            "Sign with scheme v2 or v3 too: apksigner does it by itself.",
        )


def _remarks(manifest: Manifest, known: Mapping[str, Any]) -> Iterator[Finding]:
    if known["debuggable"]:
        yield manifest.place(manifest.at(*APPLICATION)).warning(
            "android.debuggable",
            "The app is debuggable: any app on the device can read its data.",
            "Build the release variant.",
        )
    root = manifest.at("manifest")
    written = root.attributes.get("versionName")
    if isinstance(written, Value) and manifest.text(written) is None:
        yield manifest.place(root).warning(
            "android.version_reference",
            f"versionName is the resource 0x{written.data:08x}, which is not in {TABLE}.",
            "Say the version when you upload, or write it into the manifest as text.",
        )
