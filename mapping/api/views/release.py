"""The public heat map of campaigns that publish cells: the current release and nothing else."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from mapping import rules
from mapping.aggregation.releases.publication import current_release
from mapping.exports.cells.heatmap import content_crs
from mapping.exports.cells.outlines import CRS
from mapping.exports.cells.release import compact_text, csv_text, geojson_text
from mapping.geo.crs import WGS84
from mapping.geo.grid import SIZES
from mapping.http.access import user_of
from mapping.http.parameters.reading import Parameters
from mapping.http.views import text_response
from mapping.models import Campaign
from mapping.services.errors import Invalid, Problem

FORMS: Final = ("geojson", "csv", "compact")
RELEASE: Final = OpenApiParameter(
    "release",
    str,
    OpenApiParameter.QUERY,
    enum=("current",),
    description="For analysts of campaigns that publish cells: `current` answers what the public sees.",
)
ABOUT: Final = {
    "type": "object",
    "nullable": True,
    "description": "Of campaigns that publish cells, instead of `totals`; null before the first release.",
    "properties": {
        "number": {"type": "integer"},
        "made_at": {"type": "string", "format": "date-time"},
        "k": {"type": "integer", "description": "Every number stands for at least so many participants."},
        "contributions": {
            "type": "integer",
            "description": "Those in cells; how many lie elsewhere is not told.",
        },
        "participants_at_least": {"type": "integer", "description": "At least k, rounded down."},
    },
}

# These parameters exist, but have no effect in a release.
_WITHOUT_EFFECT: Final = ("grid", "size", "measure", "f", "crs", "release")


def reads_release(request: Request, campaign: Campaign) -> bool:
    """Whether the response is the release: always for the public; analysts may choose it, else get exact numbers."""
    if "release" in request.query_params:
        return True
    if campaign.publishes_points or "status" in request.query_params:
        return False
    return not rules.may_analyse(user_of(request), campaign)


def release_response(request: Request, campaign: Campaign, known: tuple[str, ...]) -> HttpResponse:
    """The current release; raises Invalid `release_unfiltered` for each filter and each unsupported parameter."""
    if campaign.publishes_points:
        raise Invalid({"release": [Problem("no_releases", {})]})
    filters = [one for one in request.query_params if one in known and one not in _WITHOUT_EFFECT]
    if filters:
        raise Invalid({name: [Problem("release_unfiltered", {})] for name in filters})
    parameters = Parameters(request.query_params, known)
    parameters.choice("release", ("current",), "current")
    parameters.choice("size", [str(size) for size in SIZES], str(SIZES[0]))
    form = parameters.choice("f", FORMS, "geojson")
    crs = int(parameters.choice("crs", [str(code) for code in CRS], str(WGS84)))
    parameters.done()
    if parameters.text("grid") not in ("", "square"):
        raise Invalid({"grid": [Problem("release_unfiltered", {})]})
    if parameters.text("measure") not in ("", "contributions", "participants"):
        raise Invalid({"measure": [Problem("release_unfiltered", {})]})
    release = current_release(campaign)
    if form == "compact":
        return text_response(request, compact_text(release).encode(), content_type="application/json")
    if form == "csv":
        name = f'attachment; filename="{campaign.slug}-heatmap.csv"'
        return text_response(
            request,
            csv_text(release).encode(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": name},
        )
    headers = {"Content-Crs": content_crs(crs)}
    return text_response(request, geojson_text(release, crs).encode(), headers=headers)
