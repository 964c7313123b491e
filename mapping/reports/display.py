"""Display options of the heat map's page, besides the filter."""

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.filters.contribution_filter import STATUS_TITLES

GRIDS: Final[tuple[tuple[str, Promise], ...]] = (
    ("square", _("Squares")),
    ("hexagon", _("Hexagons")),
    ("district", _("Districts")),
)
SIZES: Final = (100, 200, 500, 1000, 5000, 10000)
"""Edges of squares and hexagons in metres."""

DEFAULT_SIZE: Final = 200

CLASS_METHODS: Final[tuple[tuple[str, Promise], ...]] = (
    ("growing", _("Growing steps")),
    ("quantile", _("Equally many cells")),
    ("equal", _("Equal steps")),
    ("manual", _("Own limits")),
)
BANDWIDTHS: Final = (150, 300, 500, 1000, 2000)
"""Bandwidths of the smooth surface in metres."""


def statuses_in_words(statuses: Sequence[str]) -> str:
    """The counted statuses in words."""
    titles = ", ".join(str(STATUS_TITLES[status]) for status in statuses)
    return gettext("Counted are contributions with the status: %(statuses)s.") % {"statuses": titles}
