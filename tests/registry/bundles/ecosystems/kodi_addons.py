"""An add-on as authors write them, and what its reader makes of it."""

import pytest

from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.findings import BundleRejected, Finding
from tests.registry.bundles.packing import bundle_of

ADDON = """<?xml version="1.0" encoding="UTF-8"?>
<addon
    id="plugin.video.example"
    version="1.2.0"
    name="Example"
    provider-name="Ada">
  <requires>
    <import addon="xbmc.python" version="3.0.0"/>
  </requires>
  <extension point="xbmc.python.pluginsource" library="main.py">
    <provides>video</provides>
  </extension>
  <extension point="xbmc.addon.metadata">
    <summary lang="de_DE">Zeigt Beispiele</summary>
    <summary lang="en_GB">Shows examples</summary>
    <license>MIT</license>
    <assets>
      <icon>resources/icon.png</icon>
      <screenshot>resources/one.jpg</screenshot>
      <screenshot>resources/two.jpg</screenshot>
    </assets>
  </extension>
</addon>
"""
FILES = {
    "plugin.video.example/addon.xml": ADDON,
    "plugin.video.example/main.py": "",
    "plugin.video.example/resources/icon.png": "",
    "plugin.video.example/resources/one.jpg": "",
    "plugin.video.example/resources/two.jpg": "",
}


def read(addon: str = ADDON, **more: str) -> Reading:
    return KODI.read(bundle_of(FILES | {"plugin.video.example/addon.xml": addon} | more))


def said(addon: str) -> Metadata:
    return KODI.read_file("addon.xml", addon.encode()).metadata


def refused(addon: str) -> Finding:
    with pytest.raises(BundleRejected) as refusal:
        KODI.read_file("addon.xml", addon.encode())
    return refusal.value.finding


def found(reading: Reading) -> dict[str, Finding]:
    return {finding.code: finding for finding in reading.findings}


def with_point(extension: str) -> str:
    """Return an add-on whose only extension is this one."""
    start, _, rest = ADDON.partition('<extension point="xbmc.python')
    return start + extension + rest.partition("</extension>")[2]
