"""Contributions that resemble what somebody is writing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.visitors import SEARCH
from mapping import rules
from mapping.api import openapi
from mapping.api.shapes import INTEGER, TEXT, Shape, listed, members
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response
from mapping.models import Contribution
from mapping.search.similar import MOST_SIMILAR, similar
from mapping.services.checking.content import MAX_TEXT
from mapping.services.errors import NotAllowed, invalid
from mapping.visitor import admit

_EXCERPT: Final = 160
_SIMILAR: Final[Shape] = members(
    id=TEXT | {"format": "uuid"},
    title=TEXT | {"description": "Of places of the city; may be empty."},
    excerpt=TEXT,
    url=TEXT | {"format": "uri"},
    support=INTEGER,
    may_support={"type": "boolean"},
)
_SHAPE: Final[Shape] = members(similar=listed(_SIMILAR))


class SimilarView(ApiView):
    """Public contributions that resemble a text."""

    is_public_data = False

    @extend_schema(
        operation_id="find_similar",
        tags=["contributions"],
        summary="Public contributions that resemble a text",
        request={
            "application/json": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": {"type": "string", "maxLength": MAX_TEXT}},
            }
        },
        responses={
            200: OpenApiResponse(_SHAPE, description=f"At most {MOST_SIMILAR}, the most similar first."),
            **openapi.problems(400, 403, 404, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        """The text is in the body, so that no log of addresses has it; nothing of it is stored."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        if not rules.may_see_public_contributions(campaign):
            raise NotAllowed("publishes_cells")
        body: object = request.data
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(text, str):
            raise invalid("text", "required" if text is None else "not_a_text")
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        found = similar(campaign, text.replace("\0", " ")[:MAX_TEXT])
        at = timezone.now()
        return json_response(request, {"similar": [_shown(request, one, at) for one in found]})


def _shown(request: Request, contribution: Contribution, at: datetime) -> dict[str, Any]:
    path = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
    text = contribution.text
    return {
        "id": str(contribution.pk),
        "title": contribution.title,
        "excerpt": text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 2].rstrip()} …",
        "url": request.build_absolute_uri(path),
        "support": contribution.support_count,
        "may_support": rules.may_support(contribution, at),
    }
