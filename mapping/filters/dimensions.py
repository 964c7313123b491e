"""The tuple of all filter dimensions.

A new one is a class in one of the modules below, named in its `DIMENSIONS`: then it works everywhere.

Rules shared by all counts:

- Days, weekdays and hours are those of the contribution's `created_at` in the site's time zone; both days count.
- Hours go from the first (included) to the last (excluded) and may pass midnight: (20, 6) is 20:00 to 05:59.
- A point lies in one district at most, the first by code where several share a border; a line or area lies in each
  district that it touches.
- An answer matches where it is one of the values or, with several choices, holds one of them. Several questions must
  all match.
- The reply that counts is the newest one.
"""

from __future__ import annotations

from typing import Any, Final

from mapping.filters import answers, origins, places, times, words
from mapping.filters.dimension import Dimension

DIMENSIONS: Final[tuple[Dimension[Any], ...]] = (
    *places.DIMENSIONS,
    *times.DIMENSIONS,
    *origins.DIMENSIONS,
    *words.DIMENSIONS,
    *answers.DIMENSIONS,
)
