"""The filter of a heat map in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.aggregation.heatmap.answers import answer_questions
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.models import Campaign, ContributionStatus, District, Source
from mapping.wording import in_words_day

_YES_NO: Final = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is stated about a report."""

    title: str
    words: str


def filters_of(campaign: Campaign, query: HeatmapQuery) -> list[Statement]:
    """The filter in words, nothing for what is not filtered."""
    return [Statement(title, words) for title, words in _filters(campaign, query)]


def _filters(campaign: Campaign, query: HeatmapQuery) -> Iterator[tuple[str, str]]:
    if query.category_ids is not None:
        titles = [one.title for one in campaign.categories.all() if one.pk in query.category_ids]
        yield _("Categories"), ", ".join(titles) or _("none")
    if query.start is not None or query.end is not None:
        yield _("Period"), _period(query)
    if query.weekdays is not None:
        yield _("Weekdays"), ", ".join(str(WEEKDAYS[day - 1]) for day in query.weekdays)
    if query.hours is not None:
        first, last = query.hours
        yield _("Time of day"), _("%(first)s to %(last)s o’clock") % {"first": first, "last": last}
    if query.sources is not None:
        yield _("Received"), ", ".join(str(Source(one).label) for one in query.sources)
    if query.district_ids is not None:
        named = District.objects.filter(pk__in=query.district_ids).order_by("code")
        yield _("Districts"), ", ".join(one.name for one in named) or _("none")
    yield from _answers(query)
    if query.statuses != (ContributionStatus.PUBLISHED.value,):
        yield _("Status"), ", ".join(str(ContributionStatus(one).label) for one in query.statuses)


def _answers(query: HeatmapQuery) -> Iterator[tuple[str, str]]:
    known = {one.slug: one for one in answer_questions(query.campaign_id)} if query.answers else {}
    for asked in query.answers:
        question = known.get(asked.question)
        titles = dict(question.choices) if question is not None else {}
        words = [titles.get(value) or _YES_NO.get(value) or value for value in asked.values]
        yield question.title if question is not None else asked.question, ", ".join(map(str, words))


def _period(query: HeatmapQuery) -> str:
    if query.start and query.end:
        days = {"start": in_words_day(query.start), "end": in_words_day(query.end)}
        return _("%(start)s to %(end)s") % days
    if query.start:
        return _("from %(start)s") % {"start": in_words_day(query.start)}
    return _("up to %(end)s") % {"end": in_words_day(query.end)} if query.end else ""
