"""The catalogue and its datasets as RDF, and a page about them for people."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping.catalogue.negotiation import preferred
from mapping.catalogue.views import PublicView, public_campaign, see_other, unchanged, with_version
from mapping.exports.datasets import campaign_dataset
from mapping.exports.metadata import SERIALISATIONS, current_site, dataset_graph, serialised
from mapping.exports.metadata.catalogue import catalogue_pieces, catalogue_state, version_of
from mapping.exports.metadata.dataset import all_datasets
from mapping.http.compression import chosen_coding, compressed_stream
from mapping.http.parameters.reading import Parameters
from mapping.http.streaming import LimitedStream
from mapping.http.views import text_response

_TITLES: Final = (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("rdf", "RDF/XML"))
_HTML: Final = "text/html"
_BY_MEDIA_TYPE: Final = {one.media_type: ending for ending, one in SERIALISATIONS.items()}


@extend_schema(exclude=True)
class CatalogueView(PublicView):
    """All public data in one document."""

    def get(self, request: Request, serialisation: str) -> HttpResponseBase:
        """Streamed; the same for everyone, so harvesters with `If-None-Match` are answered without writing it."""
        known = _known(serialisation)
        Parameters(request.query_params, ()).done()
        site = current_site()
        state = catalogue_state(site)
        if (same := unchanged(request, state.version + serialisation)) is not None:
            return with_version(same, state.version + serialisation, state.modified)
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
        if request.method == "HEAD":
            response: HttpResponse | StreamingHttpResponse = HttpResponse()
        else:
            response = StreamingHttpResponse(
                LimitedStream(lambda: compressed_stream(catalogue_pieces(site, state, serialisation), coding))
            )
        response["Content-Type"] = known
        response["Vary"] = "Accept-Encoding"
        if coding is not None:
            response["Content-Encoding"] = coding
        return with_version(response, state.version + serialisation, state.modified)


@extend_schema(exclude=True)
class DatasetView(PublicView):
    """One campaign."""

    def get(self, request: Request, slug: str, serialisation: str) -> HttpResponseBase:
        """Complete without the catalogue around it, with the outline of the area."""
        known = _known(serialisation)
        Parameters(request.query_params, ()).done()
        campaign, site = public_campaign(slug), current_site()
        dataset = campaign_dataset(campaign, site)
        version = version_of(dataset, site) + serialisation
        if (same := unchanged(request, version)) is not None:
            return with_version(same, version, dataset.modified_at)
        body = serialised(dataset_graph(dataset, site), serialisation)
        return with_version(text_response(request, body, content_type=known), version, dataset.modified_at)


@extend_schema(exclude=True)
class CatalogueAddressView(PublicView):
    """The catalogue itself, of which there are several documents: `Accept` chooses one."""

    def get(self, request: Request) -> HttpResponseBase:
        """Programs get RDF, browsers the page."""
        media_type = preferred(request.headers.get("Accept", ""), [*_BY_MEDIA_TYPE, _HTML])
        if media_type == _HTML:
            return see_other(reverse("catalogue:open-data"))
        return see_other(reverse("catalogue:catalogue", args=(_BY_MEDIA_TYPE[media_type],)))


@extend_schema(exclude=True)
class DatasetAddressView(PublicView):
    """The data of one campaign: its address in RDF leads to documents about it."""

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Programs get RDF, browsers the campaign's page."""
        campaign = public_campaign(slug)
        media_type = preferred(request.headers.get("Accept", ""), [*_BY_MEDIA_TYPE, _HTML])
        if media_type == _HTML:
            return see_other(campaign.get_absolute_url())
        return see_other(reverse("catalogue:dataset", args=(slug, _BY_MEDIA_TYPE[media_type])))


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What there is to take home, and under which licence."""
    site = current_site()
    datasets = all_datasets(site, get_language() or "de")
    context = {
        "datasets": sorted(datasets, key=lambda one: one.title.casefold()),
        "licence": site.licence,
        "serialisations": _TITLES,
    }
    return render(request, "mapping/open_data.html", context)


def _known(serialisation: str) -> str:
    known = SERIALISATIONS.get(serialisation)
    if known is None:
        raise Http404
    return f"{known.media_type}; charset=utf-8" if serialisation == "ttl" else known.media_type
