"""Filter choices of one campaign, read lazily and at most once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mapping.filters.questions import AnswerMeasure, AnswerQuestion, answer_questions, survey_questions
from mapping.models import Campaign, Category, District


@dataclass(frozen=True)
class Choices:
    """Categories, districts and questions of a campaign.

    With `reads_responses` answers to its survey can be filtered by and measured, too: callers must check
    `rules.may_read_responses` first. Without it there are none, whatever an address names.
    """

    campaign: Campaign
    reads_responses: bool = False

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

    @cached_property
    def survey(self) -> Sequence[AnswerQuestion]:
        """The questions of the survey that can be filtered by or measured, for those who may read its responses."""
        return survey_questions(self.campaign.pk) if self.reads_responses else ()

    @property
    def asked(self) -> Sequence[AnswerQuestion]:
        """The questions of categories by which pages can filter."""
        return [one for one in self.questions if one.is_filter]

    @cached_property
    def measures(self) -> Sequence[AnswerMeasure]:
        """All that has a mean, of categories and of the survey."""
        return [measure for one in (*self.questions, *self.survey) for measure in one.measures]

    @property
    def measured(self) -> Sequence[tuple[str, str]]:
        """Names and titles of all that has a mean."""
        return [(one.name, one.title) for one in self.measures]
