"""The DIPAS participation data standard (PDS): projects, contributions and comments as Hamburg's tools ask for them.

Each address answers a GeoJSON FeatureCollection, a single thing one with one feature, as DIPAS does. It does not page,
so neither do we: PostgreSQL's rows are sent as they come.
"""

from __future__ import annotations

import uuid
from collections.abc import Generator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping.catalogue.views import PublicView, public_campaign
from mapping.exports.formats import pds
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.lanes import RowStream
from mapping.http.compression import chosen_coding, compressed_stream
from mapping.http.parameters.reading import Parameters
from mapping.http.streaming import LimitedStream
from mapping.http.views import GEOJSON, text_response
from mapping.models import Campaign, Contribution
from mapping.models.contribution import ContributionQuerySet
from mapping.models.setup.profile import current_city


@extend_schema(exclude=True)
class ProjectsView(PublicView):
    """All public campaigns, or one."""

    def get(self, request: Request, slug: str | None = None) -> HttpResponseBase:
        """Projects with their areas and categories."""
        Parameters(request.query_params, ()).done()
        campaigns = Campaign.objects.visible()
        if slug is not None:
            campaigns = campaigns.filter(pk=public_campaign(slug).pk)
        base = settings.SITE_URL + reverse("campaign", args=("x",)).removesuffix("x/")
        return _collection(request, pds.projects(campaigns, base=base, publisher=current_city().name))


@extend_schema(exclude=True)
class ContributionsView(PublicView):
    """The contributions of a project, or one; with their comments where the address says so."""

    with_comments = False

    def get(self, request: Request, slug: str, pk: uuid.UUID | None = None) -> HttpResponseBase:
        """Published ones only; campaigns that publish cells have none."""
        Parameters(request.query_params, ()).done()
        found = _contributions(slug, pk)
        rows = pds.contributions(found, base=_base(slug), with_comments=self.with_comments)
        return _collection(request, rows)


@extend_schema(exclude=True)
class CommentsView(PublicView):
    """The comments on one contribution."""

    def get(self, request: Request, slug: str, pk: uuid.UUID) -> HttpResponseBase:
        """No feature where nobody commented."""
        Parameters(request.query_params, ()).done()
        return _collection(request, pds.comments(_contributions(slug, pk)))


@extend_schema(exclude=True)
class ConceptionCommentsView(PublicView):
    """Comments on drafts of plans, the second phase of DIPAS, which nothing here corresponds to."""

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Always empty."""
        Parameters(request.query_params, ()).done()
        public_campaign(slug)
        return text_response(request, b"".join(_document(_no_rows())))


def _contributions(slug: str, pk: uuid.UUID | None) -> ContributionQuerySet:
    found = Contribution.objects.published().filter(campaign=public_campaign(slug))
    if pk is None:
        return found
    found = found.filter(pk=pk)
    if not found.exists():
        raise Http404
    return found


def _base(slug: str) -> str:
    """What goes before the id in the address of a contribution's page."""
    nobody = uuid.UUID(int=0)
    return settings.SITE_URL + reverse("contribution", args=(slug, nobody)).removesuffix(f"{nobody}/")


def _collection(request: Request, rows: QuerySet[Any, str]) -> HttpResponseBase:
    coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
    if request.method == "HEAD":
        response: HttpResponse | StreamingHttpResponse = HttpResponse()
    else:
        response = StreamingHttpResponse(
            LimitedStream(lambda: compressed_stream(_document(copied_rows(rows)), coding))
        )
    response["Content-Type"] = GEOJSON
    response["Vary"] = "Accept-Encoding"
    response["X-Accel-Buffering"] = "no"
    if coding is not None:
        response["Content-Encoding"] = coding
    return response


def _no_rows() -> RowStream:
    yield from ()
    return 0


def _document(rows: RowStream) -> Generator[bytes, None, None]:
    yield b'{"type":"FeatureCollection","features":[\n'
    yield from rows
    yield b"\n]}\n"
