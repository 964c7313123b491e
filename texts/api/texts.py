"""Texts of a campaign: their sections, versions and suggested wordings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.visitors import COMMENT
from mapping import rules
from mapping.api import openapi
from mapping.api.submissions import uuid_of
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute, json_response, tagged
from mapping.models import Campaign
from mapping.services.errors import NotAllowed, invalid
from mapping.visitor import admit, remember, visitor_of
from texts.api import described
from texts.models import Section, Suggestion, Text, TextVersion
from texts.reading.quotes import Quote
from texts.services.discussion import ShownSection, TextInVersion, first_versions, text_in_version
from texts.services.suggesting import draft_of_quote, reason_of, suggest

_MOST_VERSIONS: Final = 32767
_QUOTED: Final = ("prefix", "exact", "suffix", "replacement", "text")


class TextsView(ApiView):
    """The texts of a campaign."""

    @extend_schema(
        operation_id="list_texts",
        tags=["texts"],
        summary="Texts that can be discussed",
        responses=described.responses(described.TEXTS_BODY),
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """In the order of their categories."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        require_points(campaign)
        texts = []
        for text in Text.objects.of(campaign).public().select_related("category"):
            newest = text.versions.published().order_by("-number")[0]
            texts.append(
                {
                    "category": text.category.slug,
                    "title": text.category.title,
                    "version": newest.number,
                    "sections": newest.wordings.public().count(),
                    "url": absolute(request, "texts-api:text", campaign.slug, text.category.slug),
                }
            )
        return tagged(request, json_response(request, {"texts": texts}))


class TextView(ApiView):
    """One text."""

    @extend_schema(
        operation_id="read_text",
        tags=["texts"],
        summary="A text with its sections and suggestions",
        parameters=[described.VERSION],
        responses=described.responses(described.TEXT_BODY),
    )
    def get(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """The newest version, or the one that `version` names. Numbers of comments and support are those of now."""
        parameters = Parameters(request.query_params, ("version",))
        number = parameters.whole_number("version", 0, 1, _MOST_VERSIONS)
        parameters.done()
        shown = public_text(campaign_for(request, slug), category, number)
        return tagged(request, json_response(request, text_body(request, shown)))


class SuggestionsView(ApiView):
    """Suggested wordings for a text."""

    @extend_schema(
        operation_id="send_suggestion",
        tags=["texts"],
        summary="Suggest another wording",
        request={"application/json": described.NEW_SUGGESTION},
        responses={
            201: OpenApiResponse(
                described.SUGGESTION, description="Stored; `status` says whether it is public yet."
            ),
            **openapi.problems(400, 403, 404, 409, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str, category: str) -> HttpResponseBase:
        """A suggestion is a comment on its section. A repetition of the same words is the same suggestion."""
        shown = public_text(campaign_for(request, slug), category)
        section, quote, replacement, why = _read(request.data, shown)
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        admit(plain, COMMENT, shown.text.campaign)
        visitor = visitor_of(plain, shown.text.campaign)
        made = suggest(section, draft_of_quote(section, quote, replacement, why), visitor.secret)
        response = json_response(request, suggestion_body(made), status=201)
        remember(response, visitor)
        return response


def require_points(campaign: Campaign) -> None:
    """Raise NotAllowed "publishes_cells" for protected campaigns."""
    if not campaign.publishes_points:
        raise NotAllowed("publishes_cells")


def public_text(campaign: Campaign, category: str, number: int = 0) -> TextInVersion:
    """A public text in the newest version, or in the published one with a number; raises NotAllowed or Http404."""
    require_points(campaign)
    text = (
        Text.objects.of(campaign).public().filter(category__slug=category).select_related("category").first()
    )
    if text is None:
        raise Http404
    text.category.campaign = campaign
    published = list(text.versions.published().order_by("-number"))
    version = next((one for one in published if number in (0, one.number)), None)
    if version is None:
        raise Http404
    return text_in_version(text, version, published, is_public=rules.may_see_public_contributions(campaign))


def text_body(request: Request, shown: TextInVersion) -> dict[str, Any]:
    """What everyone may know of a text."""
    category, campaign = shown.text.category, shown.text.campaign
    suggestions = list(
        Suggestion.objects.of(shown.text).public().select_related("comment", "wording__version", "adopted_in")
    )
    numbers: dict[uuid.UUID, int] = {}
    for one in suggestions:
        numbers[one.wording.section_id] = numbers.get(one.wording.section_id, 0) + 1
    since = first_versions(shown)
    return {
        "category": category.slug,
        "title": category.title,
        "language": campaign.language,
        "version": shown.version.number,
        "versions": [_version(one) for one in shown.published],
        "sections": [_section(request, shown, one, since, numbers) for one in shown.sections],
        "suggestions": [suggestion_body(one) for one in suggestions],
        "url": absolute(request, "text", campaign.slug, category.slug),
    }


def suggestion_body(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as its author and everyone else may read it."""
    adopted_in = suggestion.adopted_in
    return {
        "id": str(suggestion.comment.public_id),
        "section": str(suggestion.wording.section_id),
        "version": suggestion.wording.version.number,
        "quote": {
            "type": "TextQuoteSelector",
            "prefix": suggestion.prefix,
            "exact": suggestion.exact,
            "suffix": suggestion.suffix,
        },
        "replacement": suggestion.replacement,
        "text": reason_of(suggestion),
        "fate": suggestion.fate,
        "reason": suggestion.reason,
        "adopted_in": None if adopted_in is None or adopted_in.published_at is None else adopted_in.number,
        "created": suggestion.comment.created_at.isoformat(timespec="seconds"),
        "status": suggestion.comment.status,
    }


def _version(version: TextVersion) -> dict[str, Any]:
    published = version.published_at
    return {
        "number": version.number,
        "published": None if published is None else published.isoformat(timespec="seconds"),
        "note": version.note,
    }


def _section(
    request: Request,
    shown: TextInVersion,
    section: ShownSection,
    since: Mapping[uuid.UUID, int],
    suggestions: Mapping[uuid.UUID, int],
) -> dict[str, Any]:
    campaign, contribution = shown.text.campaign, section.contribution
    assert contribution is not None  # noqa: S101 - sections of public texts have one
    return {
        "id": str(section.pk),
        "number": section.number,
        "heading": section.wording.heading,
        "body": section.wording.body,
        "level": section.wording.level,
        "comments": contribution.comment_count,
        "support": contribution.support_count,
        "opposition": contribution.opposition_count,
        "suggestions": suggestions.get(section.pk, 0),
        "version": since.get(section.pk, shown.version.number),
        "url": absolute(request, "text-section", campaign.slug, shown.text.category.slug, section.pk),
        "comments_url": absolute(request, "api:comments", campaign.slug, section.pk),
    }


def _read(body: object, shown: TextInVersion) -> tuple[Section, Quote, str, str]:
    """Parse a suggestion; raises Invalid, or Http404 for a section that is not in the text."""
    if not isinstance(body, dict):
        raise invalid("body", "wrong_type")
    given = {}
    for name in _QUOTED:
        value = body.get(name)
        if value is None and name == "replacement":
            raise invalid(name, "required")
        if value is not None and not isinstance(value, str):
            raise invalid(name, "not_a_text")
        given[name] = value or ""
    named = uuid_of(body.get("section"))
    if named is None:
        raise invalid("section", "not_a_uuid")
    section = shown.by_id.get(named)
    if section is None:
        raise Http404
    quote = Quote(given["prefix"], given["exact"], given["suffix"])
    return section.wording.section, quote, given["replacement"], given["text"]
