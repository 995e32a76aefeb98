"""What lies beside ``Info.plist``: code, strings, version file, preferences, services, pictures.

These files are for people. What is wrong in them is a warning, never a refusal.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.identity import is_version
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.plex.code import Code, look_at
from registry.bundles.ecosystems.plex.layout import Layout
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.limits import DEFAULT_LIMITS
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.parsed import Parsed
from registry.bundles.manifests.plist import parse_plist

T = TypeVar("T")

CODE_FILE = "Contents/Code/__init__.py"
VERSION_LINE = re.compile(r"(?:version\s*[:=]\s*)?[\"']?v?([0-9]+(?:\.[0-9]+)+[\w.-]*)[\"']?", re.IGNORECASE)
SECRET = re.compile(r"pass(?:word|wd|$)|token|secret|api.?key|(?:^|_)pin(?:$|_)", re.IGNORECASE)
SERVICES = ("URL", "Search", "RelatedContent")
PICTURES = {"icon": "icon-default", "fanart": "art-default"}
PICTURE_TYPES = ("png", "jpg", "jpeg")


class Extras:
    """The other files of one bundle; ``findings`` grows while they are read."""

    def __init__(self, bundle: Bundle, layout: Layout) -> None:
        self._bundle, self._layout = bundle, layout
        self.findings: list[Finding] = []

    def code(self) -> Code:
        """Return what ``Contents/Code/__init__.py`` shows of itself."""
        source = self._bytes(CODE_FILE)
        if source is None:
            self.findings.append(
                Place(self._layout.inside(CODE_FILE)).warning(
                    "plex.no_code", f"There is no {CODE_FILE}; Plex runs nothing.", "Add it."
                )
            )
        return look_at((source or b"").decode("utf-8", "replace"), self._strings())

    def version(self) -> str | None:
        """Return the version of a file ``VERSION``, which real bundles fill with anything."""
        for name in ("Contents/VERSION", "VERSION"):
            text = (self._bytes(name) or b"").decode("utf-8", "replace")
            for line in text.splitlines()[:20]:
                found = VERSION_LINE.fullmatch(line.strip())
                if found and is_version(found[1]):
                    return found[1]
        return None

    def preferences(self) -> list[str]:
        """Return the preferences that look like secrets and are not hidden."""
        name = "Contents/DefaultPrefs.json"
        parsed = self._parsed(name, _lenient_json)
        if parsed is None:
            return []
        path = self._layout.inside(name)
        if not isinstance(parsed.value, list):
            self.findings.append(
                Place(path, 1).warning("plex.preferences", f"{path} is not a list.", "Write [ … ] around it.")
            )
            return []
        open_secrets = dict(_open_secrets(parsed, path))
        self.findings += open_secrets.values()
        return list(open_secrets)

    def services(self) -> list[str]:
        """Return the names of the bundle's URL, search and related-content services."""
        parsed = self._parsed("Contents/Services/ServiceInfo.plist", parse_plist)
        groups = [parsed.value.get(key) for key in SERVICES] if parsed else []
        return sorted({name for group in groups if isinstance(group, dict) for name in group})

    def pictures(self) -> dict[str, str]:
        """Return the bundle's icon and background."""
        paths = {
            role: self._layout.inside(f"Contents/Resources/{stem}.{ending}")
            for ending in reversed(PICTURE_TYPES)
            for role, stem in PICTURES.items()
            if self._layout.inside(f"Contents/Resources/{stem}.{ending}") in self._bundle
        }
        return {role: paths[role] for role in PICTURES if role in paths}

    def _strings(self) -> dict[str, str]:
        parsed = self._parsed("Contents/Strings/en.json", _lenient_json)
        if parsed is None or not isinstance(parsed.value, dict):
            return {}
        return {key: text for key, text in parsed.value.items() if isinstance(text, str)}

    def _bytes(self, name: str) -> bytes | None:
        """Return a file's bytes, or None when it is missing or too large to look at."""
        path = self._layout.inside(name)
        if path not in self._bundle:
            return None
        try:
            return self._bundle.read(path, DEFAULT_LIMITS.manifest_bytes)
        except BundleRejected as refusal:
            if refusal.finding.code != "limit.entry":
                raise
            return None

    def _parsed(self, name: str, parse: Callable[..., Parsed[T]]) -> Parsed[T] | None:
        content = self._bytes(name)
        if content is None:
            return None
        try:
            parsed = parse(content, path=self._layout.inside(name))
        except BundleRejected as refusal:
            self.findings.append(replace(refusal.finding, severity=Severity.WARNING))
            return None
        self.findings += parsed.findings
        return parsed


def _lenient_json(content: bytes, *, path: str) -> Parsed[Any]:
    return parse_json(content, path=path, lenient=True)


def _open_secrets(parsed: Parsed[Any], path: str) -> Iterator[tuple[str, Finding]]:
    for index, each in enumerate(parsed.value):
        identifier = each.get("id") if isinstance(each, dict) else None
        if not isinstance(identifier, str) or not SECRET.search(identifier):
            continue
        if str(each.get("option", "")).casefold() != "hidden" and each.get("type") == "text":
            yield (
                identifier,
                Place(path, parsed.line(index, "id")).warning(
                    "plex.open_secret",
                    f"The preference {identifier} looks like a secret and is shown in clear.",
                    'Give it "option": "hidden" and "secure": "true".',
                ),
            )
