"""Errors in the structure of GeoReport v2: a list of `code` (the HTTP status) and `description`."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpResponse
from django.utils.functional import Promise
from rest_framework.views import set_rollback

from mapping.catalogue.open311.rendering import MEDIA_TYPES, Value, rendered
from mapping.http.problems import problem_response

_HEADERS: Final = ("Retry-After", "Allow")
# How Open311 calls what the checks of a contribution name otherwise.
_ARGUMENTS: Final = {"geometry": "lat, long", "text": "description", "category": "service_code"}
_ANSWER: Final = re.compile(r"answers\.(.+)")


class Refused(Exception):
    """What only Open311 refuses: one argument, with the status that GeoReport v2 names for it."""

    def __init__(self, status: int, argument: str, reason: str | Promise) -> None:
        super().__init__(argument)
        self.status = status
        self.argument = argument
        self.reason = reason


def error_response(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's exception handler for this standard: the same statuses and sentences as everywhere."""
    form = context["kwargs"].get("form", "")
    if isinstance(error, Refused):
        set_rollback()
        return _response([(error.status, f"{error.argument}: {error.reason}")], error.status, form)
    problem = problem_response(error, context)
    told = problem.data or {}
    reasons = [
        (problem.status_code, f"{_argument(one['field'])}{one['detail']}") for one in told.get("errors", ())
    ]
    response = _response(
        reasons or [(problem.status_code, str(told.get("detail", "")))], problem.status_code, form
    )
    for name in _HEADERS:
        if name in problem.headers:
            response[name] = problem.headers[name]
    return response


def _argument(field: str) -> str:
    if not field:
        return ""
    answer = _ANSWER.fullmatch(field)
    return f"{f'attribute[{answer[1]}]' if answer else _ARGUMENTS.get(field, field)}: "


def _response(reasons: list[tuple[int, str]], status: int, form: str) -> HttpResponse:
    form = form if form in MEDIA_TYPES else "json"
    content: Value = [{"code": code, "description": text} for code, text in reasons]
    response = HttpResponse(rendered("errors", content, form), status=status, content_type=MEDIA_TYPES[form])
    response["Cache-Control"] = "no-store"
    return response
