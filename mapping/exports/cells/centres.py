"""Centres of squares as text, for the bubbles of maps."""

from __future__ import annotations

import json
from typing import Final

import numpy as np

from mapping.aggregation.centres import Centres
from mapping.models import Campaign

_DECIMALS: Final = 6
"""Of degrees: 11 cm."""


def centres_text(found: Centres, campaign: Campaign) -> str:
    """Write JSON: `size`, the short names of the `categories`, and `centres` as rows of longitude, latitude and counts.

    Counts are in the order of `categories`, which is that of the campaign; categories without a count are left out.
    """
    slugs = dict(campaign.categories.order_by("position", "pk").values_list("pk", "slug"))
    order = [pk for pk in slugs if pk in found.categories]
    counts = found.counts[:, [found.categories.index(pk) for pk in order]]
    # Adding zero turns a negative zero into a plain one.
    places = np.round(found.places, _DECIMALS) + 0.0
    rows = ",".join(
        f"[{lon},{lat},{','.join(map(str, numbers))}]"
        for (lon, lat), numbers in zip(places.tolist(), counts.tolist(), strict=True)
    )
    categories = json.dumps([slugs[pk] for pk in order], separators=(",", ":"))
    return f'{{"size":{found.size},"categories":{categories},"centres":[{rows}]}}'
