"""Pictures in bundles (BAD-INPUTS rows 52 to 54)."""

import contextlib
import io
import os
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.limits import DEFAULT_LIMITS
from registry.bundles.pictures import Picture, make_pictures
from tests.registry.bundles.drawing import (
    animated_png,
    chunk,
    header,
    one_bit_bomb,
    picture,
    png_of,
    with_chunk_after_header,
)
from tests.registry.bundles.packing import bundle_of

BOMB = zlib.compress(bytes(20_000_000), 9)
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>"""


def made(content, path="icon.png", role="icon"):
    (result,) = make_pictures(bundle_of({path: content}), {role: path}, DEFAULT_LIMITS)
    return result


def opened(result):
    assert isinstance(result, Picture), result
    image = Image.open(io.BytesIO(result.body))
    image.load()
    return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_honest_picture_is_encoded_anew(form):
    result = made(picture(form))
    assert (result.role, result.path, result.content_type) == ("icon", "icon.png", "image/png")
    assert (result.width_px, result.height_px) == opened(result).size == (64, 64)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("fanart.jpg", "image/jpeg"),
        ("fanart.JPEG", "image/jpeg"),
        ("fanart.webp", "image/webp"),
        ("fanart.png", "image/png"),
        ("fanart.gif", "image/png"),
        ("fanart", "image/png"),
    ],
)
def test_what_is_written_is_what_the_name_says(path, content_type):
    assert made(picture("PNG"), path).content_type == content_type


@pytest.mark.parametrize(
    ("role", "size", "shown"),
    [
        ("icon", (2000, 1000), (512, 256)),
        ("fanart", (3840, 2160), (1280, 720)),
        ("screenshot-1", (1000, 4000), (320, 1280)),
        ("fanart", (640, 360), (640, 360)),
        ("icon", (4096, 1), (512, 1)),
    ],
)
def test_a_picture_is_made_small_enough_to_show(role, size, shown):
    assert opened(made(picture(size=size), role=role)).size == shown


def test_transparency_stays_in_an_icon():
    assert opened(made(picture(mode="RGBA"))).mode == "RGBA"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_places_comments_and_profiles_are_left_behind(form):
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    exif.get_ifd(0x8825)[2] = (51.0, 28.0, 38.0)
    source = picture(form, exif=exif, icc_profile=b"SECRET PROFILE" + bytes(200))
    result = made(source, f"icon.{form.lower()}")
    assert b"SECRET" in source
    assert b"SECRET" not in result.body
    assert not opened(result).getexif()
    assert "icc_profile" not in opened(result).info


def test_a_picture_taken_sideways_is_shown_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(made(picture("JPEG", (60, 20), exif=exif))).size == (20, 60)


@pytest.mark.parametrize("script", [b"<script>alert(1)</script>", b"PK\x03\x04", b"*/alert(1)//"])
def test_a_second_meaning_of_the_file_is_left_behind(script):
    plain = picture()
    hidden = with_chunk_after_header(plain, chunk(b"tEXt", b"Comment\0" + script)) + script
    assert script not in made(hidden).body


def test_a_wrong_ending_does_not_matter():
    assert opened(made(picture("JPEG"), "icon.png")).format == "PNG"


@pytest.mark.parametrize(
    "content",
    [SVG, b"<?xml version='1.0'?>\n<!-- -->\n" + SVG, b"\xef\xbb\xbf" + SVG, b"<use/>" * 9 + SVG],
)
@pytest.mark.parametrize("path", ["icon.svg", "icon.png"])
def test_an_svg_is_told_and_never_served(content, path):
    finding = made(content, path)
    assert (finding.code, finding.severity, finding.path) == ("image.svg", Severity.WARNING, path)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("image.pixels", one_bit_bomb(30_000)),
        ("image.pixels", one_bit_bomb(12_000)),
        ("image.pixels", png_of(header(12_000, 12_000), chunk(b"IDAT", BOMB), chunk(b"IEND"))),
        ("image.pixels", png_of(header(2**31 - 1, 2**31 - 1), chunk(b"IDAT", b""))),
        ("image.pixels", picture(size=(4097, 10))),
        ("image.pixels", picture("WEBP", size=(5000, 10))),
        ("image.pixels", b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\0\0\0\0\xff\xff\xff\xff\0\2\0;"),
        ("image.frames", animated_png(10_000)),
        ("image.frames", animated_png(1, claimed=10_000)),
        ("image.frames", b"GIF89a\1\0\1\0\0\0\0" + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * 10_000 + b";"),
        ("image.frames", b"\xff\xd8" + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 10_000),
        ("image.chunk", with_chunk_after_header(picture(), chunk(b"iCCP", b"p\0\0" + BOMB))),
        ("image.chunk", with_chunk_after_header(picture(), chunk(b"zTXt", b"Comment\0\0" + BOMB))),
        (
            "image.chunk",
            with_chunk_after_header(picture(), chunk(b"iTXt", b"C\0\1\0en\0\0" + BOMB)),
        ),
        ("image.chunk", with_chunk_after_header(picture(), chunk(b"tIME", bytes(7)) * 50_000)),
    ],
)
def test_a_picture_made_to_exhaust_its_reader_refuses_the_bundle_at_once(code, content):
    started = time.process_time()
    with pytest.raises(BundleRejected) as refused:
        made(content)
    assert (refused.value.finding.code, refused.value.finding.path) == (code, "icon.png")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("image.broken", b"<html><script>alert(1)</script></html>"),
        ("image.broken", b""),
        ("image.broken", picture(size=(400, 400))[:200]),
        ("image.broken", png_of(header(0, 0), chunk(b"IEND"))),
        ("image.size", os.urandom(DEFAULT_LIMITS.image_bytes + 1)),
    ],
)
def test_a_broken_picture_is_a_warning_and_the_release_goes_without_it(code, content):
    finding = made(content)
    assert (finding.code, finding.severity) == (code, Severity.WARNING)


def test_a_picture_that_is_not_there_is_a_warning():
    (finding,) = make_pictures(bundle_of({"a": b""}), {"icon": "icon.png"}, DEFAULT_LIMITS)
    assert finding.code == "image.missing"


def test_a_small_animation_is_shown_by_its_first_frame():
    assert opened(made(animated_png(20))).size == (64, 64)


def test_only_the_first_pictures_are_made():
    wanted = {f"screenshot-{n}": "a.png" for n in range(40)}
    assert len(list(make_pictures(bundle_of({"a.png": picture()}), wanted, DEFAULT_LIMITS))) == 16


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.data())
@settings(deadline=None, max_examples=80)
def test_no_damage_to_a_picture_escapes_as_an_error(form, data):
    content = bytearray(picture(form, (24, 24)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BundleRejected):
        assert isinstance(made(bytes(content)), Picture | Finding)


def test_a_picture_that_grows_by_encoding_is_made_smaller_until_it_fits():
    target = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1280, 1280), 90) for _ in "RGB"]).save(target, "JPEG", quality=60)
    result = made(target.getvalue(), "fanart.png", "fanart")
    assert len(result.body) <= DEFAULT_LIMITS.image_bytes
    assert opened(result).size == (640, 640)
