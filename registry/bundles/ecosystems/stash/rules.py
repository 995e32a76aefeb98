"""What Stash asks of a file beyond its shape, and what people should know of it."""

from collections.abc import Iterator
from typing import Any

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.stash.files import StashFile
from registry.bundles.ecosystems.stash.shapes import ACTIONS, URL_ACTIONS, Fault
from registry.bundles.findings import Finding

INTERFACES = {"", "raw", "rpc", "js"}
UNCHECKED = ("gallery", "image", "sceneByName", "sceneByQueryFragment")  # Stash checks the rest
SETTING_TYPES = {"", "STRING", "NUMBER", "BOOLEAN"}
KNOWN_ACTIONS = {"script", "stash", "scrapeXPath", "scrapeJson"}
REMOTE = ("https://", "http://", "//")


def errors(file: StashFile) -> list[Finding]:
    """Return everything that would make Stash drop the file."""
    shape = list(file.shape_errors())
    if shape:
        return shape
    rule = {"plugin": _plugin_faults, "scraper": _scraper_faults, "library": _library_faults}
    return [file.error(fault) for fault in rule[file.form](file)]


def remarks(file: StashFile) -> Iterator[Finding]:
    """Yield what does not stop Stash: code from elsewhere, requirements that get lost."""
    required = {requirement.identifier for requirement in file.requires}
    ui = _map(file.text.get("ui"))
    for each in _list(ui.get("requires")):
        if each not in required:
            yield file.place("ui", "requires").warning(
                "stash.ui_requires",
                f"ui.requires names {shown(each)}: that orders loading and installs nothing.",
                f"Add the comment line: # requires: {each}",
            )
    for key in ("javascript", "css"):
        for index, each in enumerate(_list(ui.get(key))):
            if str(each).startswith(REMOTE):
                yield file.place("ui", key, index).warning(
                    "stash.remote_code",
                    f"ui.{key} loads {shown(each)}: what it holds can change after the review.",
                    "Put the file into the package.",
                )
    yield from _outside(file, required)


def scripts(file: StashFile) -> list[tuple[tuple[str | int, ...], list[str]]]:
    """Return the command lines that a scraper starts, each with the keys that lead to it."""
    return [
        ((*keys, "script"), [str(word) for word in _list(action.get("script"))])
        for keys, action in _actions(file)
        if action.get("script")
    ]


def sites(file: StashFile) -> list[str]:
    """Return the addresses that a scraper says it serves, sorted."""
    return sorted({str(url) for _, action in _actions(file) for url in _list(action.get("url"))})


def _outside(file: StashFile, required: set[str]) -> Iterator[Finding]:
    for keys, command in scripts(file):
        for word in command:
            folder = word.removeprefix("../").partition("/")[0] if word.startswith("../") else ""
            if folder and folder not in required:
                yield file.place(*keys).warning(
                    "stash.outside_script",
                    f"The script {shown(word)} belongs to another package.",
                    f"Add the comment line: # requires: {folder}",
                )


def _plugin_faults(file: StashFile) -> Iterator[Fault]:
    if file.said("interface") not in INTERFACES:
        yield Fault(("interface",), f"{shown(file.said('interface'))} is not raw, rpc or js")
    for key, setting in _map(file.text.get("settings")).items():
        kind = str(_map(setting).get("type") or "")
        if kind not in SETTING_TYPES:
            yield Fault(("settings", key, "type"), f"{shown(kind)} is not STRING, NUMBER or BOOLEAN")


def _scraper_faults(file: StashFile) -> Iterator[Fault]:
    yield from _library_faults(file)
    if file.text.get("movieByURL") and file.text.get("groupByURL"):
        yield Fault(("movieByURL",), "movieByURL and groupByURL exclude each other")
    for keys, action in _actions(file):
        if str(keys[0]).startswith(UNCHECKED):
            continue
        name = str(action.get("action") or "")
        if name not in KNOWN_ACTIONS:
            yield Fault((*keys, "action"), f"{shown(name)} is not {', '.join(sorted(KNOWN_ACTIONS))}")
        if name == "script" and not action.get("script"):
            yield Fault((*keys, "action"), "script is missing")
        if keys[0] in URL_ACTIONS and not action.get("url"):
            yield Fault(keys, "url is missing")


def _library_faults(file: StashFile) -> Iterator[Fault]:
    if not file.said("name").strip():
        yield Fault(("name",), "a name is needed")


def _actions(file: StashFile) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for key in ACTIONS:
        if action := _map(file.text.get(key)):
            yield (key,), action
    for key in URL_ACTIONS:
        for index, action in enumerate(_list(file.text.get(key))):
            yield (key, index), _map(action)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
