"""Files that open in QGIS with a double click."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.exports.styles.layers import MEDIA_TYPE, Group, layer_definition
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.ogc.access import sees_everything, statuses_for
from mapping.ogc.campaign_kinds import CELLS
from mapping.ogc.collections import AnyCollection, Collection
from mapping.ogc.lookup import collection_for
from mapping.ogc.qgis import group_of_campaign, group_of_collection
from mapping.ogc.views.base import OgcView


class _LayerDefinitionView(OgcView):
    media_type = MEDIA_TYPE

    def file(self, group: Group, name: str) -> HttpResponse:
        """Return the file, named after its collection or campaign."""
        answer = HttpResponse(layer_definition(group), content_type=MEDIA_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{name}.qlr"'
        return answer


class CollectionDefinitionView(_LayerDefinitionView):
    """One collection."""

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """A layer definition of QGIS, styled as on the web."""
        Parameters(request.query_params, ()).done()
        collection = collection_for(request, collection_id)
        _look(request, collection)
        return self.file(group_of_collection(self.addresses.root, collection), collection.id)


class CampaignDefinitionView(_LayerDefinitionView):
    """Layer definition of all collections of a campaign."""

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A group of layers."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        is_exact = sees_everything(request, campaign)
        _look(request, Collection(campaign, CELLS, is_exact))
        return self.file(group_of_campaign(self.addresses.root, campaign, is_exact=is_exact), campaign.slug)


def _look(request: Request, collection: AnyCollection) -> None:
    """Log access to exact cells, whose classes are in the style; raises as `statuses_for` does."""
    if isinstance(collection, Collection) and collection.holds_cells and not collection.is_release:
        statuses_for(request, collection.campaign, "ogc qgis")
