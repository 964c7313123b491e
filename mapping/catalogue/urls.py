"""The addresses of catalogues and of other systems' standards."""

from django.urls import path

from mapping.catalogue.dcat import (
    CatalogueAddressView,
    CatalogueView,
    DatasetAddressView,
    DatasetView,
    open_data,
)

app_name = "catalogue"

urlpatterns = [
    path("dcat/", open_data, name="open-data"),
    path("dcat/catalog", CatalogueAddressView.as_view(), name="catalogue-address"),
    path("dcat/catalog.<slug:serialisation>", CatalogueView.as_view(), name="catalogue"),
    path("dcat/campaigns/<slug:slug>", DatasetAddressView.as_view(), name="dataset-address"),
    path("dcat/campaigns/<slug:slug>.<slug:serialisation>", DatasetView.as_view(), name="dataset"),
]
