"""Filter choices of one campaign, read lazily and at most once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mapping.filters.questions import AnswerMeasure, AnswerQuestion, merged
from mapping.models import Audience, Campaign, Category, District, Question, QuestionKind


@dataclass(frozen=True)
class Choices:
    """Categories, districts and questions of a campaign.

    With `for_staff` answers to its survey, and those of contributions that only staff may read, can be filtered by and
    measured, too: callers must check `rules.may_read_responses` first. Without it there are none, whatever an address
    names.
    """

    campaign: Campaign
    for_staff: bool = False

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
    def _of_categories(self) -> Sequence[Question]:
        found = Question.objects.of_categories(self.campaign.pk).select_related("category")
        return list(found if self.for_staff else found.public())

    @cached_property
    def _of_survey(self) -> Sequence[Question]:
        return list(Question.objects.of_survey(self.campaign.pk)) if self.for_staff else ()

    @cached_property
    def questions(self) -> Sequence[AnswerQuestion]:
        """The public questions of categories whose answers can be filtered by or measured."""
        return merged((one for one in self._of_categories if one.audience == Audience.PUBLIC), "answers")

    @cached_property
    def staff_questions(self) -> Sequence[AnswerQuestion]:
        """The questions of categories whose answers only staff may read, for these."""
        return merged((one for one in self._of_categories if one.audience == Audience.STAFF), "staff_answers")

    @cached_property
    def survey(self) -> Sequence[AnswerQuestion]:
        """The questions of the survey that can be filtered by or measured, for those who may read its responses."""
        return merged(self._of_survey, "responses")

    @cached_property
    def places(self) -> Sequence[Question]:
        """The questions of the survey about a place, for those who may read its responses."""
        return [one for one in self._of_survey if one.kind == QuestionKind.PLACE]

    @property
    def asked(self) -> Sequence[AnswerQuestion]:
        """The questions of categories by which pages can filter."""
        return [one for one in self.questions if one.is_filter]

    @cached_property
    def measures(self) -> Sequence[AnswerMeasure]:
        """All that has a mean, of categories and of the survey."""
        asked = (*self.questions, *self.staff_questions, *self.survey)
        return [measure for one in asked for measure in one.measures]

    @property
    def measured(self) -> Sequence[tuple[str, str]]:
        """Names and titles of all that has a mean."""
        return [(one.name, one.title) for one in self.measures]
