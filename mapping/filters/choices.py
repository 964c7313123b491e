"""Filter choices of one campaign, read lazily and at most once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mapping.filters.questions import AnswerQuestion, answer_questions
from mapping.models import Campaign, Category, District


@dataclass(frozen=True)
class Choices:
    """Categories, districts and questions of a campaign."""

    campaign: Campaign

    @cached_property
    def categories(self) -> Sequence[Category]:
        """The categories in the campaign's order."""
        return list(self.campaign.categories.all())

    @cached_property
    def districts(self) -> Sequence[District]:
        """The districts of the campaign's layer, by name, without their areas."""
        layer = self.campaign.district_layer_id
        return (
            [] if layer is None else list(District.objects.filter(layer=layer).order_by("name").defer("geom"))
        )

    @cached_property
    def questions(self) -> Sequence[AnswerQuestion]:
        """The questions whose answers can be filtered by or measured."""
        return answer_questions(self.campaign.pk)

    @property
    def asked(self) -> Sequence[AnswerQuestion]:
        """The questions whose choices pages offer one by one."""
        return [one for one in self.questions if one.is_offered]

    @property
    def measured(self) -> Sequence[tuple[str, str]]:
        """Short names and titles of the questions whose answers have a mean."""
        return [(one.slug, one.title) for one in self.questions if one.is_measure]
