"""Which contributions somebody asked for, and may have."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from mapping.models import Campaign, Contribution
from mapping.models.contribution import ContributionQuerySet

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Selection:
    """Contributions of one campaign, narrowed by filters.

    `statuses` is None for the public: then the gate `.published()` decides. Naming statuses is for staff; whoever
    builds such a selection has asked `rules.may_analyse` before.
    """

    campaign: Campaign
    boxes: tuple[Box, ...] = ()
    """Bounding boxes (west, south, east, north) in degrees; two for a box across the antimeridian; empty: anywhere."""
    categories: tuple[str, ...] | None = None
    start: datetime | None = None
    end: datetime | None = None
    """Excluded."""
    statuses: tuple[str, ...] | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the status narrows the campaign."""
        return bool(self.boxes) or any(
            chosen is not None for chosen in (self.categories, self.start, self.end)
        )

    def contributions(self) -> ContributionQuerySet:
        """The selected contributions, in no order."""
        everything = ContributionQuerySet(Contribution)
        found = everything.published() if self.statuses is None else everything.with_status(self.statuses)
        found = found.filter(campaign=self.campaign)
        if self.boxes:
            found = reduce(or_, [found.within(box) for box in self.boxes])
        if self.categories is not None:
            found = found.in_categories(self.categories)
        if self.start is not None or self.end is not None:
            found = found.created_between(self.start, self.end)
        return found
