"""Who answered, beside the reference distributions of a survey's questions, as a table."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from mapping.aggregation.surveys.comparing import compared
from mapping.models import Campaign, Comparison
from mapping.models.survey.comparison import COMPARABLE
from mapping.services.surveys.results import exact_results

Row = list[str | float | None]


def comparison_rows(campaign: Campaign) -> Iterator[Row]:
    """A row of titles, then one for each group that is compared, with exact numbers; nothing without a comparison."""
    stored = {one.question_id: one for one in Comparison.objects.of(campaign.pk)}
    questions = [one.question for one in stored.values() if one.question.kind in COMPARABLE]
    if not questions:
        return
    yield [
        gettext("Question"),
        gettext("Group"),
        gettext("People"),
        gettext("Share"),
        gettext("Reference share"),
        gettext("Ratio"),
        gettext("p, corrected"),
        gettext("Source"),
        gettext("As of"),
    ]
    for result in exact_results(campaign, questions).questions:
        comparison = stored[result.question.pk]
        for part in compared(comparison, result).representation.parts:
            yield [
                result.question.title,
                part.group.title,
                part.group.people,
                part.share,
                part.expected,
                part.ratio,
                part.p_adjusted,
                comparison.source,
                comparison.as_of.isoformat(),
            ]
