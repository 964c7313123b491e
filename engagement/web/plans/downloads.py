"""The list of plans as files: CSV for tables, GeoJSON for maps; with the filters of the list."""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from engagement.models import Plan
from engagement.web.plans.listing import PlanFilter
from mapping.exports.formats.csv import table
from mapping.http.views import GEOJSON

COLUMNS: Final = (
    *("slug", "title", "summary", "topic", "stage", "responsible", "contact", "affected"),
    *("costs_euros", "costs_text", "begins", "next_steps", "expected", "participation", "reason_without"),
    *("place_name", "district", "on_list_since", "proposals_until", "changed", "address"),
)


@require_safe
def plans_csv(request: HttpRequest) -> HttpResponse:
    """All plans that fit, with the middle of their place in degrees."""
    rows = [[*_values(plan).values(), *_middle(plan)] for plan in PlanFilter(request.GET).plans()]
    response = HttpResponse(table([(*COLUMNS, "lon", "lat"), *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plans.csv"'
    return response


@require_safe
def plans_geojson(request: HttpRequest) -> HttpResponse:
    """All plans that fit as a FeatureCollection (RFC 7946); those without a place have a null geometry."""
    features = [
        {
            "type": "Feature",
            "id": plan.slug,
            "geometry": None if plan.place is None else json.loads(plan.place.json),
            "properties": _values(plan),
        }
        for plan in PlanFilter(request.GET).plans()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    response = HttpResponse(text, content_type=GEOJSON)
    response["Content-Disposition"] = 'attachment; filename="plans.geojson"'
    return response


def _values(plan: Plan) -> dict[str, Any]:
    until = plan.takes_proposals_until
    named: dict[str, Any] = {
        "district": plan.district.name if plan.district else "",
        "on_list_since": plan.admitted_on.isoformat(),
        "proposals_until": None if until is None else until.isoformat(),
        "changed": plan.changed_at.isoformat(timespec="seconds"),
        "address": settings.SITE_URL + plan.get_absolute_url(),
    }
    return {name: named[name] if name in named else getattr(plan, name) for name in COLUMNS}


def _middle(plan: Plan) -> list[float | None]:
    """Longitude and latitude of a position on the place."""
    if plan.place is None:
        return [None, None]
    middle = plan.place.point_on_surface
    return [round(middle.x, 7), round(middle.y, 7)]
