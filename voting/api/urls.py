"""The addresses of this app below /api/v1/."""

from django.urls import path

from voting.api.ballots import BallotView
from voting.api.results import ResultsView
from voting.api.votes import VotesView

app_name = "voting-api"

_VOTE = "campaigns/<slug:slug>/votes/<slug:category>/"

urlpatterns = [
    path("campaigns/<slug:slug>/votes/", VotesView.as_view(), name="votes"),
    path(_VOTE + "ballot/", BallotView.as_view(), name="ballot"),
    path(_VOTE + "results/", ResultsView.as_view(), name="results"),
]
