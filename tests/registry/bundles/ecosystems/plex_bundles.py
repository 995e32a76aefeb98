"""Plex bundles for tests, written from scratch."""

import plistlib
from typing import Any

IDENTIFIER = "com.plexapp.agents.alpha"
AGENT_CODE = "class Alpha(Agent.Movies):\n    name = 'Alpha Films'\n"
CHANNEL_CODE = "@handler('/video/alpha', L('Title'), thumb='icon-default.png')\ndef Main():\n    pass\n"


def plist(**keys: Any) -> bytes:
    """An Info.plist of an agent; a key given as None is left out."""
    values = {
        "CFBundleIdentifier": IDENTIFIER,
        "PlexFrameworkVersion": "2",
        "PlexPluginClass": "Agent",
    } | keys
    return plistlib.dumps({key: value for key, value in values.items() if value is not None})


def files(
    top: str = "Alpha.bundle",
    info: bytes | None = None,
    code: str = AGENT_CODE,
    **more: str | bytes,
) -> dict[str, str | bytes]:
    """The files of one bundle; ``more`` names files below ``Contents`` with ``__`` for ``/``."""
    base = f"{top}/Contents" if top else "Contents"
    others = {f"{base}/{name.replace('__', '/')}": content for name, content in more.items()}
    return {f"{base}/Info.plist": info or plist(), f"{base}/Code/__init__.py": code} | others
