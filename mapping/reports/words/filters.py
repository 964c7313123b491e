"""The filter of a heat map in words."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.choices import Choices
from mapping.models import Campaign


@dataclass(frozen=True, slots=True)
class Statement:
    """One titled statement about a report."""

    title: str
    words: str


def choices_of(campaign: Campaign, query: HeatmapQuery) -> Choices:
    """What the maker of a query could filter by."""
    return Choices(campaign, query.for_staff)


def filters_of(choices: Choices, query: HeatmapQuery) -> list[Statement]:
    """The filter in words, only active dimensions."""
    return [Statement(title, words) for title, words in query.filter.statements(choices)]
