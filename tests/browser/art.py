"""Pictures for believable listings: icons, scenes and screenshots, drawn by code and the same each time."""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw
ICON = 512
FINE = 1024  # drawn at twice the size, so that edges are soft


def icon(shape: str, top: str, bottom: str) -> bytes:
    """A square icon: a white sign on a ground that goes from one colour to the other."""
    ground = _ground((FINE, FINE), _colour(top), _colour(bottom))
    sign = Image.new("L", (FINE, FINE), 0)
    SHAPES[shape](ImageDraw.Draw(sign))
    shade = sign.filter(ImageFilter.GaussianBlur(26)).point(lambda value: value // 4)
    ground.paste((0, 0, 0), (0, 14), shade)
    ground.paste((255, 255, 255), (0, 0), sign)
    return _saved(ground.resize((ICON, ICON), Image.Resampling.LANCZOS), "PNG")


def scene(seed: int, top: str, bottom: str) -> bytes:
    """A wide evening landscape: hills, one behind the other, under a light."""
    rng, size = random.Random(seed), (1280, 720)
    picture = _ground(size, _colour(top), _colour(bottom))
    _light(picture, (rng.randint(700, 1100), rng.randint(150, 300)))
    for layer in range(5):
        darkness = 0.75 - layer * 0.14
        colour = tuple(int(part * darkness) for part in _colour(bottom))
        _hills(picture, rng, 400 + layer * 62, colour)  # type: ignore[arg-type]
    return _saved(picture.filter(ImageFilter.GaussianBlur(0.8)), "JPEG")


def screenshot(seed: int, colour: str) -> bytes:
    """What a media server's screen could look like: a row of posters under a title."""
    rng = random.Random(seed)
    base = _colour(colour)
    picture = _ground((1280, 720), tuple(part // 3 for part in base), (14, 14, 18))  # type: ignore[arg-type]
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((80, 70, 80 + rng.randint(260, 420), 100), 8, (236, 233, 228))
    pen.rounded_rectangle((80, 122, 80 + rng.randint(500, 760), 138), 6, (150, 146, 152))
    for row in range(2):
        for column in range(6):
            left, top = 80 + column * 190, 200 + row * 260
            tint = [min(255, int(part * rng.uniform(0.5, 1.6)) + 20) for part in base]
            pen.rounded_rectangle((left, top, left + 164, top + 220), 14, tuple(tint))
    pen.rounded_rectangle((74, 194, 250, 426), 18, outline=(255, 255, 255), width=5)
    return _saved(picture, "JPEG")


def _saved(picture: Image.Image, form: str) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, quality=88)
    return held.getvalue()


def _colour(name: str) -> Colour:
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


def _ground(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    fade = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), fade)


def _light(picture: Image.Image, at: tuple[int, int]) -> None:
    glow = Image.new("L", picture.size, 0)
    x, y = at
    ImageDraw.Draw(glow).ellipse((x - 90, y - 90, x + 90, y + 90), fill=235)
    soft = glow.filter(ImageFilter.GaussianBlur(70))
    picture.paste((255, 236, 200), (0, 0), soft)
    picture.paste((255, 244, 222), (0, 0), glow.filter(ImageFilter.GaussianBlur(3)))


def _hills(picture: Image.Image, rng: random.Random, height: int, colour: Colour) -> None:
    waves = [(rng.uniform(0.002, 0.009), rng.uniform(0, 6.3), rng.uniform(14, 46)) for _ in range(3)]
    line = [
        (x, height + sum(deep * math.sin(x * often + since) for often, since, deep in waves))
        for x in range(0, 1281, 4)
    ]
    ImageDraw.Draw(picture).polygon([*line, (1280, 720), (0, 720)], fill=colour)


def _lantern(pen: Pen) -> None:
    pen.rounded_rectangle((362, 330, 662, 780), 90, fill=255)
    pen.ellipse((432, 470, 592, 640), fill=0)
    pen.arc((392, 190, 632, 430), 180, 360, fill=255, width=44)
    pen.rounded_rectangle((322, 760, 702, 822), 30, fill=255)


def _bars(pen: Pen) -> None:
    for place, height in enumerate((220, 430, 620, 360, 520, 260)):
        left = 212 + place * 104
        pen.rounded_rectangle((left, 512 - height // 2, left + 62, 512 + height // 2), 31, fill=255)


def _book(pen: Pen) -> None:
    pen.rounded_rectangle((250, 230, 500, 790), 34, fill=255)
    pen.rounded_rectangle((524, 230, 774, 790), 34, fill=255)
    for line in range(4):
        pen.rounded_rectangle((300, 330 + line * 100, 450, 356 + line * 100), 13, fill=0)
        pen.rounded_rectangle((574, 330 + line * 100, 724, 356 + line * 100), 13, fill=0)


def _sun(pen: Pen) -> None:
    pen.ellipse((352, 252, 672, 572), fill=255)
    for line in range(3):
        top = 650 + line * 84
        pen.rounded_rectangle((212 + line * 60, top, 812 - line * 60, top + 42), 21, fill=255)


def _leaf(pen: Pen) -> None:
    points = [(230 + 564 * t, 794 - 564 * t) for t in (0.0, 1.0)]
    (left, bottom), (right, top) = points
    sides = []
    for bend in (-1, 1):
        for step in range(41):
            t = step / 40 if bend < 0 else 1 - step / 40
            out = bend * 190 * math.sin(math.pi * t)
            sides.append((left + (right - left) * t + out * 0.7, bottom + (top - bottom) * t + out * 0.7))
    pen.polygon(sides, fill=255)
    pen.line((190, 834, 610, 414), fill=255, width=40)
    pen.line((300, 724, 640, 384), fill=0, width=30)


def _rings(pen: Pen) -> None:
    pen.ellipse((212, 212, 812, 812), outline=255, width=46)
    pen.ellipse((402, 402, 622, 622), fill=255)
    pen.ellipse((690, 250, 830, 390), fill=255)


def _waves(pen: Pen) -> None:
    for line in range(3):
        for x in range(200, 825, 3):
            y = 342 + line * 170 + 62 * math.sin((x - 200) / 624 * 4 * math.pi)
            pen.ellipse((x - 27, y - 27, x + 27, y + 27), fill=255)


def _film(pen: Pen) -> None:
    pen.rounded_rectangle((212, 262, 812, 762), 60, fill=255)
    for hole in range(4):
        top = 314 + hole * 110
        pen.rounded_rectangle((256, top, 316, top + 60), 14, fill=0)
        pen.rounded_rectangle((708, top, 768, top + 60), 14, fill=0)
    pen.polygon([(440, 400), (440, 624), (640, 512)], fill=0)


def _tag(pen: Pen) -> None:
    pen.polygon([(230, 230), (560, 230), (820, 500), (550, 790), (230, 470)], fill=255)
    pen.ellipse((310, 310, 420, 420), fill=0)


def _tower(pen: Pen) -> None:
    pen.polygon([(512, 420), (400, 820), (624, 820)], fill=255)
    pen.ellipse((452, 340, 572, 460), fill=255)
    for size in (150, 260):
        pen.arc((512 - size, 400 - size, 512 + size, 400 + size), 200, 340, fill=255, width=42)


SHAPES: dict[str, Callable[[Pen], None]] = {
    "lantern": _lantern, "bars": _bars, "book": _book, "sun": _sun, "leaf": _leaf, "rings": _rings,
    "waves": _waves, "film": _film, "tag": _tag, "tower": _tower,
}  # fmt: skip
