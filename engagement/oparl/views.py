"""The addresses of OParl 1.1: the system, objects, lists of objects; for everyone, from any origin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from engagement.models import Body
from engagement.oparl import city
from engagement.oparl.lists import NAMES, Part, page, read_query
from engagement.oparl.nouns import NOUNS, Noun
from engagement.oparl.values import THE_CITY, VERSION, Json, list_of, site_address
from mapping.catalogue.views import NowhereView as Elsewhere
from mapping.catalogue.views import PublicView
from mapping.http.parameters.reading import Parameters
from mapping.http.problems import problem_response
from mapping.http.views import json_response, tagged

_LANGUAGE: Final = "de"
"""Of what has words here, as the standard's own values are German."""


def error_response(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's exception handler for this standard: its error object with the status of everywhere (2, "Ausnahmen")."""
    problem = problem_response(error, context)
    known = problem.data or {}
    reasons = [f"{one['field']}: {one['detail']}" for one in known.get("errors", ())]
    body = {
        "type": f"{VERSION}Error",
        "message": " ".join(reasons) or str(known.get("detail", "")),
        "debug": str(known.get("code", "")),
    }
    response = json_response(context["request"], body, status=problem.status_code)
    for name in ("Retry-After", "Allow"):
        if name in problem.headers:
            response[name] = problem.headers[name]
    return response


class OparlView(PublicView):
    """A view in German whose errors are those of the standard."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in German, whatever the page's language is."""
        with translation.override(_LANGUAGE):
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            return answer

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Any]:
        """Not problems (RFC 9457), which clients of OParl do not know."""
        return error_response


@extend_schema(exclude=True)
class SystemView(OparlView):
    """The entry point."""

    def get(self, request: Request) -> HttpResponseBase:
        """The System."""
        return tagged(request, json_response(request, city.system()))


@extend_schema(exclude=True)
class ListView(OparlView):
    """All objects of a noun."""

    def get(self, request: Request, noun: str) -> HttpResponseBase:
        """One page."""
        query = read_query(Parameters(request.query_params, NAMES))
        return tagged(request, json_response(request, page(_known(noun), query, list_of(noun))))


@extend_schema(exclude=True)
class MeetingsView(OparlView):
    """The meetings of an organization."""

    def get(self, request: Request, record: UUID) -> HttpResponseBase:
        """One page."""
        query = read_query(Parameters(request.query_params, NAMES))
        if not Body.objects.public().filter(pk=record).exists():
            raise Http404
        address = site_address("oparl:meetings-of", record)
        found = page(NOUNS["meeting"], query, address, Part(Q(body=record), Q(owner=record)))
        return tagged(request, json_response(request, found))


@extend_schema(exclude=True)
class ObjectView(OparlView):
    """One object; what was public and is deleted answers 200 with `deleted`."""

    def get(self, request: Request, noun: str, record: UUID) -> HttpResponseBase:
        """The object."""
        return tagged(request, json_response(request, _object(_known(noun), record)))


@extend_schema(exclude=True)
class NowhereView(OparlView, Elsewhere):
    """Every other address below the interface."""


def _known(name: str) -> Noun:
    noun = NOUNS.get(name)
    if noun is None:
        raise Http404
    return noun


def _object(noun: Noun, record: UUID) -> Json:
    if record == THE_CITY and noun.single is not None and (single := noun.single()):
        return single
    for origin in noun.origins:
        row = origin.rows().filter(pk=record).first()
        if row is not None:
            return (origin.alone or origin.written)(row)
    gone = noun.gone().filter(pk=record).first() if noun.removed else None
    if gone is None:
        raise Http404
    return noun.deleted(gone)
