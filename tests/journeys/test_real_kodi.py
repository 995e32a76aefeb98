"""The real Kodi, pointed at the repository zip: it lists, installs, and updates to a second release."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import bundles
from tests.journeys.running import Person, Running, eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(420)]
IDENTIFIER = "metadata.journey.kodi"


@pytest.fixture(scope="module")
def kodi(shared: Path) -> Path:
    """The script that drives a real Kodi; where Kodi is missing the test is skipped, or fails in CI."""
    if shutil.which("kodi") is None or shutil.which("Xvfb") is None:
        missing = "Debian's kodi and xvfb are not installed"
        if os.environ.get("MARQUEE_REQUIRE_ALL"):
            pytest.fail(missing)
        pytest.skip(missing)
    return shared / "clients/kodi/kodi_install.py"


def publish(running: Running, developer: Person, moderator: Person, version: str) -> None:
    bundle = bundles.kodi(IDENTIFIER, version, name="Journey", icon=bundles.png(256))
    release = developer.release("lantern", bundle)
    moderator.approve(release)
    developer.published(release)
    eventually(
        lambda: (
            f'id="{IDENTIFIER}" name="Journey" version="{version}"'
            in developer.http.get("/feeds/kodi/addons.xml").text
        )
    )


def test_kodi_installs_from_the_repository_zip_and_updates_to_the_second_release(
    running, developer, moderator, kodi, tmp_path
):
    publish(running, developer, moderator, "1.0.0")
    next_release = tmp_path / "publish_next.py"
    next_release.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from tests.journeys.running import Person, Running\n"
        "from tests.journeys.test_real_kodi import publish\n"
        "running = Running.__new__(Running)\n"
        f"running.url = {running.url!r}\n"
        f"publish(running, Person(running, {developer.token!r}), Person(running, {moderator.token!r}), '1.1.0')\n"
    )
    repository = f"{running.url}/feeds/kodi/repository.marquee.127.0.0.1.zip"
    done = subprocess.run(
        [
            sys.executable, str(kodi), "--repo-zip", repository, "--addon", f"{IDENTIFIER}=1.0.0",
            "--then-run", f"{sys.executable} {next_release}", "--then-expect-version", "1.1.0",
            "--timeout", "180",
        ],
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_one_install_by_kodi_was_one_copy(running, developer):
    """The three requests of an install made one copy; the update made another."""
    counted = eventually(
        lambda: developer.http.get(f"/api/v1/listings/kodi/{IDENTIFIER}").json().get("copies"), within_s=90
    )
    assert counted in {1, 2}
