"""The page of an ecosystem names every code that its readers can find."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ECOSYSTEMS = ROOT / "registry/bundles/ecosystems"
APPS = (
    "android",
    "webos.py",
    "tizen.py",
    "roku.py",
    "appimage.py",
    "flatpak.py",
    "metainfo.py",
    "client_app.py",
)
CODE = re.compile(
    r'"((?:plex|stash|android|webos|tizen|roku|appimage|metainfo|manifest|marquee_toml)\.[a-z0-9_]+)"'
)


@pytest.mark.parametrize(
    ("page", "sources"),
    [("plex", ("plex",)), ("stash", ("stash",)), ("apps", (*APPS, "marquee_toml.py"))],
)
def test_every_code_is_explained(page, sources):
    files = [
        file
        for source in sources
        for file in ([ECOSYSTEMS / source] if source.endswith(".py") else (ECOSYSTEMS / source).glob("*.py"))
    ]
    codes = {code for file in files for code in CODE.findall(file.read_text())} - {"manifest.json"}
    text = (ROOT / "docs/ecosystems" / f"{page}.md").read_text()
    assert len(codes) > 5
    assert {code for code in codes if f"`{code}`" not in text} == set()
