"""The motifs of the pictures: each fills a square from its palette, a little differently for each seed."""

import math
import random
from collections.abc import Callable

from PIL import ImageDraw

from registry.demo.palette import Palette

Pen = ImageDraw.ImageDraw


def ridges(pen: Pen, side: int, palette: Palette, rng: random.Random, height: int = 0) -> None:
    """Draw hills behind hills, under a disc when the picture is a square."""
    tall = height or side
    if not height:
        _disc(pen, side * rng.uniform(0.6, 0.75), side * 0.28, side * 0.12, palette.accent)
    for layer, colour in enumerate((*palette.layers[1:], _mixed(palette.deep, (0, 0, 0)))):
        waves = [(rng.uniform(1, 4), rng.uniform(0, 6.3), tall * rng.uniform(0.02, 0.06)) for _ in range(3)]
        base = tall * (0.50 + 0.13 * layer)
        line = [
            (x, base + sum(deep * math.sin(often * 6.3 * x / side + since) for often, since, deep in waves))
            for x in range(0, side + 1, max(1, side // 160))
        ]
        pen.polygon([*line, (side, tall), (0, tall)], fill=colour)


def rings(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw circles around one point, a piece of each missing."""
    x, y = side * rng.uniform(0.42, 0.58), side * rng.uniform(0.42, 0.58)
    for step in range(5):
        radius = side * (0.42 - 0.085 * step)
        start = rng.randint(0, 359)
        box = (x - radius, y - radius, x + radius, y + radius)
        colour = palette.layers[step % 2]
        pen.arc(box, start, start + rng.randint(190, 320), fill=colour, width=side // 24)
    _disc(pen, x, y, side * 0.055, palette.accent)


def petals(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw leaves around a middle, as clear as glass."""
    count, turn = rng.choice((5, 6, 7, 8)), rng.uniform(0, math.tau)
    for number in range(count):
        angle = turn + number * math.tau / count
        sides = [_leaf(side, angle, bend) for bend in (-1, 1)]
        colour = palette.layers[number % 2]
        pen.polygon([*sides[0], *reversed(sides[1])], fill=(*colour, 205))
    _disc(pen, side / 2, side / 2, side * 0.085, palette.accent)


def bars(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw rounded bars of several heights, one of them lit."""
    count = rng.choice((5, 6, 7))
    width = side * 0.64 / (count * 1.45)
    lit = rng.randrange(count)
    for number in range(count):
        half = side * rng.uniform(0.10, 0.32)
        left = side * 0.18 + number * width * 1.45
        colour = palette.accent if number == lit else palette.pale
        pen.rounded_rectangle((left, side / 2 - half, left + width, side / 2 + half), width / 2, fill=colour)


def waves(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw broad strokes that swing together."""
    since, often = rng.uniform(0, 6.3), rng.uniform(1.2, 2.2)
    for number in range(4):
        colour = palette.accent if number == rng.choice((1, 2)) else palette.layers[number % 2]
        y = side * (0.26 + 0.16 * number)
        for x in range(side // 7, side * 6 // 7, max(1, side // 300)):
            swing = side * 0.055 * math.sin(since + often * math.tau * x / side + number * 0.5)
            _disc(pen, x, y + swing, side * 0.028, colour)


def tiles(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw a field of quarter circles, each turned its own way."""
    count = rng.choice((3, 4))
    size = side * 0.72 / count
    lit = rng.randrange(count * count)
    for place in range(count * count):
        left, top = side * 0.14 + place % count * size, side * 0.14 + place // count * size
        turn = rng.choice((0, 90, 180, 270))
        x, y = left + size * (turn in {90, 180}), top + size * (turn in {180, 270})
        colour = palette.accent if place == lit else palette.layers[rng.choice((0, 0, 1, 3))]
        box = (x - size, y - size, x + size, y + size)
        pen.pieslice(box, turn, turn + 90, fill=colour)


def stripes(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw slanted bands behind a frame, like the front of a stage."""
    slant = side * rng.uniform(0.16, 0.34)
    for number in range(7):
        left = side * (0.17 * number) - slant
        colour = palette.layers[(number % 2) * 2]
        band = [
            (left + slant, 0),
            (left + slant + side * 0.085, 0),
            (left + side * 0.085, side),
            (left, side),
        ]
        pen.polygon(band, fill=(*colour, 150))
    box = (side * 0.25, side * 0.31, side * 0.75, side * 0.69)
    pen.rounded_rectangle(box, side * 0.06, fill=palette.pale)
    middle, size = side / 2, side * rng.uniform(0.07, 0.1)
    pen.polygon(
        [(middle - size * 0.7, middle - size), (middle - size * 0.7, middle + size), (middle + size, middle)],
        fill=palette.deep,
    )
    _disc(pen, side * 0.75, side * 0.31, side * 0.06, palette.accent)


def orbit(pen: Pen, side: int, palette: Palette, rng: random.Random) -> None:
    """Draw a body with others on their ways around it."""
    middle = side / 2
    for radius in (0.20, 0.30, 0.40):
        size = side * radius
        pen.ellipse((middle - size, middle - size, middle + size, middle + size),
                    outline=(*palette.pale, 150), width=side // 90)  # fmt: skip
        angle = rng.uniform(0, math.tau)
        x, y = middle + size * math.cos(angle), middle + size * math.sin(angle)
        _disc(pen, x, y, side * rng.uniform(0.03, 0.055), palette.pale)
    _disc(pen, middle, middle, side * 0.11, palette.accent)


def _disc(pen: Pen, x: float, y: float, radius: float, colour: tuple[int, ...]) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _leaf(side: int, angle: float, bend: int) -> list[tuple[float, float]]:
    """One side of a leaf, from the middle outwards."""
    points = []
    for step in range(25):
        along, out = side * 0.42 * step / 24, bend * side * 0.10 * math.sin(math.pi * step / 24)
        x = side / 2 + along * math.cos(angle) - out * math.sin(angle)
        y = side / 2 + along * math.sin(angle) + out * math.cos(angle)
        points.append((x, y))
    return points


def _mixed(one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[int, int, int]:
    return (one[0] + two[0]) // 2, (one[1] + two[1]) // 2, (one[2] + two[2]) // 2


MOTIFS: dict[str, Callable[..., None]] = {
    "ridges": ridges, "rings": rings, "petals": petals, "bars": bars, "waves": waves, "tiles": tiles,
    "stripes": stripes, "orbit": orbit,
}  # fmt: skip
