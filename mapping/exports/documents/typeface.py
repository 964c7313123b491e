"""Which letters the typeface of printed pages and drawn pictures has: servers have no other one can count on."""

from __future__ import annotations

from functools import cache
from typing import Final

from fontTools.ttLib import TTFont

from mapping.exports.documents.pdf import FONTS

_WEIGHTS: Final = ("Regular", "Bold")


def has_letters_for(text: str) -> bool:
    """Whether all letters of a text are in the typeface: Latin, Greek and Cyrillic ones are, others are not."""
    known = _known()
    return all(ord(sign) in known for sign in text if not sign.isspace())


@cache
def _known() -> frozenset[int]:
    """The code points that all weights have."""
    found = (TTFont(FONTS / f"SourceSans3-{weight}.ttf", lazy=True).getBestCmap() for weight in _WEIGHTS)
    return frozenset.intersection(*(frozenset(one) for one in found))
