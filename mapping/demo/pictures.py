"""Small drawn pictures in place of photos; each says that it is an example."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFont

_SIZE = (960, 720)
_HORIZON = 430
_Colour = tuple[int, int, int]


def draw(random: Random) -> bytes:
    """A JPEG of a street scene: houses, trees, a way, sun."""
    picture = Image.new("RGB", _SIZE)
    pen = ImageDraw.Draw(picture)
    _sky(pen)
    _houses(pen, random)
    _ground(pen, random)
    _trees(pen, random)
    _label(pen)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def _sky(pen: ImageDraw.ImageDraw) -> None:
    top, bottom = (120, 174, 222), (222, 236, 244)
    for y in range(_HORIZON + 20):
        pen.line([(0, y), (_SIZE[0], y)], fill=_between(top, bottom, y / _HORIZON))
    pen.ellipse([740, 70, 840, 170], fill=(255, 224, 130))


def _houses(pen: ImageDraw.ImageDraw, random: Random) -> None:
    x = -30
    while x < _SIZE[0]:
        width, height = random.randint(110, 190), random.randint(140, 300)
        wall = random.choice([(206, 178, 150), (190, 196, 200), (216, 204, 172), (178, 146, 132)])
        pen.rectangle([x, _HORIZON - height, x + width, _HORIZON], fill=wall)
        roof = [
            (x - 8, _HORIZON - height),
            (x + width // 2, _HORIZON - height - 60),
            (x + width + 8, _HORIZON - height),
        ]
        pen.polygon(roof, fill=(134, 74, 62))
        for row in range(_HORIZON - height + 24, _HORIZON - 50, 56):
            for column in range(x + 18, x + width - 34, 44):
                pen.rectangle([column, row, column + 22, row + 30], fill=(96, 126, 148))
        x += width + random.randint(4, 50)


def _ground(pen: ImageDraw.ImageDraw, random: Random) -> None:
    ground = random.choice([(126, 158, 96), (150, 150, 146)])
    pen.rectangle([0, _HORIZON, *_SIZE], fill=ground)
    middle = random.randint(360, 600)
    way = [
        (middle - 40, _HORIZON),
        (middle + 40, _HORIZON),
        (middle + 330, _SIZE[1]),
        (middle - 330, _SIZE[1]),
    ]
    pen.polygon(way, fill=(112, 112, 116))
    for step in range(5):
        y, width = _HORIZON + 20 + step * 62, 3 + step * 2
        pen.polygon(
            [
                (middle - width, y),
                (middle + width, y),
                (middle + width + 3, y + 34),
                (middle - width - 3, y + 34),
            ],
            fill=(226, 226, 220),
        )


def _trees(pen: ImageDraw.ImageDraw, random: Random) -> None:
    for _ in range(random.randint(1, 5)):
        x = random.choice([random.randint(20, 260), random.randint(700, 930)])
        y, radius = random.randint(_HORIZON + 20, _HORIZON + 160), random.randint(50, 90)
        pen.rectangle([x - 8, y - radius, x + 8, y + 30], fill=(98, 74, 52))
        crown = [x - radius, y - radius * 2 - 20, x + radius, y - 20]
        pen.ellipse(crown, fill=(74, 122, 70))


def _label(pen: ImageDraw.ImageDraw) -> None:
    font = ImageFont.load_default(size=44)
    left, top, right, bottom = pen.textbbox((40, 632), "Beispielbild", font=font)
    pen.rectangle([left - 16, top - 12, right + 16, bottom + 12], fill=(255, 255, 255))
    pen.text((40, 632), "Beispielbild", font=font, fill=(30, 30, 30))


def _between(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * min(share, 1)) for a, b in zip(one, other, strict=True))
    return red, green, blue
