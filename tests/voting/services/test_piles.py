"""Ballots on paper: entered by pile, compared with the count by hand, closed and opened again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import RestrictedError

from accounts.models import User
from mapping.models import Campaign
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from tests import personas
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.models import Ballot, BallotPile, Rule, SetAside, StoredResult, Vote
from voting.services.piles import (
    AGAINST,
    MOST_COUNTED,
    close_pile,
    compare_pile,
    count_pile,
    delete_ballot,
    delete_pile,
    enter_ballot,
    open_pile,
    piles_of,
    reopen_pile,
)

BALLOTS = {
    Rule.FOR_AGAINST: ({0: 1, 1: -1}, {0: 1}, [2, 0, 0, 0, 1, 0]),
    Rule.ONE_OF: ({0: 1}, {0: 1}, [2, 0, 0]),
    Rule.UP_TO: ({0: 1, 1: 1}, {0: 1}, [2, 1, 0]),
    Rule.POINTS: ({0: 3, 1: 2}, {0: 1}, [4, 2, 0]),
    Rule.BUDGET: ({0: 1, 1: 1}, {0: 1}, [2, 1, 0]),
    Rule.APPROVAL: ({0: 1, 1: 1}, {0: 1}, [2, 1, 0]),
    Rule.RANKING: ({0: 1, 1: 2}, {1: 1}, [1, 1, 0]),
}
"""Two ballots of each rule, and the totals of the three options."""


def enter(pile: BallotPile, marks: dict[int, int], actor: User) -> Ballot:
    options = options_of(pile.vote)
    choices = {options[number].contribution_id: value for number, value in marks.items()}
    return enter_ballot(pile, choices, actor=actor)


def pile_of(vote: Vote, actor: User, name: str = "1") -> BallotPile:
    return open_pile(vote, name, actor=actor)


@pytest.mark.parametrize("rule", list(Rule))
def test_piles_of_every_rule_are_compared(campaign: Campaign, moderator: User, rule: Rule) -> None:
    vote = make_vote(campaign, rule)
    pile = pile_of(vote, moderator)
    first, second, expected = BALLOTS[rule]
    for marks in (first, second, {}):
        enter(pile, marks, moderator)
    found = compare_pile(pile)
    assert (found.entered, found.agrees) == (3, None)
    order = [total.is_against for total in found.totals]
    assert order == ([False, True] * 3 if rule == Rule.FOR_AGAINST else [False] * 3)
    entered = [total.entered for total in sorted(found.totals, key=lambda one: one.is_against)]
    assert entered == expected
    assert all(ballot.is_on_paper and ballot.participant is None for ballot in vote.ballots.all())


def test_difference_from_the_count_by_hand_is_shown(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    pile = pile_of(vote, moderator)
    enter(pile, {0: 1, 1: 1}, moderator)
    ids = [str(option.contribution_id) for option in options_of(vote)]
    count_pile(pile, 2, {ids[0]: 1, ids[1]: None}, actor=moderator)
    pile.refresh_from_db()
    found = compare_pile(pile)
    assert (found.difference, found.agrees) == (-1, False)
    assert [total.difference for total in found.totals] == [0, None, None]
    count_pile(pile, 1, {ids[0]: 1, ids[1]: 1}, actor=moderator)
    pile.refresh_from_db()
    assert compare_pile(pile).agrees is True


def test_votes_against_have_totals_of_their_own(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign, Rule.FOR_AGAINST, 1)
    pile = pile_of(vote, moderator)
    enter(pile, {0: -1}, moderator)
    key = str(options_of(vote)[0].contribution_id)
    count_pile(pile, 1, {key: 0, f"{key}{AGAINST}": 1}, actor=moderator)
    pile.refresh_from_db()
    assert compare_pile(pile).agrees is True


@pytest.mark.parametrize("number", [-1, MOST_COUNTED + 1])
def test_impossible_counts_are_refused(campaign: Campaign, moderator: User, number: int) -> None:
    pile = pile_of(make_vote(campaign), moderator)
    with pytest.raises(Invalid) as refused:
        count_pile(pile, number, {str(uuid4()): 1}, actor=moderator)
    assert {name: problems[0].code for name, problems in refused.value.fields.items()} == {
        "counted": "not_a_count",
        next(name for name in refused.value.fields if name != "counted"): "unknown_total",
    }


def test_ballot_is_checked_as_online_ones_are(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign, Rule.ONE_OF)
    pile = pile_of(vote, moderator)
    with pytest.raises(Invalid):
        enter(pile, {0: 1, 1: 1}, moderator)
    with pytest.raises(Invalid):
        enter_ballot(pile, {uuid4(): 1}, actor=moderator)
    assert not vote.ballots.exists()


def test_withdrawn_option_can_be_chosen_on_paper(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    option = options_of(vote)[0]
    option.withdrawn_at = option.contribution.created_at
    option.save()
    enter(pile_of(vote, moderator), {0: 1}, moderator)
    assert option.choices.count() == 1


def test_closed_pile_stays_as_it_is_until_a_manager_opens_it(
    campaign: Campaign, moderator: User, manager: User
) -> None:
    pile = pile_of(make_vote(campaign), moderator)
    ballot = enter(pile, {0: 1}, moderator)
    close_pile(pile, actor=moderator)
    close_pile(pile, actor=moderator)
    for change in (
        lambda: enter(pile, {0: 1}, moderator),
        lambda: delete_ballot(pile, ballot.pk, actor=moderator),
        lambda: count_pile(pile, 1, {}, actor=moderator),
    ):
        with pytest.raises(NotAllowed, match="pile_closed"):
            change()
    with pytest.raises(NotAllowed, match="not_manager"):
        reopen_pile(pile, actor=moderator)
    reopen_pile(pile, actor=manager)
    delete_ballot(pile, ballot.pk, actor=moderator)
    delete_ballot(pile, ballot.pk, actor=moderator)
    assert not pile.ballots.exists()


def test_pile_is_deleted_only_while_it_is_empty(campaign: Campaign, moderator: User) -> None:
    pile = pile_of(make_vote(campaign), moderator)
    ballot = enter(pile, {}, moderator)
    with pytest.raises(Conflict, match="pile_not_empty"):
        delete_pile(pile, actor=moderator)
    delete_ballot(pile, ballot.pk, actor=moderator)
    delete_pile(pile, actor=moderator)
    with pytest.raises(Conflict, match="gone"):
        enter(pile, {}, moderator)


def test_pile_with_a_name_is_opened_once(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    assert pile_of(vote, moderator) == pile_of(vote, moderator, " 1 ")
    with pytest.raises(Invalid):
        pile_of(vote, moderator, "  ")
    pile_of(vote, moderator, "2")
    assert [(pile.name, pile.entered) for pile in piles_of(vote)] == [("1", 0), ("2", 0)]  # type: ignore[attr-defined]


def test_ballot_of_another_pile_is_not_deleted(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    ballot = enter(pile_of(vote, moderator), {0: 1}, moderator)
    delete_ballot(pile_of(vote, moderator, "2"), ballot.pk, actor=moderator)
    assert vote.ballots.count() == 1


def test_nothing_is_entered_once_the_result_is_stored(
    campaign: Campaign, moderator: User, manager: User
) -> None:
    vote = make_vote(campaign)
    pile = pile_of(vote, moderator)
    StoredResult.objects.create(vote=vote, content={}, digest="x")
    for change in (
        lambda: enter(pile, {0: 1}, moderator),
        lambda: pile_of(vote, moderator, "2"),
        lambda: reopen_pile(pile, actor=manager),
        lambda: count_pile(pile, 1, {}, actor=moderator),
    ):
        with pytest.raises(NotAllowed, match="voting_counted"):
            change()


@pytest.mark.parametrize("who", ["anonymous", "outsider", "analyst", "dismissed"])
def test_only_who_enters_paper_enters_ballots(campaign: Campaign, moderator: User, who: str) -> None:
    vote = make_vote(campaign)
    pile = pile_of(vote, moderator)
    user = personas.user_called(who, campaign)
    for change in (
        lambda: open_pile(vote, "2", actor=user),  # type: ignore[arg-type]
        lambda: enter_ballot(pile, {}, actor=user),  # type: ignore[arg-type]
        lambda: delete_pile(pile, actor=user),  # type: ignore[arg-type]
        lambda: close_pile(pile, actor=user),  # type: ignore[arg-type]
    ):
        with pytest.raises(DomainError, match="not_member"):
            change()


def test_draft_has_no_ballots(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(is_draft=True)
    with pytest.raises(NotAllowed, match="campaign_draft"):
        open_pile(Vote.objects.get(pk=vote.pk), "1", actor=moderator)


def test_piles_and_marks_go_with_their_vote_and_not_alone(campaign: Campaign, moderator: User) -> None:
    vote = make_vote(campaign)
    pile = pile_of(vote, moderator)
    enter(pile, {0: 1}, moderator)
    moment = pile.created_at
    mark = SetAside.objects.create(
        vote=vote, starts_at=moment, ends_at=moment + timedelta(hours=1), reason="x"
    )
    cast_ballots(vote, [[0]], set_aside=mark)
    for held in (pile, mark):
        with pytest.raises(RestrictedError):
            held.delete()
    vote.delete()
    assert not Ballot.objects.exists()
