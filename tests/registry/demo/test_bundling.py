"""The bundles of the demonstration are what their ecosystems want, and the same each time."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySquashfsImage import SquashFsImage

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.inspection import inspect
from registry.demo.bundling import make
from registry.demo.catalogue import Fate, read_catalogue
from registry.demo.pictures import fanart, icon

ROOT = Path(__file__).parents[3]
CATALOGUE = read_catalogue()
NEWEST = [(listing, listing.versions[-1]) for listing in CATALOGUE.listings]
#: What the formats cannot say, or what a demonstration has no key to do.
EXPECTED = {
    "manifest.no_version", "manifest.no_id", "manifest.no_license", "android.unsigned", "tizen.unsigned",
    "entry.nested",
}  # fmt: skip


def listing_of(ecosystem):
    return next((one, version) for one, version in NEWEST if one.ecosystem == ecosystem)


def inspected(listing, version):
    made = make(listing, version)
    return inspect(io.BytesIO(made.body), made.filename, said=made.said)


@pytest.mark.parametrize(
    ("listing", "version"), NEWEST, ids=[f"{one.ecosystem}-{one.identifier}" for one, _ in NEWEST]
)
def test_every_listing_is_accepted_and_is_what_the_catalogue_says(listing, version):
    result = inspected(listing, version)
    assert result.ok, result.findings
    assert {finding.code for finding in result.findings} <= EXPECTED
    said = make(listing, version).said
    assert result.metadata.ecosystem == listing.ecosystem
    assert (result.metadata.identifier or said["identifier"]) == listing.identifier
    assert (result.metadata.version or said["version"]) == version.number
    assert (result.metadata.license or said["license"]) == listing.license
    assert result.metadata.name == listing.name


def test_there_are_bundles_of_every_ecosystem_and_all_fates():
    assert {listing.ecosystem for listing in CATALOGUE.listings} == {one.name for one in ECOSYSTEMS}
    assert len(CATALOGUE.listings) >= 40
    assert {version.fate for listing in CATALOGUE.listings for version in listing.versions} == set(Fate)
    assert len({listing.license for listing in CATALOGUE.listings}) >= 12
    assert [one.first_party for one in CATALOGUE.publishers].count(True) == 1


def test_another_process_makes_the_same_bytes():
    program = (
        "import hashlib; from registry.demo.bundling import make; from registry.demo.catalogue import read_catalogue\n"
        "for one in read_catalogue().listings[::4]:\n"
        "    print(hashlib.sha256(make(one, one.versions[-1]).body).hexdigest())"
    )
    theirs = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": "1"},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert theirs == [hashlib.sha256(make(*one).body).hexdigest() for one in NEWEST[::4]]
    assert len(set(theirs)) == len(theirs) > 10


def test_versions_of_a_listing_have_different_bytes():
    for listing in CATALOGUE.listings:
        bodies = {make(listing, version).body for version in listing.versions}
        assert len(bodies) == len(listing.versions), listing.name


def test_another_reader_of_squashfs_finds_the_app_s_files():
    listing, version = listing_of("appimage")
    body = make(listing, version).body
    image = SquashFsImage.from_bytes(body[body.index(b"hsqs") :])
    files = {one.path: one.read_bytes() for one in image if one.is_file}
    assert set(files) == {
        "/AppRun", f"/{listing.identifier}.desktop", f"/{listing.identifier}.png",
        f"/usr/share/metainfo/{listing.identifier}.metainfo.xml",
    }  # fmt: skip
    assert files[f"/{listing.identifier}.png"] == icon(listing.look, listing.identifier)


def test_every_listing_has_a_palette_and_an_icon_of_its_own():
    looks = {(listing.look.motif, listing.look.hue) for listing in CATALOGUE.listings}
    icons = {icon(listing.look, listing.identifier) for listing in CATALOGUE.listings}
    assert len(looks) == len(icons) == len(CATALOGUE.listings)


def test_pictures_have_the_sizes_that_media_servers_want():
    listing, _ = NEWEST[0]
    assert Image.open(io.BytesIO(icon(listing.look, listing.identifier))).size == (512, 512)
    wide = Image.open(io.BytesIO(fanart(listing.look, listing.identifier)))
    assert (wide.size, wide.format) == ((1280, 720), "JPEG")


def test_the_pictures_of_a_bundle_are_shown():
    shown = {picture.role for picture in inspected(*listing_of("kodi")).pictures}
    assert shown == {"icon", "fanart", "screenshot-1", "screenshot-2", "screenshot-3"}
