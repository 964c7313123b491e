"""Small drawn pictures in place of photos; each says that it is an example."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFont

_SIZE = (960, 720)
_HORIZON = 430
_Colour = tuple[int, int, int]


def draw(random: Random) -> bytes:
    """A JPEG of a street scene: houses, trees, a way, sun or night."""
    is_night = random.random() < 0.3
    picture = Image.new("RGB", _SIZE)
    pen = ImageDraw.Draw(picture)
    _sky(pen, is_night=is_night)
    _houses(pen, random, is_night=is_night)
    _ground(pen, random, is_night=is_night)
    _trees(pen, random, is_night=is_night)
    _label(pen)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def _sky(pen: ImageDraw.ImageDraw, *, is_night: bool) -> None:
    top, bottom = ((18, 24, 48), (52, 60, 92)) if is_night else ((120, 174, 222), (222, 236, 244))
    for y in range(_HORIZON + 20):
        pen.line([(0, y), (_SIZE[0], y)], fill=_between(top, bottom, y / _HORIZON))
    pen.ellipse([740, 70, 840, 170], fill=(236, 236, 220) if is_night else (255, 224, 130))


def _houses(pen: ImageDraw.ImageDraw, random: Random, *, is_night: bool) -> None:
    x = -30
    while x < _SIZE[0]:
        width, height = random.randint(110, 190), random.randint(140, 300)
        wall = random.choice([(206, 178, 150), (190, 196, 200), (216, 204, 172), (178, 146, 132)])
        pen.rectangle([x, _HORIZON - height, x + width, _HORIZON], fill=_shade(wall, is_night=is_night))
        roof = [
            (x - 8, _HORIZON - height),
            (x + width // 2, _HORIZON - height - 60),
            (x + width + 8, _HORIZON - height),
        ]
        pen.polygon(roof, fill=_shade((134, 74, 62), is_night=is_night))
        for row in range(_HORIZON - height + 24, _HORIZON - 50, 56):
            for column in range(x + 18, x + width - 34, 44):
                lit = (250, 214, 120) if random.random() < 0.4 else (44, 50, 70)
                pen.rectangle([column, row, column + 22, row + 30], fill=lit if is_night else (96, 126, 148))
        x += width + random.randint(4, 50)


def _ground(pen: ImageDraw.ImageDraw, random: Random, *, is_night: bool) -> None:
    ground = random.choice([(126, 158, 96), (150, 150, 146)])
    pen.rectangle([0, _HORIZON, *_SIZE], fill=_shade(ground, is_night=is_night))
    middle = random.randint(360, 600)
    way = [
        (middle - 40, _HORIZON),
        (middle + 40, _HORIZON),
        (middle + 330, _SIZE[1]),
        (middle - 330, _SIZE[1]),
    ]
    pen.polygon(way, fill=_shade((112, 112, 116), is_night=is_night))
    for step in range(5):
        y, width = _HORIZON + 20 + step * 62, 3 + step * 2
        pen.polygon(
            [
                (middle - width, y),
                (middle + width, y),
                (middle + width + 3, y + 34),
                (middle - width - 3, y + 34),
            ],
            fill=_shade((226, 226, 220), is_night=is_night),
        )


def _trees(pen: ImageDraw.ImageDraw, random: Random, *, is_night: bool) -> None:
    for _ in range(random.randint(1, 5)):
        x = random.choice([random.randint(20, 260), random.randint(700, 930)])
        y, radius = random.randint(_HORIZON + 20, _HORIZON + 160), random.randint(50, 90)
        pen.rectangle([x - 8, y - radius, x + 8, y + 30], fill=_shade((98, 74, 52), is_night=is_night))
        crown = [x - radius, y - radius * 2 - 20, x + radius, y - 20]
        pen.ellipse(crown, fill=_shade((74, 122, 70), is_night=is_night))


def _label(pen: ImageDraw.ImageDraw) -> None:
    font = ImageFont.load_default(size=44)
    left, top, right, bottom = pen.textbbox((40, 632), "Beispielbild", font=font)
    pen.rectangle([left - 16, top - 12, right + 16, bottom + 12], fill=(255, 255, 255))
    pen.text((40, 632), "Beispielbild", font=font, fill=(30, 30, 30))


def _shade(colour: _Colour, *, is_night: bool) -> _Colour:
    return _between(colour, (16, 20, 40), 0.65) if is_night else colour


def _between(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * min(share, 1)) for a, b in zip(one, other, strict=True))
    return red, green, blue
