"""Figures for pedestrian lights, drawn as light on a dark lens; own silhouettes in units of a lens 100 wide."""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_Point = tuple[float, float]
_Colour = tuple[int, int, int]

SIZE: Final = 480
_SAMPLES: Final = 3
"""Figures are drawn so many times larger: Pillow draws edges without intermediate tones."""
_SHARE: Final = 0.86
"""Of the lens, so that no figure touches its rim."""
_GREEN: Final[_Colour] = (64, 226, 138)
_RED: Final[_Colour] = (255, 92, 76)
_HOUSING: Final[_Colour] = (38, 44, 48)
_RIM: Final[_Colour] = (78, 86, 92)
_LENS: Final[_Colour] = (9, 13, 14)


class _Pen:
    """Draws light, and takes it away again."""

    def __init__(self, size: int) -> None:
        self._scale = size / 100 * _SHARE
        self._margin = size * (1 - _SHARE) / 2
        self.mask = Image.new("L", (size, size), 0)
        self._draw = ImageDraw.Draw(self.mask)

    def limb(self, width: float, *joints: _Point, light: bool = True) -> None:
        """A stroke through some joints with round ends."""
        fill = 255 if light else 0
        self._draw.line([self._at(joint) for joint in joints], fill=fill, width=round(width * self._scale))
        for joint in joints:
            self.disc(joint, width / 2, light=light)

    def disc(self, centre: _Point, radius: float, *, light: bool = True) -> None:
        """A filled circle."""
        x, y = centre
        box = [self._at((x - radius, y - radius)), self._at((x + radius, y + radius))]
        self._draw.ellipse(box, fill=255 if light else 0)

    def ring(self, centre: _Point, radius: float, width: float) -> None:
        """A circle's outline."""
        x, y = centre
        box = [self._at((x - radius, y - radius)), self._at((x + radius, y + radius))]
        self._draw.ellipse(box, outline=255, width=round(width * self._scale))

    def shape(self, *corners: _Point, light: bool = True) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(corner) for corner in corners], fill=255 if light else 0)

    def blob(self, *corners: _Point, light: bool = True) -> None:
        """A filled shape with round corners, through all given points."""
        self.shape(*_smooth(corners), light=light)

    def _at(self, point: _Point) -> _Point:
        return self._margin + point[0] * self._scale, self._margin + point[1] * self._scale


@dataclass(frozen=True)
class Figure:
    """A figure and what its picture shows, in words."""

    name: str
    alt: str
    draw: Callable[[_Pen], None]


def picture(figure: Figure) -> bytes:
    """A square PNG: the figure in green, in its housing."""
    return _png(_lamp(figure, _GREEN))


def row(figures: Sequence[Figure]) -> bytes:
    """A wide PNG: all figures side by side, red and green in turn."""
    lamps = [_lamp(figure, (_RED, _GREEN)[number % 2]) for number, figure in enumerate(figures)]
    strip = Image.new("RGB", (SIZE * len(lamps), SIZE), _HOUSING)
    for number, lamp in enumerate(lamps):
        strip.paste(lamp, (number * SIZE, 0))
    return _png(strip.resize((strip.width // 2, strip.height // 2), Image.Resampling.LANCZOS))


def _lamp(figure: Figure, colour: _Colour) -> Image.Image:
    size = SIZE * _SAMPLES
    pen = _Pen(size)
    figure.draw(pen)
    lamp = Image.new("RGB", (size, size), _HOUSING)
    ground = ImageDraw.Draw(lamp)
    edge = size * 0.025
    ground.ellipse([edge, edge, size - edge, size - edge], fill=_RIM)
    edge = size * 0.04
    ground.ellipse([edge, edge, size - edge, size - edge], fill=_LENS)
    lamp, mask = (one.resize((SIZE, SIZE), Image.Resampling.LANCZOS) for one in (lamp, pen.mask))
    # Light spills a little over its edge.
    glow = mask.filter(ImageFilter.GaussianBlur(SIZE / 40)).point(lambda value: value // 3)
    lit = ImageChops.lighter(mask, glow)
    lamp.paste(Image.new("RGB", lamp.size, colour), mask=lit)
    return lamp


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _smooth(corners: Sequence[_Point], steps: int = 12) -> list[_Point]:
    """A closed Catmull-Rom curve through some points."""
    found = []
    count = len(corners)
    for number in range(count):
        before, start, end, after = (corners[(number + offset) % count] for offset in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            found.append(
                (
                    _between(before[0], start[0], end[0], after[0], t),
                    _between(before[1], start[1], end[1], after[1], t),
                )
            )
    return found


def _between(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def _hiker(pen: _Pen) -> None:
    pen.limb(3, (79, 38), (72, 86))  # the stick
    pen.limb(9, (47, 57), (57, 69), (60, 85), (66, 86))
    pen.limb(9, (45, 57), (37, 70), (26, 80), (29, 86))
    pen.blob((42, 33), (53, 32), (56, 45), (54, 60), (41, 60), (40, 46))
    pen.limb(7, (51, 36), (61, 48), (75, 47))
    pen.blob((24, 36), (35, 31), (38, 40), (37, 55), (26, 56), (22, 46))  # the rucksack
    pen.limb(2.5, (36, 34), (42, 34))
    pen.disc((50, 22), 8)
    pen.shape((33, 18), (68, 18), (66, 22), (35, 22), light=False)
    pen.blob((35, 17), (50, 15), (68, 18), (66, 21), (50, 19), (36, 20))  # the hat
    pen.blob((42, 16), (44, 8), (51, 7), (58, 9), (60, 17))


def _emperor(pen: _Pen) -> None:
    pen.blob((50, 50), (68, 56), (84, 78), (78, 92), (50, 95), (22, 92), (16, 78), (32, 56))  # the cloak
    pen.shape((30, 22), (26, 5), (38, 14), (50, 3), (62, 14), (74, 5), (70, 22))  # the crown
    for tip in ((26, 6), (50, 5), (74, 6)):
        pen.disc(tip, 3)
    pen.limb(2.5, (31, 24.5), (69, 24.5), light=False)
    pen.blob((32, 27), (50, 26), (68, 27), (68, 44), (50, 50), (32, 44))  # the head
    pen.blob(
        (26, 38),
        (36, 46),
        (50, 44),
        (64, 46),
        (74, 38),
        (72, 60),
        (60, 74),
        (50, 84),
        (40, 74),
        (28, 60),
        light=False,
    )
    pen.blob(
        (31, 40), (40, 48), (50, 45), (60, 48), (69, 40), (67, 58), (58, 70), (50, 79), (42, 70), (33, 58)
    )
    for x, bottom in ((43, 62), (50, 68), (57, 62)):
        pen.limb(1.6, (x, 54), (50 + (x - 50) * 0.7, bottom), light=False)
    for x in (42, 58):
        pen.disc((x, 34), 2.6, light=False)
    pen.limb(2.2, (44, 48), (50, 46.5), (56, 48), light=False)


def _fish(pen: _Pen) -> None:
    pen.blob((12, 44), (24, 31), (42, 25), (60, 31), (72, 41), (72, 47), (60, 57), (42, 63), (24, 57))
    pen.blob((68, 44), (78, 32), (90, 26), (84, 44), (90, 62), (78, 56))  # the tail
    pen.blob((34, 28), (44, 15), (56, 18), (58, 32))
    pen.blob((40, 58), (46, 70), (55, 69), (54, 58))
    pen.disc((24, 41), 3.6, light=False)
    pen.limb(2.4, (34, 33), (37, 44), (34, 55), light=False)
    for x, y in ((46, 38), (46, 50), (57, 44)):
        pen.limb(2.2, (x, y - 4), (x + 3.5, y), (x, y + 4), light=False)
    for y, waves in ((78, 4), (88, 2)):
        steps = range(-waves * 12, waves * 12 + 1)
        pen.limb(3, *((50 + step * 0.6, y - 2 * math.cos(step * math.pi / 12)) for step in steps))


def _footballer(pen: _Pen) -> None:
    pen.limb(8, (52, 28), (36, 33), (27, 45))
    pen.limb(8, (58, 30), (70, 38), (80, 30))
    pen.blob((48, 25), (62, 26), (60, 42), (57, 56), (43, 55), (46, 40))
    pen.limb(10, (47, 55), (40, 70), (28, 80), (22, 78))
    pen.limb(10, (54, 55), (67, 62), (72, 76))
    pen.limb(6, (72, 77), (79, 74))
    pen.disc((60, 15), 8.5)
    pen.disc((85, 62), 8)
    pen.shape((85, 57.6), (89, 60.6), (87.5, 65.4), (82.5, 65.4), (81, 60.6), light=False)


def _cyclist(pen: _Pen) -> None:
    for x in (27, 73):
        pen.ring((x, 67), 18, 4)
        pen.disc((x, 67), 3)
    pen.limb(3, (27, 67), (40, 48), (64, 48), (48, 69), (27, 67))
    pen.limb(3, (48, 69), (37, 42))
    pen.limb(3, (73, 67), (62, 39), (70, 37))
    pen.limb(4.4, (31, 41), (42, 41))
    pen.limb(11, (39, 36), (58, 50), (51, 68), light=False)
    pen.limb(7.5, (39, 36), (57, 50), (51, 68), (57, 70))
    pen.blob((33, 37), (42, 22), (51, 17), (57, 22), (50, 33), (44, 41))
    pen.limb(6, (53, 22), (60, 34), (69, 36))
    pen.disc((63, 13), 7.5)
    pen.blob((54, 11), (59, 4), (66, 4), (72, 10), (64, 10))


FIGURES: Final = (
    Figure(
        "wanderer", "Grüne Ampelfigur: ein Mensch mit Hut, Rucksack und Wanderstock geht nach rechts", _hiker
    ),
    Figure("barbarossa", "Grüne Ampelfigur: Kaiser Barbarossa von vorn, mit Krone und langem Bart", _emperor),
    Figure("fisch", "Grüne Ampelfigur: ein Fisch, das Wappentier der Stadt, über zwei Wellen", _fish),
    Figure("fussball", "Grüne Ampelfigur: ein Mensch schießt einen Fußball nach rechts", _footballer),
    Figure("fahrrad", "Grüne Ampelfigur: ein Mensch mit Helm fährt auf einem Fahrrad nach rechts", _cyclist),
)
"""Figures that the demo's survey offers, by the value of the choice."""
