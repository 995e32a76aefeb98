"""What only the place shows: native files, Plex's and Stash's manifests, settings that hold an address."""

import re
from collections.abc import Iterator

from registry.bundles.privacy.decoding import as_text
from registry.bundles.privacy.evidence import Evidence, excerpt_of
from registry.bundles.privacy.kinds import Sort

_ELEVATED = re.compile(r"<key>PlexPluginCodePolicy</key>\s*<string>\s*Elevated")
_STASH_EXEC = re.compile(r"(?m)^\s*exec\s*:|^\s*action\s*:\s*script\b")
#: A setting's identifier that asks for an address (Kodi settings.xml, Plex DefaultPrefs.json, Stash).
_ADDRESS_SETTING = re.compile(
    r"(?i)(?:<setting\b[^<>]*\bid=|[\"']id[\"']\s*:\s*)[\"']((?:[\w.-]*(?:host|server|address|ipaddr|endpoint|domain|"
    r"base_?url|service_?url)[\w.-]*|(?:[\w.-]*[_.-])?(?:ip|url|uri)))[\"']"
)
MOST_SETTINGS = 20


def capabilities_of(path: str, head: bytes, sort: Sort) -> Iterator[tuple[str, Evidence]]:
    """Yield (capability, place) that a file's first bytes or its manifest show."""
    last = path.rpartition("/")[2].lower()
    if sort is Sort.PROGRAM and _is_native(head):
        yield "native_code", Evidence(path, None, "a native program or library")
    if last == "info.plist" and (match := _ELEVATED.search(text := as_text(head))):
        yield "sandbox_off", _place(path, text, match.end())
    if last.endswith((".yml", ".yaml")) and (match := _STASH_EXEC.search(text := as_text(head))):
        yield "exec", _place(path, text, match.end() - 1)


def _is_native(head: bytes) -> bool:
    """Say whether it is ELF, Mach-O, or a PE without the runtime header of .NET."""
    if head.startswith(b"MZ"):
        return b"BSJB" not in head and b"mscoree" not in head and not _has_clr(head)
    return head.startswith((b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"))


def _has_clr(head: bytes) -> bool:
    """Read the PE directory 14 (ECMA-335 II.25.2.3.1)."""
    at = int.from_bytes(head[0x3C:0x40], "little")
    optional = at + 24
    plus = head[optional : optional + 2] == b"\x0b\x02"
    entry = optional + (112 if plus else 96) + 14 * 8
    return int.from_bytes(head[entry : entry + 4], "little") != 0


def user_set_in(path: str, text: str) -> Iterator[Evidence]:
    """Yield settings in which the user types an address; nobody here knows whose it is."""
    if not path.lower().endswith(("settings.xml", "prefs.json", ".yml", ".yaml")):
        return
    for number, match in enumerate(_ADDRESS_SETTING.finditer(text)):
        if number >= MOST_SETTINGS:
            return
        yield _place(path, text, match.start(1))


def _place(path: str, text: str, at: int) -> Evidence:
    return Evidence(path, text.count("\n", 0, at) + 1, excerpt_of(text, at))
