"""Surveys: the questions to everybody, responses to and from their authors."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.visitors import CONTRIBUTE
from mapping import rules
from mapping.api import openapi
from mapping.api.languages import LANGUAGE, NAME, read_in
from mapping.api.surveys import (
    NewResponseSerializer,
    OwnResponseSerializer,
    SurveySerializer,
    response_json,
    sheet_of,
    survey_json,
)
from mapping.http.access import campaign_for, required_own_response, survey_for
from mapping.http.parameters.reading import Parameters
from mapping.http.parsers import StrictJSONParser
from mapping.http.views import ApiView, absolute, json_response
from mapping.models import Withdrawal
from mapping.services.errors import Missing
from mapping.services.surveys.responses import change, questions_of, respond, withdraw_response
from mapping.visitor import admit, remember, visitor_of


class SurveyView(ApiView):
    """The survey of a campaign."""

    @extend_schema(
        operation_id="read_survey",
        tags=["surveys"],
        summary="The questions of a campaign's survey",
        parameters=[LANGUAGE],
        responses={200: SurveySerializer, **openapi.problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """In the order in which they are asked. Campaigns without a survey return 404 `no_survey`."""
        campaign = campaign_for(request, slug)
        reading = read_in(Parameters(request.query_params, (NAME,)), campaign)
        questions = questions_of(campaign)
        if not questions:
            raise Missing("no_survey")
        at = timezone.now()
        is_open = rules.may_answer(campaign, at)
        response = json_response(request, survey_json(request, reading, questions, at, is_open=is_open))
        response.headers["Content-Language"] = reading.language.tag
        return response


class ResponsesView(ApiView):
    """The responses to a survey."""

    parser_classes = (StrictJSONParser,)
    is_public_data = False

    @extend_schema(
        operation_id="send_response",
        tags=["surveys"],
        summary="Answer a survey",
        request={"application/json": NewResponseSerializer},
        responses={
            201: OpenApiResponse(OwnResponseSerializer, description="Stored; with the private link."),
            200: OpenApiResponse(OwnResponseSerializer, description="The same request was stored before."),
            **openapi.problems(400, 403, 404, 409, 411, 413, 415, 429, 507),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        """A person answers a survey once: `already_answered` (409) names their response in the member `id`.

        A repetition with the same `id` is stored once. Answers to questions that their condition hides are left out;
        those to questions that are not (or no longer) asked are refused as `unknown_question`.
        """
        Parameters(request.query_params, ()).done()
        campaign = survey_for(request, slug)
        sheet = sheet_of(request.data)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, CONTRIBUTE, campaign)
        visitor = visitor_of(plain, campaign)
        responded = respond(campaign, sheet, visitor.secret, at=timezone.now())
        stored = responded.response
        body = response_json(request, stored)
        response = json_response(request, body, status=201 if responded.created else 200)
        response["Location"] = absolute(request, "api:response", campaign.slug, stored.pk)
        remember(response, visitor)
        return response


class ResponseView(ApiView):
    """One response, for its author: identified by the cookie or the private link."""

    parser_classes = (StrictJSONParser,)
    is_public_data = False

    @extend_schema(
        operation_id="read_response",
        tags=["surveys"],
        summary="One's own response",
        parameters=[openapi.EDIT_TOKEN],
        responses={200: OwnResponseSerializer, **openapi.problems(400, 404, 429)},
    )
    def get(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """For everybody but its author there is nothing here."""
        Parameters(request.query_params, ()).done()
        own = required_own_response(request, campaign_for(request, slug), pk)
        return json_response(request, response_json(request, own))

    @extend_schema(
        operation_id="change_response",
        tags=["surveys"],
        summary="Change one's own response",
        parameters=[openapi.EDIT_TOKEN],
        request={"application/json": NewResponseSerializer},
        responses={
            200: OwnResponseSerializer,
            **openapi.problems(400, 403, 404, 409, 411, 413, 415, 429, 507),
        },
    )
    def put(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """Replaces all answers, while the survey is open. A response that was complete stays complete."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        own = required_own_response(request, campaign, pk)
        sheet = sheet_of(request.data, stored_id=pk)
        admit(request._request, CONTRIBUTE, campaign)  # noqa: SLF001 - DRF's way to the plain request
        changed = change(own, sheet, at=timezone.now())
        return json_response(request, response_json(request, changed))

    @extend_schema(
        operation_id="withdraw_response",
        tags=["surveys"],
        summary="Take one's own response back",
        parameters=[openapi.EDIT_TOKEN],
        responses={
            204: OpenApiResponse(description="Withdrawn: its answers are deleted and counted no more."),
            **openapi.problems(403, 404, 429),
        },
    )
    def delete(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """The author may do so at any time, also after the end. A repetition has the same answer."""
        campaign = campaign_for(request, slug)
        try:
            own = required_own_response(request, campaign, pk)
        except Http404:
            if not Withdrawal.objects.of(pk).filter(campaign=campaign).exists():
                raise
        else:
            withdraw_response(own)
        return Response(status=204)
