"""The filter of a heat map in words."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.choices import Choices


@dataclass(frozen=True, slots=True)
class Statement:
    """One titled statement about a report."""

    title: str
    words: str


def filters_of(choices: Choices, query: HeatmapQuery) -> list[Statement]:
    """The filter in words, only active dimensions."""
    return [Statement(title, words) for title, words in query.filter.statements(choices)]
