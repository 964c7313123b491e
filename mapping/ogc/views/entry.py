"""Entry points: landing page, conformance, and the API definition."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from mapping.http.operations import operation_groups
from mapping.http.parameters.reading import Parameters
from mapping.ogc.description.conformance import conformance_classes
from mapping.ogc.description.openapi import document
from mapping.ogc.description.openapi_collections import with_collections
from mapping.ogc.description.words import standards_of
from mapping.ogc.links import HTML, JSON, OPENAPI, link
from mapping.ogc.lookup import collections_for
from mapping.ogc.tiles.describe import TILING_SCHEMES
from mapping.ogc.views.base import OgcView


class LandingView(OgcView):
    """The landing page (OGC 17-069r4, requirement class core, section 7.2)."""

    def get(self, request: Request) -> HttpResponseBase:
        """Links to everything else."""
        Parameters(request.query_params, ("f",)).done()
        addresses = self.addresses
        body = {
            "title": _("Participation data"),
            "description": _("What people placed on the city's maps, as OGC API Features and Tiles."),
            "links": [
                *self.self_links(request),
                link(addresses.of("api"), "service-desc", OPENAPI, "OpenAPI 3.0"),
                link(addresses.of("api", f="html"), "service-doc", HTML),
                link(addresses.of("conformance"), "conformance", JSON),
                link(addresses.of("collections"), "data", JSON),
                link(addresses.of("tileMatrixSets"), TILING_SCHEMES, JSON),
            ],
        }
        return self.answer(request, body, "landing")


class ConformanceView(OgcView):
    """Conformance declaration (section 7.4)."""

    def get(self, request: Request) -> HttpResponseBase:
        """Conformance classes by URI."""
        Parameters(request.query_params, ("f",)).done()
        classes = conformance_classes()
        body = {"conformsTo": list(classes)}
        return self.answer(request, body, "conformance", standards=standards_of(classes))


class ApiDefinitionView(OgcView):
    """The API definition (section 7.3)."""

    media_type = OPENAPI

    def get(self, request: Request) -> HttpResponseBase:
        """An OpenAPI 3.0 document."""
        Parameters(request.query_params, ("f",)).done()
        server = self.addresses.root.rstrip("/")
        if self.wants_page(request):
            general = document(server)
            return self.answer(request, general, "api", groups=operation_groups(general))
        return self.answer(request, with_collections(document(server), collections_for(request)), "api")


class NowhereView(OgcView):
    """Addresses below `/ogc/` that do not exist."""

    def get(self, _request: Request, **_parts: str) -> HttpResponseBase:
        """Nothing."""
        raise Http404
