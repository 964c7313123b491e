"""Surveys in JSON: questions as they are asked, responses as they are sent and read by their authors."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from mapping.api.languages import LANGUAGE_HELP, LANGUAGES_HELP
from mapping.api.serializers import WholeSecondField, offered
from mapping.api.submissions import read_id, uuid_of
from mapping.http.messages import sentence
from mapping.http.views import absolute
from mapping.models import Audience, Campaign, Picture, Question, QuestionKind, ResultsShown
from mapping.models import Response as SurveyResponse
from mapping.questions.registry import KINDS
from mapping.services import identity
from mapping.services.checking.content import Collected
from mapping.services.checking.gates import why_not_open
from mapping.services.surveys.responses import Sheet
from mapping.translated.reading import Reading, tags_of

_MEMBERS: Final = ("answers", "complete", "id")


class SurveyQuestionSerializer(serializers.Serializer[Any]):
    """A question of a survey, in the order in which it is asked."""

    slug = serializers.CharField()
    title = serializers.CharField()
    help_text = serializers.CharField(allow_blank=True)  # type: ignore[assignment] # a field, by DRF's metaclass
    kind = serializers.ChoiceField(QuestionKind.choices)
    required = serializers.BooleanField(  # type: ignore[assignment] # as above
        help_text="While the question is shown."
    )
    options = serializers.DictField(
        help_text="By `kind`: `choices` with `value`, `title`, `other` (asks for a text, sent as `<slug>:other`), "
        "`picture` (an address or null) and `alt`; `rows`; `minimum`, `maximum`, `minimum_title`, `maximum_title`, "
        "`unit`."
    )
    show_if = serializers.DictField(
        help_text="The condition under which the question is shown; `{}` always. `all` and `any` hold lists of "
        "conditions; a test has `question` and one of `is`, `is_not` (a value or a list), `answered`, `at_least`, "
        "`at_most`. Questions that are not shown count as unanswered."
    )
    audience = serializers.ChoiceField(Audience.choices, help_text="Who may read the answers.")
    results = serializers.ChoiceField(ResultsShown.choices, help_text="When counts are public.")
    starts_page = serializers.BooleanField(help_text="Whether a new page of the form begins here.")


class ClosedSerializer(serializers.Serializer[Any]):
    """Why a survey cannot be answered at the moment."""

    code = serializers.CharField(
        help_text="As in the problem that sending a response would be answered with."
    )
    detail = serializers.CharField()


class SurveyLinksSerializer(serializers.Serializer[Any]):
    """Addresses of a survey."""

    page = serializers.URLField()
    responses = serializers.URLField(help_text="Where responses are sent by POST.")
    results = serializers.URLField()


class SurveySerializer(serializers.Serializer[Any]):
    """The survey of a campaign."""

    title = serializers.CharField()
    language = serializers.CharField(help_text=LANGUAGE_HELP)
    languages = serializers.ListField(child=serializers.CharField(), help_text=LANGUAGES_HELP)
    is_open = serializers.BooleanField(help_text="Whether it can be answered now.")
    closed = ClosedSerializer(allow_null=True, help_text="Why not; null while it is open.")
    questions = SurveyQuestionSerializer(many=True)
    links = SurveyLinksSerializer()


class NewResponseSerializer(serializers.Serializer[Any]):
    """A response to send."""

    id = serializers.UUIDField(required=False, help_text="Made by the client: sent twice, stored once.")
    answers = serializers.DictField(child=serializers.JSONField(), help_text="By short name of the question.")
    complete = serializers.BooleanField(
        default=True,
        help_text="False for a draft, which may leave required questions open and is not counted.",
    )


class OwnResponseSerializer(serializers.Serializer[Any]):
    """A response, as its author sees it."""

    id = serializers.UUIDField()
    answers = serializers.DictField(child=serializers.JSONField(), help_text="By short name of the question.")
    complete = serializers.BooleanField()
    created = WholeSecondField()
    updated = WholeSecondField()
    edit_url = serializers.URLField(help_text="The author's private link.")


def survey_json(
    request: Request, reading: Reading, questions: Sequence[Question], at: datetime, *, is_open: bool
) -> dict[str, Any]:
    """The survey as `SurveySerializer` describes it; the questions are as they were written."""
    campaign = reading.original
    closed = None
    if not is_open:
        why = why_not_open(campaign, at)
        closed = {"code": why.code, "detail": sentence(why.code, why.params)}
    pictures = _pictures(campaign, questions)
    return {
        "title": reading.campaign.title,
        "language": reading.language.tag,
        "languages": list(tags_of(campaign)),
        "is_open": is_open,
        "closed": closed,
        "questions": [_question_json(request, one, pictures) for one in reading.all(questions)],
        "links": {
            "page": absolute(request, "survey", campaign.slug),
            "responses": absolute(request, "api:responses", campaign.slug),
            "results": absolute(request, "api:survey-results", campaign.slug),
        },
    }


def response_json(request: Request, response: SurveyResponse) -> dict[str, Any]:
    """The response as `OwnResponseSerializer` describes it."""
    private = reverse("my-response", args=(identity.edit_token(response.pk),))
    body = {
        "id": response.pk,
        "answers": response.all_answers,
        "complete": response.completed_at is not None,
        "created": response.created_at,
        "updated": response.updated_at,
        "edit_url": request.build_absolute_uri(private),
    }
    return dict(OwnResponseSerializer(body).data)


def sheet_of(body: object, *, stored_id: uuid.UUID | None = None) -> Sheet:
    """Parse a response as sent; its answers are validated by the services.

    `stored_id` is that of the response which is replaced. Raises Invalid with every problem of the members.
    """
    problems = Collected()
    if not isinstance(body, dict):
        problems.add("body", "wrong_type")
        body = {}
    for name in body:
        if name not in _MEMBERS:
            # The name is the client's own text; only its beginning is repeated.
            problems.add(str(name)[:40], "unknown_member", known=", ".join(_MEMBERS))
    answers, complete = body.get("answers"), body.get("complete", True)
    if not problems.fields and answers is None:
        problems.add("answers", "value_required")
    elif answers is not None and not isinstance(answers, dict):
        problems.add("answers", "not_an_object_of_answers")
    if not isinstance(complete, bool):
        problems.add("complete", "wrong_type")
    pk = read_id(body.get("id"), problems)
    if pk is not None and stored_id is not None and pk != stored_id:
        problems.add("id", "id_differs")
    problems.raise_if_any()
    return Sheet(cast("Mapping[str, object]", answers), id=pk, is_draft=not complete)


def _question_json(
    request: Request, question: Question, pictures: Mapping[str, Picture]
) -> dict[str, object]:
    kind = KINDS[question.kind]
    options = offered(question.options)
    if kind.lists_choices:
        options["choices"] = [
            _choice_json(request, choice, pictures) for choice in _listed(options.get("choices"))
        ]
    elif kind.fixed_choices:
        options["choices"] = [{"value": value, "title": str(title)} for value, title in kind.fixed_choices]
    return {
        "slug": question.slug,
        "title": question.title,
        "help_text": question.help_text,
        "kind": question.kind,
        "required": question.required,
        "options": options,
        "show_if": question.show_if,
        "audience": question.audience,
        "results": question.results,
        "starts_page": question.starts_page,
    }


def _choice_json(
    request: Request, choice: Mapping[str, Any], pictures: Mapping[str, Picture]
) -> dict[str, object]:
    found: dict[str, object] = {"value": choice.get("value"), "title": choice.get("title")}
    if choice.get("other") is True:
        found["other"] = True
    if "picture" in choice:
        picture = pictures.get(str(choice["picture"]))
        found["picture"] = None if picture is None else absolute(request, "picture", picture.pk)
        found["alt"] = choice.get("alt") or ("" if picture is None else picture.alt)
    return found


def _pictures(campaign: Campaign, questions: Iterable[Question]) -> dict[str, Picture]:
    """The pictures of a campaign that choices name, by what names them."""
    named = {
        str(choice["picture"]): uuid_of(choice["picture"])
        for question in questions
        for choice in _listed(question.options.get("choices"))
        if choice.get("picture")
    }
    if not named:
        return {}
    found = Picture.objects.filter(campaign=campaign).in_bulk([pk for pk in named.values() if pk is not None])
    return {name: found[pk] for name, pk in named.items() if pk in found}


def _listed(choices: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (choices if isinstance(choices, list) else ()) if isinstance(one, Mapping))
