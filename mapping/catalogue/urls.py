"""The addresses of catalogues and of other systems' standards."""

from django.urls import path, re_path

from mapping.catalogue.dcat import (
    CatalogueAddressView,
    CatalogueView,
    DatasetAddressView,
    DatasetView,
    open_data,
)
from mapping.catalogue.open311.views import (
    DiscoveryView,
    RequestsView,
    RequestView,
    ServicesView,
    ServiceView,
)
from mapping.catalogue.open311.views import NowhereView as Open311NowhereView
from mapping.catalogue.pds import CommentsView, ConceptionCommentsView, ContributionsView, ProjectsView
from mapping.catalogue.views import NowhereView

app_name = "catalogue"

_PROJECT = "dipas-pds/projects/<slug:slug>"

urlpatterns = [
    path("dcat/", open_data, name="open-data"),
    path("dcat/catalog", CatalogueAddressView.as_view(), name="catalogue-address"),
    path("dcat/catalog.<slug:serialisation>", CatalogueView.as_view(), name="catalogue"),
    path("dcat/campaigns/<slug:slug>", DatasetAddressView.as_view(), name="dataset-address"),
    path("dcat/campaigns/<slug:slug>.<slug:serialisation>", DatasetView.as_view(), name="dataset"),
    path("dipas-pds/projects", ProjectsView.as_view(), name="pds-projects"),
    path(_PROJECT, ProjectsView.as_view(), name="pds-project"),
    path(f"{_PROJECT}/contributions", ContributionsView.as_view(), name="pds-contributions"),
    path(f"{_PROJECT}/contributions/<uuid:pk>", ContributionsView.as_view(), name="pds-contribution"),
    path(f"{_PROJECT}/contributions/<uuid:pk>/comments", CommentsView.as_view(), name="pds-comments"),
    path(
        f"{_PROJECT}/commentedcontributions",
        ContributionsView.as_view(with_comments=True),
        name="pds-commented-contributions",
    ),
    path(
        f"{_PROJECT}/commentedcontributions/<uuid:pk>",
        ContributionsView.as_view(with_comments=True),
        name="pds-commented-contribution",
    ),
    path(f"{_PROJECT}/conception_comments", ConceptionCommentsView.as_view(), name="pds-conception-comments"),
    path("open311/v2/discovery.<slug:form>", DiscoveryView.as_view(), name="open311-discovery"),
    path("open311/v2/services.<slug:form>", ServicesView.as_view(), name="open311-services"),
    path(
        "open311/v2/services/<slug:slug>.<slug:category>.<slug:form>",
        ServiceView.as_view(),
        name="open311-service",
    ),
    path("open311/v2/requests.<slug:form>", RequestsView.as_view(), name="open311-requests"),
    path("open311/v2/requests/<uuid:pk>.<slug:form>", RequestView.as_view(), name="open311-request"),
    # Last: what programs cannot find is told in their words.
    re_path(r"^dipas-pds/[\s\S]*$", NowhereView.as_view(), name="pds-nowhere"),
    re_path(r"^open311/[\s\S]*$", Open311NowhereView.as_view(), name="open311-nowhere"),
]
