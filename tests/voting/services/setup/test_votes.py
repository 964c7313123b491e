"""The rule of a vote: checked, kept in the history, locked by the first ballot."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from mapping.models import Campaign, CampaignChange, Contribution
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup import undoing
from mapping.services.setup.categories import remove_category
from mapping.services.setup.copying import copied
from tests.personas import category_of
from tests.voting.making import cast_ballots, make_vote
from tests.voting.services.setup.world import draft
from voting.models import Method, Rule, Shown, Vote
from voting.services.setup.votes import draft_of, remove_vote, set_vote, votes_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rule", Rule.values)
def test_each_rule_is_stored_with_what_it_uses(campaign: Campaign, manager: User, rule: str) -> None:
    typed = draft(Rule(rule), most_choices=3, points=5, most_points=2, budget=1000, winners=2)
    vote = set_vote(category_of(campaign, "plan"), typed, actor=manager)
    vote.full_clean()
    stored = Vote.objects.get()
    assert stored.rule == rule
    assert (stored.budget is not None) == Rule(rule).has_costs
    assert (stored.winners is None) == Rule(rule).has_costs
    assert (stored.points is not None) == (rule == Rule.POINTS)


def test_category_of_a_vote_is_closed_to_contributions(campaign: Campaign, manager: User) -> None:
    set_vote(category_of(campaign, "idea"), draft(), actor=manager)
    assert not category_of(campaign, "idea").takes_contributions


@pytest.mark.parametrize(
    ("rule", "values", "field"),
    [
        (Rule.UP_TO, {"most_choices": None}, "most_choices"),
        (Rule.UP_TO, {"most_choices": 0}, "most_choices"),
        (Rule.UP_TO, {"most_choices": 10**9}, "most_choices"),
        (Rule.POINTS, {"points": None}, "points"),
        (Rule.POINTS, {"points": 1001}, "points"),
        (Rule.POINTS, {"most_points": 6}, "most_points"),
        (Rule.BUDGET, {"budget": None}, "budget"),
        (Rule.APPROVAL, {"budget": 0}, "budget"),
        (Rule.BUDGET, {"budget": 999_999_999}, "budget"),
        (Rule.ONE_OF, {"winners": 0}, "winners"),
        (Rule.BUDGET, {"method": "luck"}, "method"),
        (Rule.ONE_OF, {"results": "friends"}, "results"),
        (Rule.ONE_OF, {"explanation": "a" * 2001}, "explanation"),
    ],
)
def test_wrong_values_are_refused_at_their_field(
    campaign: Campaign, manager: User, rule: Rule, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_vote(category_of(campaign, "plan"), draft(rule, **values), actor=manager)
    assert list(refused.value.fields) == [field]
    assert not Vote.objects.exists()


def test_unknown_rule_is_refused(campaign: Campaign, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        set_vote(category_of(campaign, "plan"), replace(draft(), rule="loudest"), actor=manager)
    assert list(refused.value.fields) == ["rule"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": Rule.ONE_OF}, "rule"),
        ({"most_choices": 4}, "most_choices"),
        ({"winners": 1}, "winners"),
        ({"needs_code": True}, "needs_code"),
    ],
)
def test_first_ballot_locks_the_rule(
    campaign: Campaign, manager: User, change: dict[str, Any], field: str
) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [[0]])
    with pytest.raises(Invalid) as refused:
        set_vote(vote.category, replace(draft_of(vote), **change), actor=manager)
    assert refused.value.fields[field][0].code == "vote_locked"


def test_method_stays_once_somebody_has_voted(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, Rule.BUDGET)
    cast_ballots(vote, [[0]])
    with pytest.raises(Invalid) as refused:
        set_vote(vote.category, replace(draft_of(vote), method=Method.GREEDY), actor=manager)
    assert "method" in refused.value.fields


def test_database_locks_the_rule_past_the_services(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [[0]])
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(most_choices=9)


def test_explanation_and_audience_can_change_while_people_vote(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [[0]])
    changed = replace(draft_of(vote), explanation="One more week.", results=Shown.LIVE)
    stored = set_vote(vote.category, changed, actor=manager)
    assert (stored.explanation, stored.results) == ("One more week.", Shown.LIVE)


@pytest.mark.parametrize("who", ["moderator", "analyst", "outsider"])
def test_only_managers_set_up_votes(campaign: Campaign, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed) as refused:
        set_vote(category_of(campaign, "plan"), draft(), actor=request.getfixturevalue(who))
    assert refused.value.code == "not_manager"


def test_vote_with_ballots_is_not_removed(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [[0]])
    with pytest.raises(NotAllowed) as refused:
        remove_vote(vote, actor=manager)
    assert refused.value.code == "vote_has_ballots"


def test_removed_vote_leaves_the_places_of_the_city(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, n_options=2)
    remove_vote(vote, actor=manager)
    assert not Vote.objects.exists()
    assert Contribution.objects.filter(category=vote.category).count() == 2


def test_category_with_a_vote_is_not_removed(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, n_options=0)
    with pytest.raises(NotAllowed) as refused:
        remove_category(vote.category, actor=manager)
    assert refused.value.code == "category_has_vote"


def test_numbers_of_options_and_ballots_are_counted(campaign: Campaign) -> None:
    vote = make_vote(campaign, n_options=3)
    vote.options.filter(pk=vote.options.order_by("pk")[0].pk).update(withdrawn_at=campaign.opens_at)
    cast_ballots(vote, [[0], [1]])
    make_vote(campaign, n_options=0, slug="another")
    assert [(one.options, one.ballots) for one in votes_of(campaign)] == [(2, 2), (0, 0)]


def test_changed_rule_is_taken_back(campaign: Campaign, manager: User) -> None:
    category = category_of(campaign, "plan")
    set_vote(category, draft(), actor=manager)
    set_vote(category, draft(Rule.POINTS), actor=manager)
    undo(campaign, manager)
    assert Vote.objects.get().rule == Rule.UP_TO


def test_new_vote_is_taken_back(campaign: Campaign, manager: User) -> None:
    set_vote(category_of(campaign, "plan"), draft(), actor=manager)
    undo(campaign, manager)
    assert not Vote.objects.exists()


def test_rule_changed_past_the_history_stays(campaign: Campaign, manager: User) -> None:
    set_vote(category_of(campaign, "plan"), draft(), actor=manager)
    Vote.objects.update(most_choices=7)
    with pytest.raises(Conflict) as refused:
        undo(campaign, manager)
    assert refused.value.code == "changed_meanwhile"


def test_copy_of_a_campaign_has_the_rule_and_neither_options_nor_ballots(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.BUDGET, explanation="A sum.")
    cast_ballots(vote, [[0]])
    copy = copied(campaign, slug="again", title="Again")
    found = Vote.objects.of(copy).get()
    assert (found.rule, found.budget, found.explanation) == (vote.rule, vote.budget, vote.explanation)
    assert found.lot != vote.lot
    assert (found.options.count(), found.ballots.count()) == (0, 0)


def undo(campaign: Campaign, manager: User) -> None:
    newest = CampaignChange.objects.filter(campaign=campaign).first()
    assert newest is not None
    assert undoing.undoable(campaign) == newest
    made = undoing.undo(campaign, manager, newest.pk)
    assert made.undoes == newest
