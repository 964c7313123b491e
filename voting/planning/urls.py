"""The planners' pages, all behind the login."""

from django.urls import include, path

from voting.planning import results

app_name = "voting-planning"

urlpatterns = [
    path("", include("voting.planning.ballots.urls")),
    path("<slug:slug>/setup/", include("voting.planning.setup.urls")),
    path("<slug:slug>/votes/<slug:category>/results/", results.results, name="results"),
]
