"""The strict shapes of Stash's files: an unknown key makes Stash drop the whole file.

A shape is a word for a scalar, a list of one shape, or a mapping; ``*`` in it stands for any key.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from registry.bundles.ecosystems.identity import shown
from registry.bundles.manifests.parsed import KeyPath

TEXT, FLAG, NUMBER, ANY = "text", "flag", "number", "any"
FLAGS = {"y", "yes", "true", "on", "n", "no", "false", "off"}
TEXTS = [TEXT]
WHOLE = re.compile(r"[+-]?[0-9_]+(?:\.0*)?")

OPERATION = {"name": TEXT, "description": TEXT, "execArgs": TEXTS, "defaultArgs": {"*": TEXT}}
PLUGIN = {
    "name": TEXT,
    "description": TEXT,
    "url": TEXT,
    "version": TEXT,
    "interface": TEXT,
    "exec": TEXTS,
    "errLog": TEXT,
    "tasks": [OPERATION],
    "hooks": [OPERATION | {"triggeredBy": TEXTS}],
    "ui": {
        "requires": TEXTS,
        "javascript": TEXTS,
        "css": TEXTS,
        "assets": {"*": TEXT},
        "csp": {"script-src": TEXTS, "style-src": TEXTS, "connect-src": TEXTS},
    },
    "settings": {"*": {"type": TEXT, "displayName": TEXT, "description": TEXT}},
}

ACTION = {
    "action": TEXT,
    "script": TEXTS,
    "scraper": TEXT,
    "queryURL": TEXT,
    "queryURLReplace": {"*": [{"regex": TEXT, "with": TEXT}]},
}
BY_URL = [ACTION | {"url": TEXTS}]
THINGS = ("scene", "gallery", "image", "performer", "group", "movie")
MAPPED = {"*": {"common": {"*": TEXT}, **{thing: {"*": ANY} for thing in THINGS}}}
COOKIE = {"Name": TEXT, "Value": TEXT, "ValueRandom": NUMBER, "Domain": TEXT, "Path": TEXT}
URL_ACTIONS = tuple(f"{thing}ByURL" for thing in THINGS)
ACTIONS = (
    "performerByName",
    "performerByFragment",
    "sceneByName",
    "sceneByQueryFragment",
    "sceneByFragment",
    "galleryByFragment",
    "imageByFragment",
)
SCRAPER = {
    "name": TEXT,
    "debug": {"printHTML": FLAG},
    "stashServer": {"url": TEXT, "apiKey": TEXT},
    "xPathScrapers": MAPPED,
    "jsonScrapers": MAPPED,
    "driver": {
        "useCDP": FLAG,
        "sleep": NUMBER,
        "clicks": [{"xpath": TEXT, "sleep": NUMBER}],
        "cookies": [{"CookieURL": TEXT, "Cookies": [COOKIE]}],
        "headers": [{"Key": TEXT, "Value": TEXT}],
    },
    **dict.fromkeys(ACTIONS, ACTION),
    **dict.fromkeys(URL_ACTIONS, BY_URL),
}
PACKAGE = {"name": TEXT}


class Fault(NamedTuple):
    """What does not fit, and the keys that lead to it."""

    keys: KeyPath
    what: str


def faults(value: Any, shape: Any, keys: KeyPath = ()) -> Iterator[Fault]:
    """Yield everything in a YAML text tree that does not fit its shape. Null fits everything."""
    if value is None or shape == ANY:
        return
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield Fault(keys, "a list is needed")
            return
        for index, each in enumerate(value):
            yield from faults(each, shape[0], (*keys, index))
    elif isinstance(shape, dict):
        yield from _mapping_faults(value, shape, keys)
    elif not _fits(value, shape):
        yield Fault(keys, f"{shown(value)} stands where a {shape} is needed")


def _mapping_faults(value: Any, shape: dict[str, Any], keys: KeyPath) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(keys, "keys with values are needed")
        return
    for key, each in value.items():
        if key in shape or "*" in shape:
            yield from faults(each, shape.get(key, shape.get("*")), (*keys, key))
        else:
            yield Fault((*keys, key), f"the key {shown(key)} is unknown")


def _fits(value: Any, shape: str) -> bool:
    if not isinstance(value, str):
        return False
    if shape == FLAG:
        return value.lower() in FLAGS
    return shape == TEXT or WHOLE.fullmatch(value) is not None
