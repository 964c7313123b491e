"""The documentation of the API: for programs (OpenAPI) and, made from the same document, for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping.api.openapi import schema
from mapping.http.operations import operation_groups
from mapping.http.problems import KINDS, Kind
from mapping.http.views import ApiView, json_response


@extend_schema(exclude=True)
class OpenApiView(ApiView):
    """The OpenAPI 3 document."""

    def get(self, request: Request) -> HttpResponseBase:
        """The same for everyone, independent of permissions."""
        response = json_response(request, schema())
        response["Cache-Control"] = "public, max-age=300"
        return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """A plain page: no script, nothing from other servers, readable by everyone."""
    kinds: tuple[Kind, ...] = KINDS
    return render(request, "api/docs.html", {"groups": operation_groups(schema()), "kinds": kinds})
