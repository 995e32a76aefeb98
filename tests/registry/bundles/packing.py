"""Makes the bundles that tests of inspection look at."""

import base64
import io
import random
import struct
import zipfile
import zlib

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
            # A fixed time, so that the same files are the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return target.getvalue()


def bundle_of(files):
    """Return an opened bundle that holds ``files``."""
    return open_bundle(io.BytesIO(zip_of(files)), "bundle.zip", DEFAULT_LIMITS)


def kodi_zip(files=None, *, assets="", addon_xml=ADDON_XML):
    """Return the bytes of a valid Kodi add-on with ``files`` added below its folder."""
    tree = {"addon.xml": addon_xml.replace("{assets}", assets), "main.py": "print('hello')\n"}
    tree.update(files or {})
    return zip_of({f"plugin.video.example/{name}": content for name, content in tree.items()})


def deflated_zip(members):
    """Return a zip of members whose deflate streams are given: name to (stream, crc, size)."""
    body, directory = bytearray(), bytearray()
    for name, (stream, crc, size) in members.items():
        rest = struct.pack("<HHHHIIIHH", 0, 8, 0, 0x5A21, crc, len(stream), size, len(name), 0)
        offset = len(body)
        body += b"PK\3\4" + struct.pack("<H", 20) + rest + name.encode() + stream
        directory += b"PK\1\2" + struct.pack("<HH", 788, 20) + rest
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, offset) + name.encode()
    counts = struct.pack("<HHHH", 0, 0, len(members), len(members))
    ending = b"PK\5\6" + counts + struct.pack("<IIH", len(directory), len(body), 0)
    return bytes(body + directory + ending)


def deflated(content):
    """Return a member for :func:`deflated_zip` that holds ``content``."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    stream = packer.compress(content) + packer.flush()
    return stream, zlib.crc32(content), len(content)


def slow_zip(mebibytes, files=1):
    """Return a valid Kodi add-on, small to send, whose large files keep a reader busy."""
    piece = base64.b64encode(random.Random(1).randbytes(18_000)) * 43
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(piece, crc)
    large = (block * mebibytes + b"\3\0", crc, len(piece) * mebibytes)
    manifest = ADDON_XML.replace("{assets}", "").encode()
    return deflated_zip(
        {
            "plugin.video.example/addon.xml": deflated(manifest),
            **{f"plugin.video.example/large{number}.txt": large for number in range(files)},
        }
    )
