"""The citizens' pages."""

from django.urls import path

from voting.web import ballots, result_urls

urlpatterns = [
    path("campaigns/<slug:slug>/votes/", ballots.votes_page, name="votes"),
    path("campaigns/<slug:slug>/votes/<slug:category>/", ballots.ballot_page, name="vote"),
    *result_urls.urlpatterns,
]
