"""The result of a vote in numbers: votes by option, and who wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.http.access import user_of
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response, tagged
from mapping.services.errors import NotAllowed, invalid
from voting.api import described
from voting.api.lookup import vote_for
from voting.models import Method, Vote
from voting.rules import may_see_results
from voting.services.results import OptionResult, Result, result_of

_RULE: Final = "rule"
_METHOD: Final = OpenApiParameter(
    _RULE,
    str,
    OpenApiParameter.QUERY,
    enum=Method.values,
    description="How the sum of money is spent, to compare both ways; without it, as the vote says.",
)


class ResultsView(ApiView):
    """The result of a vote."""

    @extend_schema(
        operation_id="read_results",
        tags=["votes"],
        summary="How many voted for what, and who wins",
        parameters=[_METHOD],
        responses={200: OpenApiResponse(described.RESULT), **openapi.problems(400, 403, 404)},
    )
    def get(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """Numbers only, never a person. While results are hidden the answer is `results_hidden` (403)."""
        vote = vote_for(request, slug, category)
        parameters = Parameters(request.query_params, (_RULE,))
        method = parameters.choice(_RULE, Method.values, vote.method)
        is_chosen = _RULE in parameters.names
        parameters.done()
        at = timezone.now()
        if not may_see_results(user_of(request), vote, at):
            raise NotAllowed("results_hidden")
        result = result_of(vote, at)
        if is_chosen and not result.spending:
            raise invalid(_RULE, "vote_without_sum")
        return tagged(request, json_response(request, _result_body(vote, result, method)))


def _result_body(vote: Vote, result: Result, method: str) -> dict[str, Any]:
    ids = {one.key: one.id for one in result.options}
    spending = result.spending.get(method)
    winners, ties = result.winners, result.ties
    people = result.people_with_a_win
    if spending is not None:
        winners, ties, people = spending.winners, spending.ties, spending.people_with_a_win
    titles = _titles(vote)
    return {
        "category": vote.category.slug,
        "rule": result.rule,
        "ballots": result.ballots,
        "online": result.online,
        "paper": result.paper,
        "set_aside": result.set_aside,
        "final": result.is_final,
        "counted": result.counted_at.isoformat(timespec="seconds"),
        "digest": result.digest or None,
        "options": [_option_body(one, titles, set(winners)) for one in result.options],
        "method": method if spending is not None else None,
        "budget": result.budget,
        "winners": _named(winners, ids),
        "spent": None if spending is None else spending.spent,
        "ties": [_named(tied, ids) for tied in ties],
        "people_with_a_win": people,
        "not_counted": [
            {
                "reason": one.reason,
                "ballots": one.ballots,
                "from": one.starts_at.isoformat(timespec="seconds"),
                "until": one.ends_at.isoformat(timespec="seconds"),
            }
            for one in result.set_asides
        ],
    }


def _option_body(one: OptionResult, titles: Mapping[str, str], winners: set[int]) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": titles.get(one.id, ""),
        "votes": one.votes,
        "against": one.against,
        "points": one.points,
        "place": one.place,
        "winner": one.key in winners,
        "withdrawn": one.is_withdrawn,
        "cost": one.cost,
    }


def _titles(vote: Vote) -> dict[str, str]:
    """The titles of public options by the id of their contribution."""
    rows = vote.options.all().shown_in(vote.campaign).values_list("contribution_id", "contribution__title")
    return {str(pk): title for pk, title in rows}


def _named(keys: Iterable[int], ids: Mapping[int, str]) -> Sequence[str]:
    return [ids[key] for key in keys if key in ids]
