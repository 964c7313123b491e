"""Files that open in QGIS with a double click."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.exports.qgis import MEDIA_TYPE, Group, layer_definition
from mapping.ogc.collections import collection_for
from mapping.ogc.qgis import Reader, group_of_campaign, group_of_collection
from mapping.ogc.views.base import OgcView
from mapping.rest.access import campaign_for
from mapping.rest.parameters import Parameters


class _LayerDefinitionView(OgcView):
    media_type = MEDIA_TYPE

    def reader(self, request: Request) -> Reader:
        """Who asks, with the private link that they have."""
        Parameters(request.query_params, ()).done()
        return Reader(request, self.addresses.root)

    def file(self, group: Group, name: str) -> HttpResponse:
        """The file, named as its source is."""
        answer = HttpResponse(layer_definition(group), content_type=MEDIA_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{name}.qlr"'
        return answer


class CollectionDefinitionView(_LayerDefinitionView):
    """One collection."""

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """A layer definition of QGIS, styled as on the web."""
        reader = self.reader(request)
        collection = collection_for(request, collection_id)
        return self.file(group_of_collection(reader, collection), collection.id)


class CampaignDefinitionView(_LayerDefinitionView):
    """Everything of a campaign."""

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A group of layers."""
        reader = self.reader(request)
        campaign = campaign_for(request, slug)
        return self.file(group_of_campaign(reader, campaign), campaign.slug)
