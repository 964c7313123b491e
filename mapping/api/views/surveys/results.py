"""The counted answers to a survey."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping import rules
from mapping.api import openapi, shapes
from mapping.http.access import campaign_for, user_of
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response, tagged
from mapping.services.errors import Missing
from mapping.services.record import record_look
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import exact_results, public_results

_NUMBER: Final = shapes.maybe(shapes.INTEGER)
_COUNTS: Final = {
    "type": "object",
    "nullable": True,
    "description": "People by value of the choice; null where the number is not shown.",
    "additionalProperties": _NUMBER,
}
_SUPPRESSED: Final = {"type": "boolean", "description": "Whether a number is not shown."}
_PEOPLE: Final = shapes.integer(
    "People who answered. Where numbers are not shown: at least so many, rounded down to a multiple of `k`."
)
_QUESTION: Final = shapes.members(
    slug=shapes.TEXT,
    title=shapes.TEXT,
    kind=shapes.TEXT,
    responses=_PEOPLE,
    counts=_COUNTS | {"description": f"{_COUNTS['description']} Of rankings first places are counted."},
    mean=shapes.maybe(
        shapes.number("Of scales, for analysts of numbers too; null where a number is not shown.")
    ),
    histogram=shapes.maybe(
        shapes.listed(
            shapes.members(
                **{"from": shapes.maybe(shapes.number("Of a class of numbers: the lower edge, included."))},
                to=shapes.maybe(shapes.number("The upper edge, included in the last class only.")),
                value=shapes.TEXT | {"description": "Of steps, months (2026-05) and hours (08)."},
                responses=_NUMBER,
            )
        )
    ),
    rows=shapes.maybe(
        shapes.listed(
            shapes.members(
                value=shapes.TEXT,
                title=shapes.TEXT,
                responses=_PEOPLE,
                counts=_COUNTS,
                suppressed=_SUPPRESSED,
            ),
            "The statements of a matrix.",
        )
    ),
    suppressed=_SUPPRESSED,
)


class SurveyResultsView(ApiView):
    """The results of a campaign's survey."""

    @extend_schema(
        operation_id="read_survey_results",
        tags=["surveys"],
        summary="How many people gave which answer",
        parameters=[
            OpenApiParameter(
                "release",
                str,
                OpenApiParameter.QUERY,
                enum=("current",),
                description="For analysts: `current` answers what the public sees.",
            )
        ],
        responses={
            200: OpenApiResponse(
                shapes.members(
                    responses=shapes.integer(
                        "People who answered the survey; for the public at least so many."
                    ),
                    k=shapes.integer("Numbers of 1 to k - 1 people are never shown."),
                    made_at=shapes.maybe({"type": "string", "format": "date-time"}),
                    exact={"type": "boolean", "description": "True for analysts of the campaign."},
                    questions=shapes.listed(_QUESTION),
                    after_the_end=shapes.listed(shapes.TEXT, "Questions whose results follow after the end."),
                ),
                description="`made_at` is null for exact numbers, and before enough people have answered.",
            ),
            **openapi.problems(400, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Public numbers are made anew when enough people have answered; analysts read exact ones."""
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, ("release",))
        wants_release = bool(parameters.text("release"))
        parameters.choice("release", ("current",), "current")
        parameters.done()
        questions = questions_of(campaign)
        if not questions:
            raise Missing("no_survey")
        if not wants_release and rules.may_read_responses(user_of(request), campaign):
            record_look(user_of(request), campaign, "survey-results")
            return json_response(request, exact_results(campaign, questions).as_json())
        results = public_results(campaign, timezone.now(), questions).as_json()
        return tagged(request, json_response(request, results))
