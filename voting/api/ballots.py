"""One's own ballot: read, stored in place of the one before, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.networks import network_of
from doors.visitors import VOTE
from mapping.api import openapi
from mapping.api.submissions import uuid_of
from mapping.http.parameters.reading import Parameters
from mapping.http.parsers import StrictJSONParser
from mapping.http.views import ApiView, json_response
from mapping.services.checking.content import Collected
from mapping.visitor import admit, remember, visitor_of
from voting.api import described
from voting.api.lookup import vote_for, voter_of
from voting.models import Ballot
from voting.services.casting import ballot_of, cast, cast_in_browser, choices_on, withdraw_ballot
from voting.services.checking import CHOICES
from voting.services.codes import read_code

_MEMBERS: Final = ("choices", "code")
_LONGEST_NAME: Final = 40
_MOST_CHOICES: Final = 1000


class BallotView(ApiView):
    """The ballot of the person of the cookie, or of a voting code; nobody else can read it."""

    parser_classes = (StrictJSONParser,)
    is_public_data = False

    @extend_schema(
        operation_id="read_ballot",
        tags=["votes"],
        summary="One's own ballot",
        parameters=[described.CODE],
        responses={200: OpenApiResponse(described.BALLOT), **openapi.problems(400, 403, 404, 429)},
    )
    def get(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """Without a ballot `cast` is false. Once a vote was counted, nobody can be linked to a ballot any more."""
        Parameters(request.query_params, ()).done()
        vote = vote_for(request, slug, category)
        return _ballot(request, ballot_of(vote, voter_of(request, vote)))

    @extend_schema(
        operation_id="cast_ballot",
        tags=["votes"],
        summary="Vote, or change one's ballot",
        request={"application/json": described.NEW_BALLOT},
        responses={
            200: OpenApiResponse(described.BALLOT, description="Stored; the last ballot counts."),
            **openapi.problems(400, 403, 404, 411, 413, 415, 429, 507),
        },
    )
    def put(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """Replaces the ballot that was cast before. A ballot without choices counts as an abstention."""
        Parameters(request.query_params, ()).done()
        vote = vote_for(request, slug, category)
        choices, code = _sent(request.data, needs_code=vote.needs_code)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, VOTE, vote.campaign)
        if vote.needs_code:
            return _ballot(request, cast(vote, read_code(vote.campaign, code, network_of(plain)), choices))
        visitor = visitor_of(plain, vote.campaign)
        response = _ballot(request, cast_in_browser(vote, visitor.secret, choices))
        remember(response, visitor)
        return response

    @extend_schema(
        operation_id="withdraw_ballot",
        tags=["votes"],
        summary="Withdraw one's ballot",
        parameters=[described.CODE],
        responses={
            200: OpenApiResponse(described.BALLOT, description="There is no ballot any more."),
            **openapi.problems(400, 403, 404, 429),
        },
    )
    def delete(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """Deletes it, until the end of voting; does nothing without a ballot."""
        Parameters(request.query_params, ()).done()
        vote = vote_for(request, slug, category)
        withdraw_ballot(vote, voter_of(request, vote))
        return _ballot(request, None)


def _ballot(request: Request, ballot: Ballot | None) -> HttpResponseBase:
    changed_at = None if ballot is None else ballot.changed_at
    body = {
        "cast": ballot is not None,
        "choices": {str(pk): value for pk, value in choices_on(ballot).items()},
        "changed": None if changed_at is None else changed_at.isoformat(),
    }
    return json_response(request, body)


def _sent(body: object, *, needs_code: bool) -> tuple[dict[UUID, int], str]:
    """The choices and the code of a body; the service checks what they may be. Raises Invalid with every problem."""
    problems = Collected()
    if not isinstance(body, dict):
        problems.add("body", "wrong_type")
        body = {}
    for name in body:
        if name not in _MEMBERS:
            # The name is the client's own text; only its beginning is repeated.
            problems.add(str(name)[:_LONGEST_NAME], "unknown_member", known=", ".join(_MEMBERS))
    code = body.get("code")
    if code is not None and not isinstance(code, str):
        problems.add("code", "not_a_text")
    elif code is not None and not needs_code:
        problems.add("code", "code_not_needed")
    elif not code and needs_code:
        problems.add("code", "code_required")
    choices = body.get(CHOICES)
    found: dict[UUID, int] = {}
    if isinstance(choices, dict):
        found = _choices(choices, problems)
    elif not problems.fields or choices is not None:
        problems.add(CHOICES, "choices_missing" if choices is None else "not_choices")
    problems.raise_if_any()
    return found, str(code or "")


def _choices(choices: Mapping[object, object], problems: Collected) -> dict[UUID, int]:
    """Values by id; adds a problem for each id that is none, and each value that is no whole number."""
    found: dict[UUID, int] = {}
    if len(choices) > _MOST_CHOICES:
        problems.add(CHOICES, "too_many_chosen", most=_MOST_CHOICES, given=len(choices))
        return found
    for name, value in choices.items():
        where = f"{CHOICES}.{str(name)[:_LONGEST_NAME]}"
        pk = uuid_of(name)
        if pk is None:
            problems.add(where, "option_unknown")
        # bool is a subclass of int, but `true` is no number in JSON.
        elif isinstance(value, bool) or not isinstance(value, int):
            problems.add(where, "not_whole")
        elif pk in found:
            problems.add(where, "option_twice")
        else:
            found[pk] = value
    return found
