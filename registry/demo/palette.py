"""Colours that go together, made from one hue."""

import colorsys
from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together: ``accent`` is the other side of the ground's hue."""

    deep: Colour
    ground: Colour
    bright: Colour
    pale: Colour
    accent: Colour

    @classmethod
    def of(cls, hue: int) -> "Palette":
        """Make the palette of a hue from 0 to 359."""
        return cls(
            deep=_colour(hue + 14, 0.20, 0.55),
            ground=_colour(hue, 0.38, 0.48),
            bright=_colour(hue - 16, 0.60, 0.58),
            pale=_colour(hue - 8, 0.90, 0.60),
            accent=_colour(hue + 172, 0.66, 0.78),
        )

    @property
    def layers(self) -> tuple[Colour, ...]:
        """From the light to the dark."""
        return self.pale, self.bright, self.ground, self.deep


def _colour(hue: int, light: float, strength: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, light, strength)
    return round(red * 255), round(green * 255), round(blue * 255)
