"""Which contributions somebody asked for, and may have."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from mapping.aggregation.heatmap import answers
from mapping.aggregation.heatmap.query import AnswerFilter
from mapping.models import Campaign, Contribution
from mapping.models.campaign import PlaceType
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
    weekdays: tuple[int, ...] | None = None
    """1 is Monday; this and the next ones as `aggregation.heatmap.query` has them."""
    hours: tuple[int, int] | None = None
    sources: tuple[str, ...] | None = None
    district_ids: tuple[int, ...] | None = None
    answers: tuple[AnswerFilter, ...] = ()
    place_types: tuple[PlaceType, ...] | None = None
    """Only contributions with a place of these types."""
    condition: Q | None = None
    """Any other condition on contributions, as CQL2 filters are (`ogc`)."""

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the status narrows the campaign."""
        filters = (
            self.categories,
            self.start,
            self.end,
            self.weekdays,
            self.hours,
            self.sources,
            self.district_ids,
            self.place_types,
            self.condition,
        )
        return bool(self.boxes or self.answers) or any(chosen is not None for chosen in filters)

    def contributions(self) -> ContributionQuerySet:
        """The selected contributions, in no order; raises HeatmapProblem about answers."""
        everything = ContributionQuerySet(Contribution)
        found = everything.published() if self.statuses is None else everything.with_status(self.statuses)
        found = found.filter(campaign=self.campaign)
        if self.boxes:
            found = reduce(or_, [found.within(box) for box in self.boxes])
        if self.categories is not None:
            found = found.in_categories(self.categories)
        if self.start is not None or self.end is not None:
            found = found.created_between(self.start, self.end)
        return self._narrowed(found)

    def _narrowed(self, found: ContributionQuerySet) -> ContributionQuerySet:
        if self.weekdays is not None:
            found = found.on_weekdays(self.weekdays)
        if self.hours is not None:
            found = found.during_hours(*self.hours)
        if self.sources is not None:
            found = found.from_sources(self.sources)
        if self.district_ids is not None:
            found = found.in_districts(self.campaign.district_layer_id, self.district_ids)
        for objects in answers.conditions(self.campaign.pk, self.answers):
            found = found.answering(json.loads(one) for one in objects)
        if self.place_types is not None:
            found = found.of_place_types(self.place_types)
        return found if self.condition is None else found.filter(self.condition)
