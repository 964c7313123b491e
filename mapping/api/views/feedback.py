"""Reactions to public contributions: comments and support; also the author's photos."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.visitors import COMMENT, FLAG, PHOTO, SUPPORT
from mapping.api import openapi
from mapping.api.serializers import (
    CommentSerializer,
    CommentsSerializer,
    CommentSupportSerializer,
    FlagSerializer,
    NewCommentSerializer,
    OpinionSerializer,
    PhotoSerializer,
    SupportSerializer,
)
from mapping.http.access import campaign_for, public_contribution, required_own_contribution
from mapping.http.parameters.reading import Parameters
from mapping.http.parsers import PhotoParser
from mapping.http.views import ApiView, json_response, photo_base
from mapping.models import Comment, Contribution, Support
from mapping.services import feedback
from mapping.services.errors import invalid
from mapping.services.moderation import flags
from mapping.services.submit import add_photo
from mapping.visitor import admit, known_participant, remember, visitor_of

_MOST_COMMENTS = 1000
_FLAGGED: dict[Any, OpenApiResponse] = {
    204: OpenApiResponse(description="A moderator will look at it."),
    **openapi.problems(400, 403, 404, 411, 413, 415, 429),
}


class CommentsView(ApiView):
    """The comments on a contribution."""

    @extend_schema(
        operation_id="list_comments",
        tags=["feedback"],
        summary="Published comments, oldest first",
        responses={200: CommentsSerializer, **openapi.problems(400, 403, 404)},
    )
    def get(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """At most the first thousand."""
        Parameters(request.query_params, ()).done()
        contribution = public_contribution(campaign_for(request, slug), pk)
        found = (
            Comment.objects.all()
            .published()
            .filter(contribution=contribution)
            .select_related("parent")
            .order_by("created_at", "pk")
        )
        comments = CommentSerializer(found[:_MOST_COMMENTS], many=True).data
        return json_response(request, {"comments": comments, "numberReturned": len(comments)})

    @extend_schema(
        operation_id="send_comment",
        tags=["feedback"],
        summary="Comment on a contribution",
        request=NewCommentSerializer,
        responses={
            201: OpenApiResponse(
                CommentSerializer, description="Stored; `status` says whether it is public yet."
            ),
            **openapi.problems(400, 403, 404, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """A repetition of the same text at the same place is the same comment."""
        contribution = public_contribution(campaign_for(request, slug), pk)
        text = _member(request, "text")
        if not isinstance(text, str):
            raise invalid("text", "required" if text is None else "not_a_text")
        parent = _parent(_member(request, "parent"))
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, COMMENT, contribution.campaign)
        visitor = visitor_of(plain, contribution.campaign)
        made = feedback.comment(contribution, text, visitor.secret, at=timezone.now(), parent=parent)
        response = json_response(request, CommentSerializer(made).data, status=201)
        remember(response, visitor)
        return response


class CommentSupportView(ApiView):
    """Support for a comment."""

    is_public_data = False

    @extend_schema(
        operation_id="add_comment_support",
        tags=["feedback"],
        summary="Support a comment",
        request=None,
        responses={200: CommentSupportSerializer, **openapi.problems(403, 404, 429)},
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponseBase:
        """Once per person; the body is ignored."""
        found = _public_comment(request, slug, pk, comment)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, SUPPORT, found.contribution.campaign)
        visitor = visitor_of(plain, found.contribution.campaign)
        stored = feedback.support_comment(found, visitor.secret, at=timezone.now())
        response = json_response(request, CommentSupportSerializer(stored).data)
        remember(response, visitor)
        return response

    @extend_schema(
        operation_id="delete_comment_support",
        tags=["feedback"],
        summary="Take support for a comment back",
        responses={200: CommentSupportSerializer, **openapi.problems(403, 404)},
    )
    def delete(self, request: Request, slug: str, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponseBase:
        """Does nothing without support."""
        found = _public_comment(request, slug, pk, comment)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        visitor = visitor_of(plain, found.contribution.campaign)
        stored = feedback.take_back_comment_support(found, visitor.secret, at=timezone.now())
        return json_response(request, CommentSupportSerializer(stored).data)


class FlagView(ApiView):
    """Reports of a contribution to the moderators."""

    is_public_data = False

    @extend_schema(
        operation_id="report_contribution",
        tags=["feedback"],
        summary="Report a contribution to the moderators",
        request=FlagSerializer,
        responses=_FLAGGED,
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """Nothing is hidden by itself, and who reports is not stored."""
        return _flag(request, public_contribution(campaign_for(request, slug), pk))


class CommentFlagView(ApiView):
    """Reports of a comment to the moderators."""

    is_public_data = False

    @extend_schema(
        operation_id="report_comment",
        tags=["feedback"],
        summary="Report a comment to the moderators",
        request=FlagSerializer,
        responses=_FLAGGED,
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponseBase:
        """As of contributions."""
        return _flag(request, _public_comment(request, slug, pk, comment))


class SupportView(ApiView):
    """Support for a contribution, or opposition to it."""

    is_public_data = False

    @extend_schema(
        operation_id="read_support",
        tags=["feedback"],
        summary="How many are for and against, and what I said",
        responses={200: SupportSerializer, **openapi.problems(400, 403, 404)},
    )
    def get(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """The requesting person is identified by the cookie."""
        Parameters(request.query_params, ()).done()
        contribution = public_contribution(campaign_for(request, slug), pk)
        participant = known_participant(request._request, contribution.campaign)  # noqa: SLF001 - plain request
        said = None
        if participant is not None:
            said = Support.objects.filter(contribution=contribution, participant=participant).first()
        own = 0 if said is None else said.value
        return _support(
            request, feedback.SupportState(contribution.support_count, contribution.opposition_count, own)
        )

    @extend_schema(
        operation_id="set_support",
        tags=["feedback"],
        summary="Support or oppose",
        request=OpinionSerializer,
        responses={200: SupportSerializer, **openapi.problems(400, 403, 404, 411, 413, 415, 429)},
    )
    def put(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """Replaces the person's former opinion."""
        contribution = public_contribution(campaign_for(request, slug), pk)
        return _say(request, contribution, _opinion(_member(request, "value")))

    @extend_schema(
        operation_id="add_support",
        tags=["feedback"],
        summary="Support",
        request=None,
        responses={200: SupportSerializer, **openapi.problems(403, 404, 429)},
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """The same as PUT with the value 1; the body is ignored."""
        return _say(request, public_contribution(campaign_for(request, slug), pk), feedback.FOR)

    @extend_schema(
        operation_id="delete_support",
        tags=["feedback"],
        summary="Take support or opposition back",
        responses={200: SupportSerializer, **openapi.problems(403, 404)},
    )
    def delete(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """Does nothing without an opinion."""
        return _say(request, public_contribution(campaign_for(request, slug), pk), feedback.NEITHER)


class PhotosView(ApiView):
    """The photos of a contribution."""

    parser_classes = (PhotoParser,)
    is_public_data = False

    @extend_schema(
        operation_id="add_photo",
        tags=["contributions"],
        summary="Add a photo to one's own contribution",
        parameters=[openapi.EDIT_TOKEN],
        request={f"image/{kind}": {"type": "string", "format": "binary"} for kind in ("jpeg", "png", "webp")},
        responses={
            201: OpenApiResponse(PhotoSerializer, description="Stored anew encoded, without any metadata."),
            **openapi.problems(400, 403, 404, 409, 411, 413, 415, 429, 507),
        },
    )
    def post(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """The body is the picture; at most three, 10 MB and 25 megapixels each."""
        contribution = required_own_contribution(request, campaign_for(request, slug), pk)
        admit(request._request, PHOTO)  # noqa: SLF001 - DRF's way to the plain request
        data: object = request.data
        photo = add_photo(contribution, data if isinstance(data, bytes) else b"", at=timezone.now())
        return json_response(request, {"url": f"{photo_base(request)}{photo.pk}.jpg"}, status=201)


def _member(request: Request, name: str) -> object:
    body: object = request.data
    if not isinstance(body, dict):
        raise invalid("body", "wrong_type")
    return body.get(name)


def _parent(value: object) -> uuid.UUID | None:
    if value is None:
        return None
    try:
        return uuid.UUID(value) if isinstance(value, str) else uuid.UUID(int=-1)
    except ValueError as error:
        raise invalid("parent", "no_such_comment") from error


def _public_comment(request: Request, slug: str, pk: uuid.UUID, comment: uuid.UUID) -> Comment:
    """A published comment on a contribution that everyone may see."""
    contribution = public_contribution(campaign_for(request, slug), pk)
    found = Comment.objects.published().filter(contribution=contribution, public_id=comment).first()
    if found is None:
        raise Http404
    found.contribution = contribution
    return found


def _flag(request: Request, item: Contribution | Comment) -> HttpResponseBase:
    reason, text = _member(request, "reason"), _member(request, "text")
    if not isinstance(reason, str):
        raise invalid("reason", "unknown_flag_reason")
    if text is not None and not isinstance(text, str):
        raise invalid("text", "not_a_text")
    admit(request._request, FLAG)  # noqa: SLF001 - DRF's way to the plain request
    flags.flag(item, reason, text or "", at=timezone.now())
    return Response(status=204)


def _opinion(value: object) -> int:
    if type(value) is not int or value not in (feedback.FOR, feedback.AGAINST):
        raise invalid("value", "not_an_opinion")
    return value


def _say(request: Request, contribution: Contribution, value: int) -> HttpResponseBase:
    plain = request._request  # noqa: SLF001 - DRF's way to the plain request
    if value != feedback.NEITHER:  # withdrawing is always possible
        admit(plain, SUPPORT, contribution.campaign)
    visitor = visitor_of(plain, contribution.campaign)
    state = feedback.set_support(contribution, value, visitor.secret, at=timezone.now())
    response = _support(request, state)
    if value != feedback.NEITHER:
        remember(response, visitor)
    return response


def _support(request: Request, state: feedback.SupportState) -> HttpResponseBase:
    body = {"support": state.support, "opposition": state.opposition, "own": state.own}
    return json_response(request, body)
