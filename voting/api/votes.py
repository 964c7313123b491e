"""The votes of a campaign with their options."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.api.languages import LANGUAGE, NAME, read_in
from mapping.http.messages import sentence
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute, json_response, tagged
from mapping.models import Campaign, Category
from voting.api import described
from voting.api.lookup import votes_of
from voting.models import Rule, Vote
from voting.rules import may_vote
from voting.services.ballot_papers import PaperOption, paper_of
from voting.services.casting import voting_ends_at, why_no_voting


class VotesView(ApiView):
    """The votes of a campaign."""

    @extend_schema(
        operation_id="list_votes",
        tags=["votes"],
        summary="What can be voted on, and how",
        parameters=[LANGUAGE],
        responses={200: OpenApiResponse(described.VOTES), **openapi.problems(400, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """In the order of the categories; never how anybody voted."""
        campaign, votes = votes_of(request, slug)
        reading = read_in(Parameters(request.query_params, (NAME,)), campaign)
        at = timezone.now()
        found = [_vote_body(request, reading.of(vote.category), vote, at) for vote in votes]
        response = json_response(request, {"votes": found, "numberReturned": len(found)})
        response.headers["Content-Language"] = reading.language.tag
        return tagged(request, response)


def _vote_body(request: Request, category: Category, vote: Vote, at: datetime) -> dict[str, Any]:
    campaign: Campaign = vote.campaign
    is_open = may_vote(campaign, at)
    ends_at = voting_ends_at(campaign, at) if is_open else None
    where = (campaign.slug, category.slug)
    return {
        "category": category.slug,
        "title": category.title,
        "description": category.description,
        "explanation": vote.explanation,
        "rule": vote.rule,
        "limits": {
            "choices": 1 if vote.rule == Rule.ONE_OF else vote.most_choices,
            "points": vote.points,
            "points_per_option": vote.most_points,
            "budget": vote.budget,
        },
        "method": vote.method if Rule(vote.rule).has_costs else None,
        "needs_code": vote.needs_code,
        "results": vote.results,
        "is_open": is_open,
        "closed": None if is_open else _closed(campaign, at),
        "ends": None if ends_at is None else ends_at.isoformat(),
        "options": [_option_body(request, campaign, one) for one in paper_of(vote)],
        "links": {
            "page": absolute(request, "vote", *where),
            "ballot": absolute(request, "voting-api:ballot", *where),
            "results": absolute(request, "voting-api:results", *where),
        },
    }


def _closed(campaign: Campaign, at: datetime) -> dict[str, str]:
    why = why_no_voting(campaign, at)
    return {"code": why.code, "detail": sentence(why.code, why.params)}


def _option_body(request: Request, campaign: Campaign, shown: PaperOption) -> dict[str, Any]:
    option, contribution = shown.option, shown.contribution
    merged = option.merged_into
    return {
        "id": str(shown.id),
        "title": contribution.title,
        "text": contribution.text,
        "cost": option.cost,
        "place": None if contribution.geom is None else json.loads(contribution.geom.json),
        "district": None
        if shown.district is None
        else {"code": shown.district.code, "name": shown.district.name},
        "picture": None if shown.photo is None else absolute(request, "photo", shown.photo.pk),
        "url": absolute(request, "contribution", campaign.slug, shown.id),
        "withdrawn": not shown.is_standing,
        "merged_into": None if merged is None else str(merged.contribution_id),
        "changes": [
            {
                "kind": change.kind,
                "at": change.changed_at.isoformat(),
                "before": change.before,
                "after": change.after,
                "reason": change.reason,
            }
            for change in shown.changes
        ],
    }
