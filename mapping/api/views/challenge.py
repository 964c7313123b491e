"""Challenges: proofs of work that are required under heavy load."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.proofs import LARGEST, new_challenge
from mapping.api import openapi, shapes
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response

_CHALLENGE: Final = shapes.members(
    algorithm={"type": "string", "enum": ["SHA-256"]},
    salt=shapes.TEXT,
    challenge={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    maxnumber={"type": "integer", "enum": [LARGEST]},
    signature=shapes.TEXT,
    expires={"type": "string", "format": "date-time"},
)


class ChallengeView(ApiView):
    """A proof of work for one request."""

    is_public_data = False

    @extend_schema(
        operation_id="read_challenge",
        tags=["entry"],
        summary="A calculation that lets one more request pass",
        responses={
            (200, "application/json"): OpenApiResponse(
                _CHALLENGE,
                description=(
                    "Find the `number` from 0 to `maxnumber` for which the SHA-256 of `salt` and number (in decimal)"
                    " is `challenge`, and send what was refused with `proof_needed` again with the header `Proof`: the"
                    " Base64 of a JSON object with `algorithm`, `salt`, `challenge`, `signature` and `number`. Each"
                    " proof counts once. Libraries for ALTCHA do this."
                ),
            ),
            **openapi.problems(400),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Required only while one network sends, or one campaign receives, very many requests."""
        Parameters(request.query_params, ()).done()
        made = new_challenge(timezone.now())
        return json_response(
            request,
            {
                "algorithm": "SHA-256",
                "salt": made.salt,
                "challenge": made.challenge,
                "maxnumber": made.largest,
                "signature": made.signature,
                "expires": made.expires_at.isoformat(timespec="seconds"),
            },
        )
