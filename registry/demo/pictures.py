"""Pictures for invented listings, drawn in each one's own palette, and the same each time."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from registry.demo.catalogue import Look
from registry.demo.motifs import MOTIFS
from registry.demo.palette import Colour, Palette

ICON_PX, WIDE_PX = 512, (1280, 720)
#: Drawn twice as large and made smaller, so that edges are soft.
FINE = 2


@cache
def icon(look: Look, seed: str) -> bytes:
    """Draw a square icon as PNG."""
    palette, side = Palette.of(look.hue), ICON_PX * FINE
    picture = _fade((side, side), palette.bright, palette.ground)
    MOTIFS[look.motif](ImageDraw.Draw(picture, "RGBA"), side, palette, random.Random(seed))  # noqa: S311
    return _saved(picture.resize((ICON_PX, ICON_PX), Image.Resampling.LANCZOS), "PNG")


@cache
def fanart(look: Look, seed: str) -> bytes:
    """Draw a wide background as JPEG: a light over the motif, far away."""
    palette, rng = Palette.of(look.hue), random.Random(f"{seed} wide")  # noqa: S311
    picture = _fade(WIDE_PX, palette.deep, palette.bright)
    x, y, size = rng.randint(240, 1040), rng.randint(150, 300), rng.randint(90, 150)
    glow = Image.new("L", WIDE_PX, 0)
    ImageDraw.Draw(glow).ellipse((x - size, y - size, x + size, y + size), fill=210)
    picture.paste(palette.pale, (0, 0), glow.filter(ImageFilter.GaussianBlur(36)))
    MOTIFS["ridges"](ImageDraw.Draw(picture, "RGBA"), WIDE_PX[0], palette, rng, WIDE_PX[1])
    return _saved(picture, "JPEG")


@cache
def screenshot(look: Look, seed: str, number: int) -> bytes:
    """Draw what a screen of it could look like, as JPEG: a title and tiles, one of them chosen."""
    palette, rng = Palette.of(look.hue), random.Random(f"{seed} {number}")  # noqa: S311
    picture = _fade(WIDE_PX, _darker(palette.deep), (12, 12, 16))
    pen = ImageDraw.Draw(picture, "RGBA")
    pen.rounded_rectangle((72, 60, 72 + rng.randint(220, 460), 92), 8, palette.pale)
    pen.rounded_rectangle((72, 112, 72 + rng.randint(400, 700), 126), 7, (*palette.pale, 90))
    columns = rng.choice((3, 4, 6))
    width = (WIDE_PX[0] - 144 - 20 * (columns - 1)) // columns
    for place in range(columns * 2):
        left, top = 72 + (place % columns) * (width + 20), 176 + (place // columns) * 262
        colour = rng.choice(palette.layers)
        pen.rounded_rectangle((left, top, left + width, top + 236), 16, colour)
        pen.rounded_rectangle(
            (left + 16, top + 196, left + width * 2 // 3, top + 210), 7, (*palette.deep, 160)
        )
        if place == number % columns:
            pen.rounded_rectangle(
                (left - 5, top - 5, left + width + 5, top + 241), 20, outline=palette.accent, width=5
            )
    return _saved(picture, "JPEG")


def _saved(picture: Image.Image, form: str) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, quality=86)
    return held.getvalue()


def _fade(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def _darker(colour: Colour) -> Colour:
    return colour[0] // 2, colour[1] // 2, colour[2] // 2
