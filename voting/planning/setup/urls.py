"""The addresses of the step, below those of a campaign's setup."""

from typing import Final

from django.urls import URLPattern, path

from voting.planning.setup import ideas, option_form, options, votes

_VOTE: Final = "votes/<slug:category>/"
_OPTION: Final = f"{_VOTE}options/<uuid:pk>/"

urlpatterns: Final[list[URLPattern]] = [
    path("votes/", votes.votes, name="setup"),
    path(_VOTE, votes.vote, name="setup-vote"),
    path(f"{_VOTE}remove/", votes.remove, name="setup-vote-remove"),
    path(f"{_VOTE}options/", options.options, name="options"),
    path(f"{_VOTE}new-option/", option_form.new_option, name="option-new"),
    path(f"{_VOTE}ideas/", ideas.ideas, name="ideas"),
    path(f"{_VOTE}merging/", ideas.merging, name="merging"),
    path(_OPTION, option_form.option, name="option"),
    path(f"{_OPTION}withdraw/", options.withdraw, name="option-withdraw"),
    path(f"{_OPTION}delete/", options.delete, name="option-delete"),
    path(f"{_OPTION}split/", ideas.split_option, name="option-split"),
]
