"""The description of the API: for programs (OpenAPI) and, made from the same document, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping.api.openapi import schema
from mapping.rest.problems import KINDS, Kind
from mapping.rest.views import ApiView, json_response

_METHODS = ("get", "post", "put", "delete")


@extend_schema(exclude=True)
class OpenApiView(ApiView):
    """The OpenAPI 3 document."""

    def get(self, request: Request) -> HttpResponseBase:
        """Valid for everyone; what a person may do is not in it."""
        response = json_response(request, schema())
        response["Cache-Control"] = "public, max-age=300"
        return response


@dataclass(frozen=True)
class _Parameter:
    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class _Answer:
    status: str
    media_type: str
    description: str


@dataclass(frozen=True)
class _Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[_Parameter]
    body: str
    body_types: str
    answers: list[_Answer]


@dataclass(frozen=True)
class _Group:
    name: str
    operations: list[_Operation]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """A plain page: no script, nothing from elsewhere, readable by everyone."""
    kinds: tuple[Kind, ...] = KINDS
    return render(request, "api/docs.html", {"groups": _groups(schema()), "kinds": kinds})


def _groups(document: dict[str, Any]) -> list[_Group]:
    groups: dict[str, list[_Operation]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return [_Group(name, operations) for name, operations in groups.items()]


def _operation(path: str, method: str, operation: dict[str, Any]) -> _Operation:
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    return _Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=_marked_up(operation.get("description", "")),
        parameters=[_parameter(parameter) for parameter in operation.get("parameters", [])],
        body=next((_example(media) for media in content.values()), ""),
        body_types=", ".join(content),
        answers=list(_answers(operation["responses"])),
    )


def _parameter(parameter: dict[str, Any]) -> _Parameter:
    described = parameter.get("schema", {})
    kind = " | ".join(map(str, described["enum"])) if "enum" in described else described.get("type", "")
    if "minimum" in described:
        kind += f" {described['minimum']}-{described['maximum']}"
    if "default" in described:
        kind += f" (default {described['default']})"
    return _Parameter(
        parameter["name"],
        parameter["in"],
        kind,
        parameter.get("required", False),
        _marked_up(parameter.get("description", "")),
    )


def _answers(responses: dict[str, Any]) -> Iterator[_Answer]:
    for status, response in responses.items():
        yield _Answer(
            status, ", ".join(response.get("content", {})), _marked_up(response.get("description", ""))
        )


def _marked_up(text: str) -> SafeString:
    """Backticks become code; everything else is escaped."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(parts)
        ),
    )


def _example(media: dict[str, Any]) -> str:
    example = media.get("schema", {}).get("example")
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)
