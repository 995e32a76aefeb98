"""Every ecosystem's bundles are read in the closed child as they are in an open process.

The child can open nothing any more, so whatever a reader would load at its first use shows here.
"""

import io
import json

import pytest

from registry.bundles.confined import read_confined
from registry.bundles.inspection import inspect
from tests.installers import appimage_of, ipk_of
from tests.registry.bundles.drawing import picture
from tests.registry.bundles.ecosystems import android_files, jellyfin_plugins, plex_bundles
from tests.registry.bundles.ecosystems.assemblies import EXAMPLE_DLL
from tests.registry.bundles.packing import kodi_zip, zip_of

PICTURES = "<icon>i.png</icon><fanart>f.jpg</fanart><screenshot>s.webp</screenshot>"
TIZEN = """<?xml version="1.0"?>
<widget xmlns="http://www.w3.org/ns/widgets" xmlns:tizen="http://tizen.org/ns/widgets"
        id="http://example.org/x" version="1.0.0">
  <tizen:application id="abcdefghij.Example" package="abcdefghij" required_version="2.3"/>
  <name>Example</name>
</widget>
"""
METAINFO = """<?xml version="1.0"?>
<component type="desktop-application"><id>org.example.Player</id><name>Player</name>
<summary>Plays</summary><metadata_license>CC0-1.0</metadata_license>
<releases><release version="1.0" date="2026-01-01"/></releases></component>
"""
DESKTOP = "[Desktop Entry]\nType=Application\nName=Player\nX-AppImage-Version=1.0\n"
BUNDLES = {
    "kodi": kodi_zip(
        {
            "i.png": picture("PNG"),
            "f.jpg": picture("JPEG"),
            "s.webp": picture("WEBP"),
            "changelog.txt": b"v1 caf\xe9",
        },
        assets=PICTURES,
    ),
    "jellyfin": zip_of({"meta.json": json.dumps(jellyfin_plugins.META), jellyfin_plugins.DLL: EXAMPLE_DLL}),
    "plex": zip_of(plex_bundles.files(Resources__icon_default=picture())),
    "stash": zip_of({"alpha.yml": "name: Alpha\nversion: 1.10\nexec: [python, a.py]\n", "a.py": ""}),
    "android": android_files.apk(android_files.manifest()),
    "webos": ipk_of(
        {
            "./usr/palm/applications/org.example.app/appinfo.json": json.dumps(
                {"id": "org.example.app", "version": "1.0.0", "title": "A", "type": "web", "main": "x"}
            ).encode()
        }
    ),
    "tizen": zip_of({"config.xml": TIZEN}),
    "roku": zip_of({"manifest": "title=A\nmajor_version=1\nminor_version=2\nbuild_version=3\n"}),
    "appimage": appimage_of({"player.desktop": DESKTOP.encode(), "AppRun": b"#!/bin/sh\n"}),
    "flatpak": METAINFO.encode(),
    "plain": zip_of({"marquee.toml": 'id = "org.example.x"\nversion = "1.0"\nname = "X"\n'}),
}
FILENAMES = {"flatpak": "org.example.Player.metainfo.xml"}


@pytest.mark.parametrize("name", BUNDLES)
def test_the_closed_child_finds_what_an_open_process_finds(name):
    content, filename = BUNDLES[name], FILENAMES.get(name, "upload.bin")
    here = inspect(io.BytesIO(content), filename)
    there = read_confined(io.BytesIO(content), filename)
    assert here.metadata is not None, here.findings
    assert here.metadata.ecosystem == name
    assert there.metadata == here.metadata
    assert there.findings == here.findings
    assert there.pictures == here.pictures
    assert there.files == here.files
    if name == "kodi":
        assert [p.content_type for p in there.pictures] == ["image/png", "image/jpeg", "image/webp"]
