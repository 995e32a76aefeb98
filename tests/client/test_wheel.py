"""The client installs by itself: the wheel, its declared dependencies, and nothing of the server."""

import json
import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import bundles

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "client"
SERVER_S_OWN = re.compile(r"^\s*(?:from|import) registry(?!\.bundles[. ])", re.MULTILINE)

pytestmark = pytest.mark.xdist_group("wheel")


def test_the_client_knows_nothing_of_the_server_but_its_readers():
    for path in (CLIENT / "marquee_client").rglob("*.py"):
        assert not SERVER_S_OWN.search(path.read_text()), path


def built(folder):
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CLIENT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def needed_by(wheel):
    """The wheel's dependencies and theirs, by name, as they are installed here."""
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        wanted = message_from_bytes(archive.read(path)).get_all("Requires-Dist")
    found = {}
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        assert found[name].version in requirement.specifier
        wanted += found[name].requires or []
    return found


def bring(environment, distributions):
    """Put just these distributions into an environment, by links to what is installed here."""
    (packages,) = environment.glob("lib/python*/site-packages")
    for one in distributions.values():
        for top in {file.parts[0] for file in one.files if file.parts[0] != ".."}:
            target = packages / top
            if not target.exists():
                target.symlink_to(one.locate_file(top))


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment with the wheel, made from the source archive, and what it declares to need."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = built(folder / "dist")
    made = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    bring(made, needed_by(wheel))
    install = [
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--offline",
        "--python",
        made / "bin/python",
    ]
    subprocess.run([sys.executable, "-m", "uv", *install, wheel], check=True)
    return made


def run(environment, *words):
    """Run the command in a folder where nothing of this repository is in reach."""
    return subprocess.run(
        [environment / "bin/marquee", *words], cwd=environment, env={"HOME": str(environment)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_the_wheel_works_in_an_environment_of_its_own(environment, tmp_path):
    told = run(environment, "--help")
    assert told.returncode == 0, told.stderr
    assert "publish" in told.stdout
    for name in ("kodi", "jellyfin", "plex", "stash"):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(getattr(bundles, name)())
        checked = run(environment, "check", "--json", path)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert json.loads(checked.stdout)["ecosystem"] == name


@pytest.mark.slow
def test_every_reader_in_the_wheel_can_be_loaded_and_its_data_is_there(environment):
    program = (
        "import importlib, importlib.resources, pkgutil, registry.bundles as readers\n"
        "for one in pkgutil.walk_packages(readers.__path__, 'registry.bundles.'):\n"
        "    if not one.name.endswith(('__main__', '.prose', '.names')):\n"
        "        importlib.import_module(one.name)\n"
        "print(readers.__file__)\n"
        "print(len(importlib.resources.files('registry.bundles.ecosystems.kodi').joinpath('icon.png').read_bytes()))"
    )
    told = subprocess.run(
        [environment / "bin/python", "-c", program],
        cwd=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    origin, size = told.stdout.split()
    assert origin.startswith(str(environment))
    assert int(size) > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", ["flask", "sqlalchemy", "boto3", "celery", "registry.app"])
def test_nothing_of_the_server_comes_with_it(environment, name):
    loaded = subprocess.run(
        [environment / "bin/python", "-c", f"import {name}"],
        cwd=environment,
        capture_output=True,
        check=False,
    )
    assert b"ModuleNotFoundError" in loaded.stderr
