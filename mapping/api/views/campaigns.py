"""Campaigns: categories, questions, period and area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping import rules
from mapping.aggregation.releases.publication import current_numbers
from mapping.api.languages import LANGUAGE, NAME, read_all_in, read_in
from mapping.api.openapi import problems
from mapping.api.serializers import CampaignSerializer, CampaignsSerializer
from mapping.exports.counts import tallied
from mapping.http.access import user_of
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute, json_response
from mapping.models import Campaign, Question
from mapping.models.campaign import CampaignQuerySet
from mapping.services.record import record_look
from mapping.translated.reading import Reading

_SURVEY_LINKS: Final = {
    "survey": "api:survey",
    "responses": "api:responses",
    "results": "api:survey-results",
}


class CampaignsView(ApiView):
    """All campaigns."""

    @extend_schema(
        operation_id="list_campaigns",
        tags=["campaigns"],
        summary="All campaigns",
        parameters=[LANGUAGE],
        responses={200: CampaignsSerializer, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Campaigns that the requesting person may see; drafts are visible to their members only."""
        parameters = Parameters(request.query_params, (NAME,))
        user = user_of(request)
        visible = Campaign.objects.visible()
        if user.is_authenticated:
            visible = visible | Campaign.objects.for_member(user)
        readings = read_all_in(parameters, _complete(visible))
        return json_response(request, {"campaigns": _serialized(request, readings)})


class CampaignView(ApiView):
    """One campaign."""

    @extend_schema(
        operation_id="read_campaign",
        tags=["campaigns"],
        summary="One campaign with its categories and questions",
        parameters=[LANGUAGE],
        responses={200: CampaignSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """The campaign; numbers that are not public are null."""
        found = _complete(Campaign.objects.filter(slug=slug))
        if not found or not rules.may_see_campaign(user_of(request), found[0]):
            raise Http404
        reading = read_in(Parameters(request.query_params, (NAME,)), found[0])
        response = json_response(request, _serialized(request, [reading])[0])
        response.headers["Content-Language"] = reading.language.tag
        return response


def _complete(campaigns: CampaignQuerySet) -> list[Campaign]:
    """Campaigns with phases, categories and questions, but instead of the area only its box."""
    return list(
        campaigns.annotate(
            envelope=Envelope("area"),
            has_survey=Exists(Question.objects.filter(campaign=OuterRef("pk"))),
        )
        .defer("area", "description", "outcome")
        .prefetch_related("categories__questions", "phases")
        .order_by("closes_at", "slug")
    )


def _serialized(request: Request, readings: Sequence[Reading]) -> list[dict[str, Any]]:
    campaigns = [reading.campaign for reading in readings]

    def has_survey(campaign: Campaign) -> bool:
        return bool(getattr(campaign, "has_survey", False))

    def links(campaign: Campaign) -> dict[str, str]:
        names = _SURVEY_LINKS if has_survey(campaign) else {}
        return {
            "page": absolute(request, "campaign", campaign.slug),
            "contributions": absolute(request, "api:contributions", campaign.slug),
            "heatmap": absolute(request, "api:heatmap", campaign.slug),
            "area": absolute(request, "api:area", campaign.slug),
            "districts": absolute(request, "api:districts", campaign.slug),
            "download": absolute(request, "api:download", campaign.slug, "geojson"),
            **{name: absolute(request, address, campaign.slug) for name, address in names.items()},
        }

    context = {
        "links": links,
        "numbers": _numbers(request, campaigns),
        "has_survey": has_survey,
        "languages": {reading.original.pk: reading.language.tag for reading in readings},
        "at": timezone.now(),
    }
    serializer = CampaignSerializer(campaigns, many=True, context=context)
    return list(serializer.data)


def _numbers(request: Request, campaigns: Iterable[Campaign]) -> dict[int, tuple[int, int]]:
    """Contributions and participants of the campaigns whose numbers the requesting person may see.

    For campaigns that publish cells the public gets those of the current release, people as a lower limit.
    """
    user = user_of(request)
    released = current_numbers(one.pk for one in campaigns if not one.publishes_points)
    visible = []
    for campaign in campaigns:
        if rules.may_see_public_contributions(campaign):
            visible.append(campaign.pk)
        elif rules.may_plan(user, campaign):
            visible.append(campaign.pk)
            record_look(user, campaign, "campaigns")
    return released | dict.fromkeys(visible, (0, 0)) | tallied(visible)
