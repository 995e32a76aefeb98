"""Makes the bundles that tests of inspection look at."""

import io
import zipfile

from registry.bundles.archive.opening import open_bundle
from registry.bundles.limits import DEFAULT_LIMITS

ADDON_XML = """<?xml version="1.0" encoding="UTF-8"?>
<addon id="plugin.video.example" name="Example" version="1.2.3" provider-name="Ann">
  <requires><import addon="xbmc.python" version="3.0.0"/></requires>
  <extension point="xbmc.python.pluginsource" library="main.py">
    <provides>video</provides>
  </extension>
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">An example</summary>
    <description lang="en_GB">Shows how it is done</description>
    <platform>all</platform>
    <license>GPL-2.0-or-later</license>
    <assets>{assets}</assets>
  </extension>
</addon>
"""


def zip_of(files, *, compression=zipfile.ZIP_DEFLATED):
    """Return the bytes of a zip that holds ``files`` (path to bytes or text)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def bundle_of(files):
    """Return an opened bundle that holds ``files``."""
    return open_bundle(io.BytesIO(zip_of(files)), "bundle.zip", DEFAULT_LIMITS)


def kodi_zip(files=None, *, assets="", addon_xml=ADDON_XML):
    """Return the bytes of a valid Kodi add-on with ``files`` added below its folder."""
    tree = {"addon.xml": addon_xml.replace("{assets}", assets), "main.py": "print('hello')\n"}
    tree.update(files or {})
    return zip_of({f"plugin.video.example/{name}": content for name, content in tree.items()})
