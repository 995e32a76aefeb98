"""What ``Info.plist`` says: identifier, class and policy; no name, author or license anywhere.

Values compare without case, since real bundles write ``agent`` and ``daemon`` both ways.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.bundles.ecosystems.identity import checked_identifier, checked_version, shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.parsed import Parsed

VERSIONS = ("CFBundleVersion", "CFBundleShortVersionString", "PlexBundleVersion")
TEMPLATES = {"", "1.0"}
LISTS = {
    "PlexPluginRegions",
    "PlexVideoCodec",
    "PlexAudioCodec",
    "PlexMediaContainer",
    "PlexPluginTesterFlags",
    "PlexFrameworkFlags",
    "PlexMediaTypes",
    "PlexPluginModuleWhitelist",
    "PlexPluginAPIExclusions",
}
TEXTS = {
    "CFBundleIdentifier",
    "CFBundleSignature",
    "CFBundleExecutable",
    "CFBundleInfoDictionaryVersion",
    "CFBundleDevelopmentRegion",
    "CFBundlePackageType",
    "PlexFrameworkVersion",
    "PlexPluginClass",
    "PlexPluginCodePolicy",
    "PlexClientPlatforms",
    "PlexClientPlatformExclusions",
    "PlexPluginMode",
    "PlexAgentAttributionText",
    "PlexPluginConsoleLogging",
    "PlexPluginDevMode",
    "PlexPluginDebug",
    "PlexPluginLogLevel",
    "PlexMinimumServerVersion",
    "PlexPluginVersionUrl",
    "PlexPluginTitle",
    *VERSIONS,
}
KNOWN = LISTS | TEXTS | {"PlexURLServices"}


@dataclass(frozen=True, slots=True)
class Info:
    """A property list as Plex reads it."""

    parsed: Parsed[dict[str, Any]]
    path: str

    def place(self, key: str) -> Place:
        """Return where a key stands."""
        return Place(self.path, self.parsed.line(key))

    def text(self, key: str) -> str:
        """Return a text, or the first of a list of texts; empty when there is none."""
        value = self.parsed.value.get(key, "")
        if isinstance(value, list):
            value = next(iter(value), "")
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    def says(self, key: str, word: str) -> bool:
        """Say whether a key has a value, whatever its case."""
        return self.text(key).strip().casefold() == word.casefold()

    def words(self, key: str) -> list[str]:
        """Return a list's texts, or those of a text with commas; no empty ones."""
        value = self.parsed.value.get(key, "")
        parts = value if isinstance(value, list) else str(value).split(",")
        return [text for part in parts if (text := str(part).strip())]

    @property
    def identifier(self) -> str:
        """The identity. Raises BundleRejected (``manifest.id``)."""
        key = "CFBundleIdentifier"
        return checked_identifier(self.parsed.value.get(key), key, self.place(key))

    @property
    def version(self) -> str | None:
        """The version, unless it is a template's. Raises BundleRejected (``manifest.version``)."""
        for key in VERSIONS:
            value = self.parsed.value.get(key, "")
            if str(value) not in TEMPLATES and not str(value).startswith("$"):
                return checked_version(value, key, self.place(key))
        return None

    def facts(self) -> dict[str, Any]:
        """Return what feeds, pages and moderators want to know besides."""
        return {
            "elevated": self.says("PlexPluginCodePolicy", "Elevated"),
            "mode": self.text("PlexPluginMode"),
            "regions": self.words("PlexPluginRegions"),
            "not_on": self.words("PlexClientPlatformExclusions"),
            "minimum_server": self.text("PlexMinimumServerVersion"),
            "attribution": self.text("PlexAgentAttributionText").strip(),
            "update_address": self.text("PlexPluginVersionUrl"),
        }

    def platforms(self) -> tuple[str, ...]:
        """Return the client platforms; none named means all."""
        return tuple(word for word in self.words("PlexClientPlatforms") if word != "*")


def remarks(info: Info) -> Iterator[Finding]:
    """Tell what people should look at; nothing here refuses a bundle."""
    yield from info.parsed.findings
    yield from _odd_keys(info)
    yield from _odd_values(info)
    if info.says("PlexPluginCodePolicy", "Elevated"):
        yield info.place("PlexPluginCodePolicy").info(
            "plex.elevated",
            "The code policy is Elevated: outside the sandbox, with native libraries.",
            "Leave PlexPluginCodePolicy out unless the code needs it.",
        )
    if info.text("PlexPluginVersionUrl"):
        yield info.place("PlexPluginVersionUrl").warning(
            "plex.own_updater",
            f"PlexPluginVersionUrl names {shown(info.text('PlexPluginVersionUrl'))}: "
            "a bundle that updates itself replaces what was reviewed.",
            "Remove the updater; servers get releases from here.",
        )
    if "<img" in info.text("PlexAgentAttributionText").casefold():
        yield info.place("PlexAgentAttributionText").warning(
            "plex.remote_image",
            "The attribution text loads an image from elsewhere; it is not shown here.",
            "Put the picture into Contents/Resources.",
        )


def _odd_keys(info: Info) -> Iterator[Finding]:
    for key, value in info.parsed.value.items():
        if key in KNOWN:
            continue
        if isinstance(value, str) and value in KNOWN:
            yield info.place(key).warning(
                "plex.keys_swapped",
                f"Key and value are swapped: <key>{shown(key)}</key> has the value {value}.",
                f"Write <key>{value}</key><string>{shown(key)[1:-1]}</string>.",
            )
        else:
            yield info.place(key).info("plex.unknown_key", f"Plex reads no key {shown(key)}.", "Remove it.")


def _odd_values(info: Info) -> Iterator[Finding]:
    for key, value in info.parsed.value.items():
        wanted = "an array" if key in LISTS else "a string" if key in TEXTS else None
        if wanted and isinstance(value, list) != (key in LISTS):
            yield info.place(key).info(
                "plex.odd_type", f"{key} is usually {wanted}.", f"Write it as {wanted}."
            )
    if info.text("PlexFrameworkVersion") != "2":
        yield info.place("PlexFrameworkVersion").warning(
            "plex.framework",
            f"PlexFrameworkVersion is {shown(info.text('PlexFrameworkVersion'))}, not '2'; "
            "today's servers load nothing else.",
            "Write <key>PlexFrameworkVersion</key><string>2</string>.",
        )
    for key in ("PlexPluginDevMode", "PlexPluginDebug"):
        if info.text(key) == "1":
            yield info.place(key).warning(
                "plex.debugging", f"{key} is 1, which is for development.", "Set it to 0."
            )
