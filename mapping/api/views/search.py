"""Search over everything public."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.visitors import SEARCH
from mapping.api import openapi
from mapping.api.shapes import INTEGER, TEXT, Shape, integer, listed, maybe, members
from mapping.filters.problems import QueryProblem
from mapping.http.paging.search_positions import read_position, write_position
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute, json_response
from mapping.models import Campaign
from mapping.search.kinds import SearchGroup, group_named, groups
from mapping.search.page import PAGE_SIZE, Page, Result, Wanted, search
from mapping.search.query import MOST_LETTERS
from mapping.visitor import admit

_MOST: Final = 100
_URL: Final[Shape] = {"type": "string", "format": "uri"}
_QUERY: Final = OpenApiParameter.QUERY
_PARAMETERS: Final = [
    OpenApiParameter(
        "q",
        str,
        _QUERY,
        required=True,
        description="Words; all of them must be there, the last may be a beginning. Words in quotation marks must"
        " follow each other.",
    ),
    OpenApiParameter("kind", str, _QUERY, description="Only this kind of results, as named in `kinds`."),
    OpenApiParameter("campaign", str, _QUERY, description="Only of this campaign (short name)."),
    OpenApiParameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": _MOST, "default": PAGE_SIZE}, _QUERY
    ),
    openapi.CURSOR,
]
_RESULT: Final = members(
    kind=TEXT,
    title=TEXT,
    snippet=TEXT | {"description": "Plain text around the words that were found."},
    url=_URL,
    note=TEXT | {"description": "A few words more, e.g. which page of a document."},
    at=maybe({"type": "string", "format": "date-time"}),
    campaign=maybe(TEXT | {"description": "Short name."}),
    geometry=maybe({"type": "object", "description": "GeoJSON, WGS 84, longitude first."}),
)
_SHAPE: Final = members(
    numberMatched=integer(
        "Results; where `more` is true, of the newest texts of each kind alone, about 1,000 in all."
    ),
    more={"type": "boolean"},
    searched=TEXT | {"description": "The words that the results fit where nothing fits `q`; else empty."},
    suggestion=TEXT | {"description": "Other words where nothing fits `q`; may be empty."},
    kinds={"type": "object", "additionalProperties": INTEGER},
    campaigns={"type": "object", "additionalProperties": INTEGER},
    results=listed(_RESULT),
    links=listed(members(rel=TEXT, href=_URL, type=TEXT)),
)


class SearchView(ApiView):
    """Everything public by its words."""

    @extend_schema(
        operation_id="search",
        tags=["entry"],
        summary="Search everything public",
        parameters=_PARAMETERS,
        responses={200: OpenApiResponse(_SHAPE, description="The best first."), **openapi.problems(400, 429)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """What fits the words, with numbers by kind and campaign."""
        parameters = Parameters(request.query_params, ("q", "kind", "campaign", "limit", "cursor"))
        typed = parameters.text("q").replace("\0", " ")[:MOST_LETTERS]
        group = parameters.read("kind", _group)
        campaign = parameters.read("campaign", _campaign)
        limit = parameters.whole_number("limit", PAGE_SIZE, 1, _MOST)
        cursor = parameters.text("cursor")
        parameters.done()
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        wanted = Wanted(typed, group, campaign)
        page = search(wanted, after=read_position(cursor, wanted) if cursor else None, limit=limit)
        return json_response(request, _body(request, page, limit))


def _group(name: str) -> SearchGroup:
    """The kind of results of a name; raises QueryProblem where there is none."""
    found = group_named(name)
    if found is None:
        raise QueryProblem("unknown_choice", choices=", ".join(one.name for one in groups()))
    return found


def _campaign(slug: str) -> Campaign:
    """The public campaign of a short name; raises QueryProblem where there is none."""
    found = Campaign.objects.visible().filter(slug=slug.replace("\0", "")).first()
    if found is None:
        raise QueryProblem("unknown_short_name")
    return found


def _body(request: Request, page: Page, limit: int) -> dict[str, Any]:
    return {
        "numberMatched": page.found.number,
        "more": page.found.is_more,
        "searched": page.wanted.typed if page.is_other else "",
        "suggestion": page.suggestion,
        "kinds": {group.name: number for group, number in page.found.groups.items()},
        "campaigns": {campaign.slug: number for campaign, number in page.campaigns},
        "results": [_result(request, one) for one in page.results],
        "links": _links(request, page, limit),
    }


def _result(request: Request, result: Result) -> dict[str, Any]:
    shown = result.shown
    return {
        "kind": result.group.name,
        "title": str(shown.title),
        "snippet": "".join(piece.text for piece in result.snippet),
        "url": request.build_absolute_uri(shown.address),
        "note": shown.note,
        "at": _moment(shown.at),
        "campaign": None if result.campaign is None else result.campaign.slug,
        "geometry": None if shown.place is None else json.loads(shown.place.json),
    }


def _moment(at: datetime | None) -> str | None:
    """To the second: no public answer holds a finer moment."""
    return None if at is None else at.replace(microsecond=0).isoformat()


def _links(request: Request, page: Page, limit: int) -> list[dict[str, str]]:
    if page.behind is None:
        return []
    wanted = page.wanted
    values = {"q": wanted.typed, "limit": str(limit), "cursor": write_position(page.behind, wanted)}
    if wanted.group is not None:
        values["kind"] = wanted.group.name
    if wanted.campaign is not None:
        values["campaign"] = wanted.campaign.slug
    href = f"{absolute(request, 'api:search')}?{urlencode(values)}"
    return [{"rel": "next", "href": href, "type": "application/json"}]
