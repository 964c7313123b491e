"""Addresses of results, below /campaigns/<slug>/votes/<category>/."""

from typing import Final

from django.urls import path

from voting.web import results

_VOTE: Final = "campaigns/<slug:slug>/votes/<slug:category>/"

urlpatterns = [
    path(_VOTE + "results/", results.results_page, name="vote-results"),
    path(_VOTE + "results/result.json", results.stored_result, name="vote-result-file"),
    path(_VOTE + "results/ballots.pb", results.pabulib, name="vote-pabulib"),
    path(_VOTE + "why/", results.why_page, name="vote-why"),
]
