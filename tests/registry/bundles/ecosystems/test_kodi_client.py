"""The real Kodi reads a rendered feed: lists, installs, follows a dependency, updates."""

import hashlib
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry.bundles.ecosystems.base import FeedEntry, Site
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.ecosystems.kodi.addresses import zip_path
from registry.bundles.ecosystems.kodi.repository_addon import repository_id
from tests.registry.bundles.ecosystems.corpus import SHARED, needs_shared
from tests.registry.bundles.ecosystems.offered import offer_of
from tests.registry.bundles.ecosystems.serving import serving
from tests.registry.bundles.packing import bundle_of, zip_of

pytestmark = [
    pytest.mark.slow,
    needs_shared,
    pytest.mark.skipif(
        not (shutil.which("kodi") and shutil.which("Xvfb")), reason="kodi and xvfb are not installed"
    ),
]
PYTHON = 'addon="xbmc.python" version="3.0.0"'
ONE, TWO, OLD = "script.marquee.one", "script.marquee.two", "script.marquee.old"


def files_of(identifier: str, version: str, *imports: str) -> dict[str, str]:
    written = "".join(f"<import {attributes}/>" for attributes in imports)
    return {
        f"{identifier}/addon.xml": f'''<addon id="{identifier}" name="Example" version="{version}"
  provider-name="Ada"><requires>{written}</requires>
  <extension point="xbmc.python.script" library="main.py"/>
  <extension point="xbmc.addon.metadata"><summary>Example</summary><license>MIT</license></extension>
</addon>''',
        f"{identifier}/main.py": "",
    }


def published(url: str, *releases: dict[str, str]) -> dict[str, bytes]:
    """Return everything that a registry at this address serves, by path."""
    site, files, entries = Site(url, "127.0.0.1"), {}, list[FeedEntry]()
    for release in releases:
        said = KODI.read(bundle_of(release))
        body = zip_of(release)
        sha256 = hashlib.sha256(body).hexdigest()
        entry = offer_of(said, sha256=sha256, size_bytes=len(body), first_party=False)
        entries.append(entry)
        path = f"/feeds/kodi/{zip_path(entry.identifier, entry.version)}"
        files |= {path: body, f"{path}.sha256": f"{sha256}\n".encode()}
    for addon_xml in sorted((SHARED / "corpus/kodi").glob("*/addon.xml")):
        entries.append(offer_of(KODI.read_file("addon.xml", addon_xml.read_bytes()), first_party=False))
    return files | {f"/feeds/{file.path}": file.body for file in KODI.feed(entries, site)}


def kodi(tmp_path: Path, *arguments: str) -> Any:
    """Drive Kodi once; return the evidence, with the harness's verdict."""
    program, evidence = SHARED / "clients/kodi/kodi_install.py", tmp_path / "evidence.json"
    run = subprocess.run(
        [sys.executable, str(program), "--json", str(evidence), *arguments],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(evidence.read_text())


class Publishing(dict[str, bytes]):
    """What is served; asking for ``/publish`` publishes the next release."""

    later: dict[str, bytes]

    def get(self, path: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
        if path == "/publish":
            self |= self.later
            return b"done"
        return super().get(path, default)


def repository_of(url: str) -> str:
    return f"{url}/feeds/kodi/{repository_id(Site(url, '127.0.0.1'))}.zip"


def test_kodi_installs_from_the_repository_zip_and_updates_by_itself(tmp_path: Path) -> None:
    first, second = (files_of(ONE, version, PYTHON) for version in ("1.0.0", "1.1.0"))
    served = Publishing()
    with serving(served) as url:
        served |= published(url, first)
        served.later = published(url, first, second)
        asking = f"import urllib.request as r; r.urlopen('{url}/publish').read()"
        kodi(
            tmp_path, "--repo-zip", repository_of(url), "--addon", ONE, "--expect-version", "1.0.0",
            "--then-run", shlex.join([sys.executable, "-c", asking]), "--then-expect-version", "1.1.0",
        )  # fmt: skip


def test_kodi_follows_a_dependency_and_fetches_an_odd_version(tmp_path: Path) -> None:
    needed = files_of(ONE, "1.0.0", PYTHON)
    needy = files_of(TWO, "1.0.0~rc1+matrix.1", PYTHON, f'addon="{ONE}" version="1.0.0"')
    served: dict[str, bytes] = {}
    with serving(served) as url:
        served |= published(url, needed, needy)
        found = kodi(tmp_path, "--repo-zip", repository_of(url), "--addon", f"{TWO}=1.0.0~rc1+matrix.1")
    assert any(f"{ONE}-1.0.0.zip" in str(request) for request in found["requests"])


def test_kodi_20_is_not_offered_what_only_leia_runs(tmp_path: Path) -> None:
    old = files_of(OLD, "1.0.0", 'addon="xbmc.python" version="2.25.0"')
    served: dict[str, bytes] = {}
    with serving(served) as url:
        served |= published(url, old)
        kodi(
            tmp_path, "--repo-zip", repository_of(url), "--addon", OLD,
            "--expect-not-installed", "--expect-error", "not in Kodi's list",
        )  # fmt: skip
