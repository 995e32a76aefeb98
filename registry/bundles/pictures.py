"""Makes the pictures that pages and feeds show: decoded, made small and encoded anew.

Nothing of an uploaded picture's own bytes is ever served: what its pixels show is all that is kept,
so places, comments, scripts and second meanings of the file end here. Runs only in the closed
reader.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, ImageOps

from registry.bundles.archive.base import Bundle
from registry.bundles.findings import BundleRejected, Finding, Severity, rejected
from registry.bundles.limits import Limits
from registry.bundles.picture_headers import refuse_bombs

MOST_PICTURES = 16
ICON_SIDE_PX = 512
OTHER_SIDE_PX = 1280
DECODED_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
#: The name's ending decides what is written: an address that ends in .jpg must give a JPEG, since
#: media servers choose their decoder by it.
FORMAT_OF_SUFFIX = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SAVING: Mapping[str, Mapping[str, int]] = {
    "PNG": {"compress_level": 7},
    "JPEG": {"quality": 85},
    "WEBP": {"quality": 85, "method": 4},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be served; ``path`` is the entry it was made from."""

    role: str
    path: str
    content_type: str
    width_px: int
    height_px: int
    body: bytes


def make_pictures(bundle: Bundle, wanted: Mapping[str, str], limits: Limits) -> Iterator[Picture | Finding]:
    """Yield the picture of each role (role to path), or a warning where it cannot be shown.

    Raises BundleRejected for a picture made to exhaust its reader (``image.pixels``,
    ``image.frames``, ``image.chunk``).
    """
    for role, path in list(wanted.items())[:MOST_PICTURES]:
        yield _make_picture(bundle, role, path, limits)


def _make_picture(bundle: Bundle, role: str, path: str, limits: Limits) -> Picture | Finding:
    if path not in bundle:
        return _cannot("image.missing", path, "is named by the manifest and not in the bundle")
    size_bytes = next(entry.size_bytes for entry in bundle.entries if entry.name == path)
    if size_bytes > limits.image_bytes:
        allowed = f"{size_bytes} bytes; {limits.image_bytes} are allowed"
        return _cannot("image.size", path, f"has {allowed}")
    data = bundle.read(path, limits.image_bytes)
    if _is_svg(path, data):
        return _cannot("image.svg", path, "is an SVG, which can run scripts and is never served")
    refuse_bombs(data, path)
    try:
        shown = _decoded(data, path, _side_of(role), limits)
        return _encoded(role, path, shown, limits)
    except (BundleRejected, MemoryError):
        raise
    except Exception as error:
        return _cannot("image.broken", path, f"cannot be decoded ({type(error).__name__}: {error})")


def _decoded(data: bytes, path: str, side_px: int, limits: Limits) -> Image.Image:
    try:
        opened = Image.open(BytesIO(data), formats=DECODED_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path, str(error), limits) from None
    with opened as image:
        if max(image.size) > limits.image_side_px:
            raise _too_large(path, f"{image.width} by {image.height} pixels", limits)
        image.draft("RGB", (side_px, side_px))
        upright = ImageOps.exif_transpose(image)
        shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    shown.thumbnail((side_px, side_px), reducing_gap=2.0)
    return shown


def _encoded(role: str, path: str, image: Image.Image, limits: Limits) -> Picture:
    form = FORMAT_OF_SUFFIX.get(PurePosixPath(path).suffix.lower(), "PNG")
    if form == "JPEG":
        image = image.convert("RGB")
    image.info.clear()  # encoders would copy comments and profiles from here
    body = _saved(image, form)
    while len(body) > limits.image_bytes:
        image = image.reduce(2)
        body = _saved(image, form)
    return Picture(role, path, CONTENT_TYPES[form], *image.size, body)


def _saved(image: Image.Image, form: str) -> bytes:
    target = BytesIO()
    image.save(target, form, **SAVING[form])
    return target.getvalue()


def _side_of(role: str) -> int:
    return ICON_SIDE_PX if role.startswith("icon") else OTHER_SIDE_PX


def _is_svg(path: str, data: bytes) -> bool:
    return path.lower().endswith((".svg", ".svgz")) or b"<svg" in data[:4096].lower()


def _cannot(code: str, path: str, why: str) -> Finding:
    return Finding(
        code,
        Severity.WARNING,
        f"{path} {why}; the release is shown without it.",
        "Use a PNG, JPEG or WebP of at most 4096 by 4096 pixels and 2 MiB.",
        path,
    )


def _too_large(path: str, size: str, limits: Limits) -> BundleRejected:
    side = limits.image_side_px
    return rejected(
        "image.pixels",
        f"{path} is too large to decode ({size}); a side may have {side} pixels.",
        "Scale the picture down: icons are shown with 512 pixels, others with 1280.",
        path=path,
    )
