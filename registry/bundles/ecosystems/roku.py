"""Roku channels: a zip whose root file ``manifest`` has a title and a version, and no identifier."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.keyvalue import parse_keyvalue
from registry.bundles.manifests.parsed import Parsed, read_manifest

MANIFEST = "manifest"
NUMBERS = ("major_version", "minor_version", "build_version")
LONGEST_NUMBER = 9
PICTURES = {"icon": "mm_icon_focus_hd", "fanart": "splash_screen_hd"}
INSIDE = "pkg:/"


class Roku(ClientApp):
    """Zips with a ``manifest`` of ``key=value`` lines."""

    name = "roku"
    title = "Roku"
    ending = ".zip"
    platforms = ("roku",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take zips whose root file ``manifest`` names a major version."""
        return (
            bundle.container == "zip"
            and MANIFEST in bundle
            and self.recognises_file(MANIFEST, read_manifest(bundle, MANIFEST))
        )

    def own(self, bundle: Bundle) -> Reading:
        """Read the manifest, and keep those pictures that are there."""
        parsed = parse_keyvalue(read_manifest(bundle, MANIFEST), path=MANIFEST)
        pictures = {
            role: path
            for role, key in PICTURES.items()
            if (path := parsed.value.get(key, "").removeprefix(INSIDE)) in bundle
        }
        return _reading(parsed, MANIFEST, pictures)

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take a ``manifest`` that names a major version."""
        return filename.rpartition("/")[2] == MANIFEST and b"major_version" in content

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read a manifest alone."""
        return _reading(parse_keyvalue(content, path=filename), filename, {})


def _reading(parsed: Parsed[dict[str, str]], path: str, pictures: dict[str, str]) -> Reading:
    metadata = Metadata(
        ecosystem="roku",
        version=_version(parsed, path),
        name=parsed.value.get("title") or None,
        pictures=pictures,
        facts={"ui_resolutions": parsed.value.get("ui_resolutions", "")},
    )
    return Reading(metadata, (*parsed.findings, *_remarks(parsed, path)))


def _version(parsed: Parsed[dict[str, str]], path: str) -> str:
    """Return the three numbers with dots. Raises BundleRejected (``manifest.version``)."""
    numbers = [parsed.value[key] for key in NUMBERS if key in parsed.value]
    for key in NUMBERS[: max(2, len(numbers))]:
        value = parsed.value.get(key, "")
        if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER):
            raise Place(path, parsed.line(key)).rejection(
                "manifest.version",
                f"{key} is {shown(value)}; a Roku version is made of whole numbers.",
                "Write major_version=1, minor_version=0 and build_version=3, a line each.",
            )
    return ".".join(numbers)


def _remarks(parsed: Parsed[dict[str, str]], path: str) -> list[Finding]:
    """Tell of needed keys that are missing; keys are case-sensitive."""
    return [
        Place(path, next((parsed.line(k) for k in parsed.value if k.lower() == key), None)).warning(
            "roku.missing_key", f"{path} has no {key}.", f"Add a line {key}=…; case matters."
        )
        for key in ("title", *PICTURES.values())
        if not parsed.value.get(key)
    ]


ROKU = Roku()
