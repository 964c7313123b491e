"""The permission tables of votes for those who vote and read: who may do what, when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mapping.models import Action, Campaign, Category, Phase, Publication
from tests.personas import user_called
from tests.voting.making import make_vote
from voting.models import Shown, Vote
from voting.rules import has_ended, may_see_results, may_see_vote, may_vote

NOW = timezone.now()
DAY = timedelta(days=1)
PERIODS = {
    "draft": (NOW - DAY, NOW + DAY),
    "upcoming": (NOW + DAY, NOW + 2 * DAY),
    "first moment": (NOW, NOW + DAY),
    "open": (NOW - DAY, NOW + DAY),
    "last moment": (NOW - DAY, NOW),
    "closed": (NOW - 2 * DAY, NOW - DAY),
    "always open": (None, None),
    "cells": (NOW - DAY, NOW + DAY),
}
VOTE_TABLE = {
    # when          may vote  has ended
    "draft":        ("no",    "no"),
    "upcoming":     ("no",    "no"),
    "first moment": ("yes",   "no"),
    "open":         ("yes",   "no"),
    "last moment":  ("no",    "yes"),
    "closed":       ("no",    "yes"),
    "always open":  ("yes",   "no"),
    "cells":        ("no",    "no"),
}  # fmt: skip


def campaign_at(when: str) -> Campaign:
    """An unsaved campaign in a period."""
    opens_at, closes_at = PERIODS[when]
    publication = Publication.CELLS if when == "cells" else Publication.POINTS
    return Campaign(is_draft=when == "draft", opens_at=opens_at, closes_at=closes_at, publication=publication)


@pytest.mark.parametrize("when", VOTE_TABLE)
def test_people_vote_while_the_campaign_is_open(when: str) -> None:
    campaign = campaign_at(when)
    votes, ended = VOTE_TABLE[when]
    assert may_vote(campaign, NOW) is (votes == "yes")
    assert has_ended(campaign, NOW) is (ended == "yes")


@pytest.mark.parametrize("action", Action)
def test_phase_allows_votes_only_where_it_names_them(action: Action) -> None:
    campaign = campaign_at("open")
    campaign.timeline = [Phase(opens_at=NOW, closes_at=NOW + DAY, allows=[action])]
    assert may_vote(campaign, NOW) is (action == Action.VOTE)
    assert not may_vote(campaign, NOW - timedelta(seconds=1))


VIEWERS = ("anonymous", "outsider", "analyst", "moderator", "manager", "administrator", "dismissed")
SIGHT_TABLE: dict[str, str] = {
    # what, campaign       anonymous outsider analyst moderator manager administrator dismissed
    "vote open":           "yes      yes      yes     yes       yes     yes           yes",
    "vote closed":         "yes      yes      yes     yes       yes     yes           yes",
    "vote draft":          "no       no       yes     yes       yes     yes           no",
    "vote cells":          "no       no       no      no        no      no            no",
    "live open":           "yes      yes      yes     yes       yes     yes           yes",
    "live draft":          "no       no       yes     yes       yes     yes           no",
    "after_end open":      "no       no       no      no        yes     yes           no",
    "after_end closed":    "yes      yes      yes     yes       yes     yes           yes",
    "after_end draft":     "no       no       no      no        yes     yes           no",
    "staff open":          "no       no       no      no        yes     yes           no",
    "staff closed":        "no       no       no      no        yes     yes           no",
}  # fmt: skip
SIGHT_ROWS = [
    (what, who, expected == "yes")
    for what, row in SIGHT_TABLE.items()
    for who, expected in zip(VIEWERS, row.split(), strict=True)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "who", "expected"), SIGHT_ROWS)
def test_seeing_votes_and_results(what: str, who: str, expected: bool) -> None:
    shown, when = what.split()
    campaign = campaign_at(when)
    campaign.slug = campaign.title = "x"
    campaign.save()
    Category.objects.create(campaign=campaign, slug="spot", title="Spot", geometry_types=["point"])
    results = Shown.LIVE if shown == "vote" else Shown(shown)
    vote: Vote = make_vote(campaign, n_options=0, results=results)
    user = user_called(who, campaign)
    if shown == "vote":
        assert may_see_vote(user, vote) is expected
    else:
        assert may_see_results(user, vote, NOW) is expected
