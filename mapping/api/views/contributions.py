"""Contributions: read as GeoJSON, submitted one by one."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.visitors import CONTRIBUTE
from mapping import rules
from mapping.api import openapi
from mapping.api.features import author_feature, collection_text, in_words
from mapping.api.filter_parameters import FILTERS
from mapping.api.serializers import ContributionSerializer
from mapping.api.submissions import submission_of
from mapping.exports.page import Position, read_feature, read_features, read_page
from mapping.exports.selection import Selection
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.filters.problems import QueryProblem
from mapping.geo.geojson import parse_position
from mapping.http.access import (
    campaign_for,
    own_contribution,
    readable_statuses,
    required_own_contribution,
    user_of,
)
from mapping.http.fresh import require_fresh_for_page
from mapping.http.paging.cursors import read_cursor, write_cursor
from mapping.http.parameters.heatmap import known_names
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, absolute, photo_base, text_response
from mapping.models import Campaign, Contribution
from mapping.models.ordering import Ordering
from mapping.services.erase import withdraw
from mapping.services.errors import invalid
from mapping.services.submit import submit
from mapping.visitor import admit, known_participant, remember, visitor_of_sender

_DEFAULT_LIMIT, _MOST = 100, 1000


@dataclass(frozen=True)
class _Asked:
    """The query of the list; `scope` binds the cursor of the next page to it."""

    selection: Selection
    limit: int
    after: Position | None
    scope: str
    ordering: Ordering | None
    near: tuple[float, float] | None
    is_in_words: bool


class ContributionsView(ApiView):
    """The contributions of a campaign."""

    @extend_schema(
        operation_id="list_contributions",
        tags=["contributions"],
        summary="Published contributions: newest first, in another order, or with `source=city` in that of the city",
        parameters=[
            *FILTERS,
            openapi.ORDERING,
            openapi.NEAR,
            openapi.IN_WORDS,
            openapi.LIMIT,
            openapi.CURSOR,
        ],
        responses={
            (200, GEOJSON): OpenApiResponse(
                openapi.COLLECTION, description="One page; the link `next` leads on."
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A FeatureCollection (RFC 7946). Campaigns that publish cells return 403 `publishes_cells`.

        Of these an analyst's browser gets pages of more than 100 only shortly after a log-in or a proof, else 403
        `page_needs_proof`; access tokens are a proof by themselves.
        """
        asked = _read_list_parameters(request, campaign_for(request, slug))
        page = read_page(
            asked.selection,
            asked.limit,
            photo_base(request),
            after=asked.after,
            ordering=asked.ordering,
            near=asked.near,
        )
        features = page.features
        if asked.is_in_words:
            features = in_words(features, page.ids, asked.selection.campaign)
        links = [{"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()}]
        if page.end is not None:
            cursor = write_cursor(page.end, asked.scope)
            links.append({"rel": "next", "type": GEOJSON, "href": _next_page(request, cursor)})
        return text_response(request, collection_text(features, page.matched, links))

    @extend_schema(
        operation_id="send_contribution",
        tags=["contributions"],
        summary="Send a contribution",
        request={
            "application/geo+json": openapi.NEW_CONTRIBUTION,
            "application/json": openapi.NEW_CONTRIBUTION,
        },
        responses={
            (201, GEOJSON): OpenApiResponse(
                openapi.OWN_FEATURE, description="Stored; with the private link."
            ),
            (200, GEOJSON): OpenApiResponse(openapi.OWN_FEATURE, description="This id was stored before."),
            **openapi.problems(400, 403, 404, 409, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        """One GeoJSON Feature. A repetition with the same `id` is stored once and gets the same response."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        submission = submission_of(request.data)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, CONTRIBUTE, campaign)
        visitor = visitor_of_sender(plain, campaign)
        submitted = submit(
            _complete(campaign), submission, visitor.secret, at=timezone.now(), sender=visitor.sender
        )
        contribution = submitted.contribution
        status = 201 if submitted.created else 200
        if not submitted.is_author:
            return text_response(request, _for_stranger(request, contribution), status=status)
        stored = read_feature(Contribution.objects.filter(pk=contribution.pk), photo_base(request))
        if stored is None:
            raise Http404
        self.is_public_data = False
        response = text_response(
            request, author_feature(request, stored, contribution.pk).encode(), status=status
        )
        response["Location"] = absolute(request, "api:contribution", campaign.slug, contribution.pk)
        remember(response, visitor)
        return response


class MineView(ApiView):
    """The requesting person's own contributions."""

    is_public_data = False

    @extend_schema(
        operation_id="list_own_contributions",
        tags=["contributions"],
        summary="One's own contributions, whatever their status",
        responses={
            (200, GEOJSON): OpenApiResponse(
                openapi.COLLECTION, description="Features with `own` and `edit_url`."
            ),
            **openapi.problems(400, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Identified by the cookie that the response to a contribution sets; empty for everyone else."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        participant = known_participant(request._request, campaign)  # noqa: SLF001 - DRF's way to the plain request
        features: list[str] = []
        if participant is not None:
            mine = Contribution.objects.by(participant).newest_first()
            found = read_features(mine[:_MOST], photo_base(request))
            features = [author_feature(request, text, pk) for pk, text in found]
        links = [{"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()}]
        return text_response(request, collection_text(features, len(features), links))


class ContributionView(ApiView):
    """One contribution."""

    @extend_schema(
        operation_id="read_contribution",
        tags=["contributions"],
        summary="One contribution",
        parameters=[openapi.EDIT_TOKEN],
        responses={
            (200, GEOJSON): OpenApiResponse(
                ContributionSerializer, description="The author gets `edit_url` as well."
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """Published contributions for everyone; one's own in any status; for analysts also those pending review."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        own = own_contribution(request, campaign, pk)
        everything = Contribution.objects.all()
        if own is not None:
            text = read_feature(everything.filter(pk=pk), photo_base(request))
            if text is not None:
                self.is_public_data = False
                return text_response(request, author_feature(request, text, pk).encode())
        asked = STATUSES if rules.may_analyse(user_of(request), campaign) else None
        statuses = readable_statuses(request, campaign, asked, "contribution")
        selection = Selection(campaign, ContributionFilter(statuses))
        text = read_feature(selection.contributions().filter(pk=pk), photo_base(request))
        if text is None:
            raise Http404
        return text_response(request, text.encode())

    @extend_schema(
        operation_id="withdraw_contribution",
        tags=["contributions"],
        summary="Take one's own contribution back",
        parameters=[openapi.EDIT_TOKEN],
        responses={
            204: OpenApiResponse(description="Withdrawn: its content is deleted."),
            **openapi.problems(403, 404),
        },
    )
    def delete(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """The author, by cookie or private link, may do so at any time."""
        campaign = campaign_for(request, slug)
        withdraw(required_own_contribution(request, campaign, pk))
        return Response(status=204)


def _read_list_parameters(request: Request, campaign: Campaign) -> _Asked:
    names = ("limit", "cursor", "ordering", "near", "in_words")
    parameters = Parameters(request.query_params, known_names(request.query_params, *names))
    limit = parameters.whole_number("limit", _DEFAULT_LIMIT, 1, _MOST)
    selection = read_selection(request, campaign, parameters, "contributions")
    require_fresh_for_page(request, campaign, selection.filter.statuses, limit)
    ordering = parameters.read("ordering", _ordering)
    near = parameters.read("near", parse_position)
    is_in_words = parameters.choice("in_words", ("false", "true"), "false") == "true"
    scope = f"{campaign.pk}:{selection.filter!r}" + ("" if ordering is None else f":{ordering.value}")
    cursor = parameters.text("cursor")
    parameters.done()
    if ordering == Ordering.NEAREST:
        if near is None:
            raise invalid("near", "required")
        scope += f":{near}"
    after = read_cursor(cursor, scope) if cursor else None
    return _Asked(selection, limit, after, scope, ordering, near, is_in_words)


def _ordering(name: str) -> Ordering:
    """The ordering of a name; raises QueryProblem "unknown_choice"."""
    if name not in Ordering.values:
        raise QueryProblem("unknown_choice", choices=", ".join(Ordering.values))
    return Ordering(name)


def read_selection(request: Request, campaign: Campaign, parameters: Parameters, view: str) -> Selection:
    """Parse the filters that list and download share; raises if the requesting person may not see the result."""
    asked = parameters.choices("status", STATUSES)
    wanted = ContributionFilter.read(parameters, Choices(campaign))
    # Errors in the query are reported only to those with permission.
    statuses = readable_statuses(request, campaign, asked, view)
    parameters.done()
    selection = Selection(campaign, wanted.with_statuses(statuses))
    # Unknown questions and answers are reported here.
    selection.contributions()
    return selection


def _next_page(request: Request, cursor: str) -> str:
    query = [
        (name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"
    ]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")


def _complete(campaign: Campaign) -> Campaign:
    """The campaign with its area, for the validation of a submission."""
    return Campaign.objects.get(pk=campaign.pk)


def _for_stranger(request: Request, contribution: Contribution) -> bytes:
    """The response to a repetition by somebody not (or no longer) identified as the author: public data only."""
    public = Contribution.objects.published().filter(pk=contribution.pk)
    text = read_feature(public, photo_base(request))
    if text is not None:
        return text.encode()
    shell: dict[str, object] = {
        "type": "Feature",
        "id": str(contribution.pk),
        "geometry": None,
        "properties": {},
    }
    return json.dumps(shell).encode()
