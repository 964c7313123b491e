"""The addresses below /api/v1/."""

from django.urls import path, re_path

from mapping.api.views.campaigns import CampaignsView, CampaignView
from mapping.api.views.centres import CentresView
from mapping.api.views.challenge import ChallengeView
from mapping.api.views.city import CityView
from mapping.api.views.contributions import ContributionsView, ContributionView, MineView
from mapping.api.views.docs import OpenApiView, docs
from mapping.api.views.downloads import DownloadView
from mapping.api.views.entry import NOWHERE, EntryView, NowhereView
from mapping.api.views.exports import ExportFileView, ExportsView, ExportView
from mapping.api.views.feedback import (
    CommentFlagView,
    CommentSupportView,
    CommentsView,
    FlagView,
    PhotosView,
    SupportView,
)
from mapping.api.views.heatmap import HeatmapView
from mapping.api.views.places import AddressesView, AreaView, DistrictsView, FollowView, PlaceWordsView
from mapping.api.views.search import SearchView
from mapping.api.views.similar import SimilarView
from mapping.api.views.statistics.change import ChangeView
from mapping.api.views.statistics.clusters import ClustersView
from mapping.api.views.statistics.hotspots import HotspotsView
from mapping.api.views.statistics.rates import RatesView
from mapping.api.views.statistics.surface import SurfacePictureView, SurfaceView
from mapping.api.views.statistics.totals import StatisticsView
from mapping.api.views.surveys.files import ResponsesDownloadView
from mapping.api.views.surveys.responses import ResponsesView, ResponseView, SurveyView
from mapping.api.views.surveys.results import SurveyResultsView

app_name = "api"

_CAMPAIGN = "campaigns/<slug:slug>/"
_CONTRIBUTION = _CAMPAIGN + "contributions/<uuid:pk>/"
_COMMENT = _CONTRIBUTION + "comments/<uuid:comment>/"

urlpatterns = [
    path("", EntryView.as_view(), name="entry"),
    path("campaigns/", CampaignsView.as_view(), name="campaigns"),
    path(_CAMPAIGN, CampaignView.as_view(), name="campaign"),
    path(_CAMPAIGN + "area", AreaView.as_view(), name="area"),
    path(_CAMPAIGN + "districts", DistrictsView.as_view(), name="districts"),
    path(_CAMPAIGN + "place-words", PlaceWordsView.as_view(), name="place-words"),
    path(_CAMPAIGN + "follow", FollowView.as_view(), name="follow"),
    path(_CAMPAIGN + "heatmap", HeatmapView.as_view(), name="heatmap"),
    path(_CAMPAIGN + "heatmap/change", ChangeView.as_view(), name="change"),
    path(_CAMPAIGN + "centres", CentresView.as_view(), name="centres"),
    path(_CAMPAIGN + "hotspots", HotspotsView.as_view(), name="hotspots"),
    path(_CAMPAIGN + "clusters", ClustersView.as_view(), name="clusters"),
    path(_CAMPAIGN + "statistics", StatisticsView.as_view(), name="statistics"),
    path(_CAMPAIGN + "rates", RatesView.as_view(), name="rates"),
    path(_CAMPAIGN + "surface", SurfaceView.as_view(), name="surface"),
    path(_CAMPAIGN + "surface.png", SurfacePictureView.as_view(), name="surface-picture"),
    path(_CAMPAIGN + "download.<str:ending>", DownloadView.as_view(), name="download"),
    path(_CAMPAIGN + "exports/", ExportsView.as_view(), name="exports"),
    path(_CAMPAIGN + "exports/<uuid:job>/", ExportView.as_view(), name="export"),
    path(_CAMPAIGN + "exports/<uuid:job>/file", ExportFileView.as_view(), name="export-file"),
    path(_CAMPAIGN + "contributions/", ContributionsView.as_view(), name="contributions"),
    path(_CAMPAIGN + "contributions/similar/", SimilarView.as_view(), name="similar"),
    path(_CAMPAIGN + "contributions/mine/", MineView.as_view(), name="mine"),
    path(_CONTRIBUTION, ContributionView.as_view(), name="contribution"),
    path(_CONTRIBUTION + "photos/", PhotosView.as_view(), name="photos"),
    path(_CONTRIBUTION + "comments/", CommentsView.as_view(), name="comments"),
    path(_COMMENT + "report/", CommentFlagView.as_view(), name="comment-report"),
    path(_COMMENT + "support/", CommentSupportView.as_view(), name="comment-support"),
    path(_CONTRIBUTION + "report/", FlagView.as_view(), name="report"),
    path(_CONTRIBUTION + "support/", SupportView.as_view(), name="support"),
    path(_CAMPAIGN + "survey/", SurveyView.as_view(), name="survey"),
    path(_CAMPAIGN + "survey/results/", SurveyResultsView.as_view(), name="survey-results"),
    path(_CAMPAIGN + "responses/", ResponsesView.as_view(), name="responses"),
    path(
        _CAMPAIGN + "responses/download.<str:ending>",
        ResponsesDownloadView.as_view(),
        name="responses-download",
    ),
    path(_CAMPAIGN + "responses/<uuid:pk>/", ResponseView.as_view(), name="response"),
    path("city/", CityView.as_view(), name="city"),
    path("search/", SearchView.as_view(), name="search"),
    path("addresses/", AddressesView.as_view(), name="addresses"),
    path("challenge/", ChallengeView.as_view(), name="challenge"),
    path("openapi.json", OpenApiView.as_view(), name="openapi"),
    path("docs/", docs, name="docs"),
    # Last: errors of the API are problem documents, never pages.
    re_path(r"^[\s\S]*$", NowhereView.as_view(), name=NOWHERE),
]
