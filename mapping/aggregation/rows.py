"""The filter as SQL."""

from __future__ import annotations

from typing import Any

from mapping.aggregation.query import HeatmapQuery
from mapping.models.footprint import SOURCE_CODES, STATUS_CODES


def matching_footprints(query: HeatmapQuery) -> tuple[str, dict[str, Any]]:
    """The filter as a condition on footprints, with its parameters; made for the index `footprint_counting`."""
    conditions = ["campaign_id = %(campaign)s", "status = ANY(%(statuses)s)"]
    params: dict[str, Any] = {
        "campaign": query.campaign_id,
        "statuses": [STATUS_CODES[status] for status in query.statuses],
        "categories": list(query.category_ids or ()),
        "start": query.start,
        "end": query.end,
        "weekdays": list(query.weekdays or ()),
        "sources": [SOURCE_CODES[source] for source in query.sources or ()],
    }
    if query.category_ids is not None:
        conditions.append("category_id = ANY(%(categories)s::integer[])")
    elif query.start is not None or query.end is not None:
        # Naming all categories lets PostgreSQL find the days of each in the index instead of reading all of it.
        conditions.append(
            "category_id = ANY(ARRAY(SELECT id::integer FROM mapping_category WHERE campaign_id = %(campaign)s))"
        )
    if query.start is not None:
        conditions.append("day >= %(start)s")
    if query.end is not None:
        conditions.append("day <= %(end)s")
    if query.weekdays is not None:
        # The first day of all was a Monday.
        conditions.append("(day - '0001-01-01'::date) %% 7 + 1 = ANY(%(weekdays)s::integer[])")
    if query.sources is not None:
        conditions.append("source = ANY(%(sources)s::smallint[])")
    if query.hours is not None:
        params["from_hour"], params["to_hour"] = query.hours
        word = "AND" if query.hours[0] < query.hours[1] else "OR"
        conditions.append(f"(hour >= %(from_hour)s {word} hour < %(to_hour)s)")
    return " AND ".join(conditions), params
