"""The contributions that an export contains."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from mapping.exports.fields import Field, campaign_fields
from mapping.filters.contribution_filter import ContributionFilter
from mapping.models import Campaign
from mapping.models.campaign import PlaceType
from mapping.models.contribution import ContributionQuerySet

_UNFILTERED: Final = ContributionFilter()


@dataclass(frozen=True)
class Selection:
    """The contributions of one campaign that match a filter.

    If the filter names statuses, callers must check `rules.may_analyse` first.
    """

    campaign: Campaign
    filter: ContributionFilter = _UNFILTERED
    place_types: tuple[PlaceType, ...] | None = None
    """Only contributions with a place of these types."""
    condition: Q | None = None
    """Any other condition on contributions, as CQL2 filters are (`ogc`)."""

    has_staff_answers: bool = False
    """Whether answers that only staff may read are attributes, too, and responses to the survey come along.

    Callers must check `rules.may_read_staff_answers` first.
    """

    @property
    def statuses(self) -> tuple[str, ...] | None:
        """The filter's statuses; None for the public, where the gate `.published()` decides."""
        return self.filter.statuses

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the status narrows the campaign."""
        return self.filter.is_narrowed or self.place_types is not None or self.condition is not None

    def fields(self) -> tuple[Field, ...]:
        """The attributes of the selected contributions."""
        return campaign_fields(self.campaign, for_staff=self.has_staff_answers)

    def contributions(self) -> ContributionQuerySet:
        """The selected contributions, in no order; raises QueryProblem about answers."""
        found = self.filter.contributions(self.campaign)
        if self.place_types is not None:
            found = found.of_place_types(self.place_types)
        return found if self.condition is None else found.filter(self.condition)
