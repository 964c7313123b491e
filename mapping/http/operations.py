"""OpenAPI documents prepared for an HTML page: operations by tag, references resolved, backticks as code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_METHODS: Final = ("get", "post", "put", "delete")
type_of_document = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Answer:
    """One possible response of an operation."""

    status: str
    media_type: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One HTTP method of a path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    body: str
    body_types: str
    answers: list[Answer]


@dataclass(frozen=True)
class OperationGroup:
    """Operations with the same first tag."""

    name: str
    operations: list[Operation]


def operation_groups(document: type_of_document) -> list[OperationGroup]:
    """Group the operations of a document by their first tag, in document order."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                read = _operation(document, path, method, operation)
                groups.setdefault(operation["tags"][0], []).append(read)
    return [OperationGroup(name, operations) for name, operations in groups.items()]


def _operation(document: type_of_document, path: str, method: str, operation: dict[str, Any]) -> Operation:
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=_marked_up(operation.get("description", "")),
        parameters=[_parameter(_resolved(document, one)) for one in operation.get("parameters", [])],
        body=next((_example(media) for media in content.values()), ""),
        body_types=", ".join(content),
        answers=list(_answers(document, operation["responses"])),
    )


def _resolved(document: type_of_document, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Resolve a reference within the document (`#/components/...`)."""
    address = part.get("$ref")
    if address is None:
        return part
    found: Any = document
    for name in str(address).removeprefix("#/").split("/"):
        found = found[name]
    resolved: Mapping[str, Any] = found
    return resolved


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    described = parameter.get("schema", {})
    kind = " | ".join(map(str, described["enum"])) if "enum" in described else described.get("type", "")
    if "minimum" in described:
        kind += f" {described['minimum']}-{described['maximum']}" if "maximum" in described else ""
    if "default" in described:
        kind += f" (default {described['default']})"
    return Parameter(
        parameter["name"],
        parameter["in"],
        kind,
        parameter.get("required", False),
        _marked_up(parameter.get("description", "")),
    )


def _answers(document: type_of_document, responses: Mapping[str, Any]) -> Iterator[Answer]:
    for status, one in responses.items():
        response = _resolved(document, one)
        yield Answer(
            status, ", ".join(response.get("content", {})), _marked_up(response.get("description", ""))
        )


def _marked_up(text: str) -> SafeString:
    """Turn backticks into code elements and escape everything else."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(parts)
        ),
    )


def _example(media: Mapping[str, Any]) -> str:
    example = media.get("schema", {}).get("example")
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)
