"""Contributions that resemble what somebody is writing, or lie near the place that somebody marks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.visitors import SEARCH
from mapping import rules
from mapping.api import openapi
from mapping.api.shapes import INTEGER, TEXT, Shape, listed, maybe, members
from mapping.forms.headings import beginning_of, heading_of
from mapping.geo.geojson import GeometryProblem, parse_geometry
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response
from mapping.models import Campaign, Category, Contribution
from mapping.places.words import name_places
from mapping.search.nearby import REACH, nearby, stored_as
from mapping.search.similar import MOST_SIMILAR, similar
from mapping.services.checking.content import MAX_TEXT, find_category
from mapping.services.errors import NotAllowed, invalid
from mapping.visitor import admit, known_participant

_SIMILAR: Final[Shape] = members(
    id=TEXT | {"format": "uuid"},
    category=TEXT | {"description": "Short name of the category."},
    title=TEXT | {"description": "Of places of the city; may be empty."},
    excerpt=TEXT | {"description": "The beginning of the text, else the first answers in words."},
    place_words=TEXT | {"description": "The place in the language of the reader; may be empty."},
    distance=maybe(
        INTEGER | {"description": f"Metres from the place that was sent, {REACH} at most; else null."}
    ),
    url=TEXT | {"format": "uri"},
    support=INTEGER,
    may_support={"type": "boolean"},
)
_SHAPE: Final[Shape] = members(similar=listed(_SIMILAR))


class SimilarView(ApiView):
    """Public contributions that resemble a text or lie near a place."""

    is_public_data = False

    @extend_schema(
        operation_id="find_similar",
        tags=["contributions"],
        summary="Public contributions that resemble a text or lie near a place",
        request={
            "application/json": {
                "type": "object",
                "description": "A text, a place, or both.",
                "properties": {
                    "text": {"type": "string", "maxLength": MAX_TEXT},
                    "geometry": {
                        "type": "object",
                        "description": "GeoJSON Point, LineString or Polygon, WGS 84.",
                    },
                    "category": {
                        "type": "string",
                        "description": "Short name: near the place, only what is in this category.",
                    },
                },
            }
        },
        responses={
            200: OpenApiResponse(
                _SHAPE,
                description=f"At most {MOST_SIMILAR}: within {REACH} m of the place, the nearest first, then those "
                "with a similar text. Without those of the requesting person.",
            ),
            **openapi.problems(400, 403, 404, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        """Text and place are in the body, so that no log of addresses has them; nothing of them is stored."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        if not rules.may_see_public_contributions(campaign):
            raise NotAllowed("publishes_cells")
        body: object = request.data
        given: dict[str, object] = body if isinstance(body, dict) else {}
        geometry = _geometry_of(given)
        text = _text_of(given, is_wanted=geometry is None)
        category = _category_of(campaign, given)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, SEARCH)
        own = known_participant(plain, campaign)
        found: dict[object, Contribution] = {}
        if geometry is not None:
            found |= {one.pk: one for one in nearby(campaign, geometry, category=category, without=own)}
        if text and len(found) < MOST_SIMILAR:
            found = {one.pk: one for one in similar(campaign, text, without=own)} | found
        shown = sorted(found.values(), key=_order)[:MOST_SIMILAR]
        name_places(shown, campaign)
        at = timezone.now()
        return json_response(request, {"similar": [_shown(request, one, at) for one in shown]})


def _geometry_of(given: dict[str, object]) -> GEOSGeometry | None:
    """The place; raises Invalid for what is no geometry."""
    if given.get("geometry") is None:
        return None
    try:
        return stored_as(parse_geometry(given["geometry"]))
    except GeometryProblem as problem:
        raise invalid("geometry", problem.code, **problem.params) from problem


def _text_of(given: dict[str, object], *, is_wanted: bool) -> str:
    """The text; raises Invalid for what is none, and where it is missing but wanted."""
    text = given.get("text")
    if text is None and not is_wanted:
        return ""
    if not isinstance(text, str):
        raise invalid("text", "required" if text is None else "not_a_text")
    return text.replace("\0", " ")[:MAX_TEXT]


def _category_of(campaign: Campaign, given: dict[str, object]) -> Category | None:
    if given.get("category") is None:
        return None
    category = find_category(campaign, given["category"])
    if category is None:
        raise invalid("category", "unknown_category")
    return category


def _metres_of(contribution: Contribution) -> float | None:
    """The distance from the place that was sent; None for what only resembles the text."""
    metres: float | None = getattr(contribution, "metres", None)
    return metres


def _order(contribution: Contribution) -> tuple[bool, float]:
    """The nearest first, then the most similar."""
    metres = _metres_of(contribution)
    if metres is not None:
        return False, metres
    return True, -float(getattr(contribution, "similarity", 0))


def _shown(request: Request, contribution: Contribution, at: datetime) -> dict[str, Any]:
    path = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
    metres = _metres_of(contribution)
    return {
        "id": str(contribution.pk),
        "category": contribution.category.slug,
        "title": contribution.title,
        "excerpt": _excerpt_of(contribution),
        "place_words": str(contribution.place_words),  # type: ignore[attr-defined] # by name_places
        "distance": None if metres is None else round(metres),
        "url": request.build_absolute_uri(path),
        "support": contribution.support_count,
        "may_support": rules.may_support(contribution, at),
    }


def _excerpt_of(contribution: Contribution) -> str:
    """The beginning of the text; without text and title the first answers in words."""
    if contribution.title or contribution.text:
        return beginning_of(contribution.text)
    return heading_of(contribution)
