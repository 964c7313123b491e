"""The addresses below /ogc/."""

from django.urls import path, re_path

from mapping.ogc.views.collections import (
    CollectionsView,
    CollectionView,
    FeatureSchemaView,
    QueryablesView,
    SchemaView,
    SortablesView,
)
from mapping.ogc.views.entry import ApiDefinitionView, ConformanceView, LandingView, NowhereView
from mapping.ogc.views.items import ItemsView, ItemView
from mapping.ogc.views.qgis import CampaignDefinitionView, CollectionDefinitionView
from mapping.ogc.views.tiles import (
    MatrixSetsView,
    MatrixSetView,
    StyleView,
    TilesetsView,
    TilesetView,
    TileView,
)

app_name = "ogc"

_COLLECTION = "collections/<slug:collection_id>"

urlpatterns = [
    path("", LandingView.as_view(), name="landing"),
    path("conformance", ConformanceView.as_view(), name="conformance"),
    path("api", ApiDefinitionView.as_view(), name="api"),
    path("collections", CollectionsView.as_view(), name="collections"),
    path(_COLLECTION, CollectionView.as_view(), name="collection"),
    path(f"{_COLLECTION}/schema", SchemaView.as_view(), name="schema"),
    path(f"{_COLLECTION}/feature-schema", FeatureSchemaView.as_view(), name="feature-schema"),
    path(f"{_COLLECTION}/queryables", QueryablesView.as_view(), name="queryables"),
    path(f"{_COLLECTION}/sortables", SortablesView.as_view(), name="sortables"),
    path(f"{_COLLECTION}/items", ItemsView.as_view(), name="items"),
    # A path: districts may have codes such as 7/1.
    path(f"{_COLLECTION}/items/<path:feature_id>", ItemView.as_view(), name="item"),
    path("tileMatrixSets", MatrixSetsView.as_view(), name="matrix-sets"),
    path("tileMatrixSets/<str:matrix_set_id>", MatrixSetView.as_view(), name="matrix-set"),
    path(f"{_COLLECTION}/style.json", StyleView.as_view(), name="style"),
    path(f"{_COLLECTION}/tiles", TilesetsView.as_view(), name="tilesets"),
    path(f"{_COLLECTION}/tiles/<str:matrix_set_id>", TilesetView.as_view(), name="tileset"),
    path(
        f"{_COLLECTION}/tiles/<str:matrix_set_id>/<str:level>/<str:row>/<str:column>",
        TileView.as_view(),
        name="tile",
    ),
    path(f"{_COLLECTION}/qgis.qlr", CollectionDefinitionView.as_view(), name="collection-qgis"),
    path("campaigns/<slug:slug>/qgis.qlr", CampaignDefinitionView.as_view(), name="campaign-qgis"),
    # Last: unknown addresses and superfluous slashes get a problem response.
    re_path(r"^(?P<rest>[\s\S]*)$", NowhereView.as_view(), name="nowhere"),
]
