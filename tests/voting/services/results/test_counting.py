"""Results of each rule, counted from stored ballots."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.models import Campaign, District, DistrictLayer
from tests.personas import area
from tests.voting.making import cast_ballots, make_option, make_vote, options_of
from voting.models import Method, OptionChange, OptionChangeKind, Rule, SetAside, Vote
from voting.services.results import Result, count, result_of

pytestmark = pytest.mark.django_db


def counted(vote: Vote) -> Result:
    """The result now."""
    return result_of(vote, timezone.now())


def votes_in(result: Result, vote: Vote) -> list[int]:
    """Votes in the order in which the options were made."""
    return [result.option(one.pk).votes for one in options_of(vote)]


def test_votes_are_counted_online_and_on_paper_with_empty_ballots(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.UP_TO, 3, winners=1)
    cast_ballots(vote, [(0, 1), (1,), ()])
    cast_ballots(vote, [(1, 2)], on_paper=True)
    result = counted(vote)
    assert (result.ballots, result.online, result.paper) == (4, 3, 1)
    assert votes_in(result, vote) == [1, 3, 1]
    assert [one.place for one in result.options] == [1, 2, 2]
    assert result.winners == (options_of(vote)[1].pk,)
    assert result.people_with_a_win == 3
    assert count(vote, timezone.now(), counts_empty=True).empty == 1


def test_ballots_set_aside_do_not_count_and_the_reason_is_published(campaign: Campaign) -> None:
    now = timezone.now()
    vote = make_vote(campaign, Rule.UP_TO, 2, winners=1)
    aside = SetAside.objects.create(
        vote=vote, starts_at=now - timedelta(hours=1), ends_at=now, reason="One script sent them."
    )
    cast_ballots(vote, [(0,), (0, 1)])
    cast_ballots(vote, [(1,)] * 3, set_aside=aside)
    result = counted(vote)
    assert (result.ballots, result.set_aside) == (2, 3)
    assert votes_in(result, vote) == [2, 1]
    assert [(one.reason, one.ballots) for one in result.set_asides] == [("One script sent them.", 3)]
    assert result.people_with_a_win == 2


def test_votes_against_are_subtracted(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.FOR_AGAINST, 2, winners=2)
    cast_ballots(vote, [{0: 1, 1: 1}, {0: -1, 1: 1}, {0: -1}])
    result = counted(vote)
    first, second = (result.option(one.pk) for one in options_of(vote))
    assert (first.votes, first.against, first.score) == (1, 2, -1)
    assert (second.votes, second.against, second.score) == (2, 0, 2)
    assert result.winners == (second.key,)  # more people are against the other one


def test_points_are_added_up(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.POINTS, 2, winners=1)
    cast_ballots(vote, [{0: 3, 1: 2}, {1: 3}, {0: 1}])
    result = counted(vote)
    assert [result.option(one.pk).points for one in options_of(vote)] == [4, 5]
    assert votes_in(result, vote) == [2, 2]
    assert result.winners == (options_of(vote)[1].pk,)


def test_ranking_has_places_points_and_duels(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.RANKING, 3, winners=1)
    cast_ballots(vote, [(0, 1, 2)] * 3 + [(1, 0)] * 2 + [(2,)])
    result = counted(vote)
    a, b, c = (one.pk for one in options_of(vote))
    assert result.order is not None
    assert result.order.places == ((a,), (b,), (c,))
    assert (a, b, 3) in result.order.duels
    assert [result.option(key).points for key in (a, b, c)] == [13, 12, 6]
    assert result.people_with_a_win == 3  # put it first


def test_tie_at_the_last_place_is_said_and_decided_by_lot(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.UP_TO, 3, winners=2)
    cast_ballots(vote, [(0,), (0,), (1,), (2,)])
    result = counted(vote)
    first, second, third = (one.pk for one in options_of(vote))
    assert result.winners[0] == first
    assert result.ties == ((second, third),)
    assert counted(vote).winners == result.winners


def test_nobody_wins_without_votes_or_without_a_number_of_winners(campaign: Campaign) -> None:
    for number, rule in enumerate((Rule.ONE_OF, Rule.RANKING, Rule.POINTS)):
        vote = make_vote(campaign, rule, 2, winners=1, slug=f"vote-{number}")
        cast_ballots(vote, [()])
        assert counted(vote).winners == ()
    other = make_vote(campaign, Rule.ONE_OF, 2, slug="other")
    cast_ballots(other, [(0,)])
    assert (counted(other).winners, counted(other).people_with_a_win) == ((), None)


def test_budget_has_both_methods_side_by_side(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 4, costs=[300, 300, 300, 300], budget=1000)
    cast_ballots(vote, [(0, 1, 2)] * 6 + [(3,)] * 4)
    result = counted(vote)
    minority = options_of(vote)[3].pk
    greedy, shares = result.spending["greedy"], result.spending["equal_shares"]
    assert minority not in greedy.winners
    assert minority in shares.winners
    assert (greedy.people_with_a_win, shares.people_with_a_win) == (6, 10)
    assert result.method == Method.EQUAL_SHARES
    assert (result.winners, result.spent) == (shares.winners, 900)
    assert shares.share == 10_000
    step = next(one for one in shares.steps if one.key == minority)
    assert (step.payment, step.in_full, step.rest) == (7_500, 4, 0)


def test_withdrawn_option_keeps_its_votes_and_cannot_win(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 2, costs=[10, 10], budget=10)
    cast_ballots(vote, [(0,), (0,), (1,)])
    gone = options_of(vote)[0]
    gone.withdrawn_at = timezone.now()
    gone.save()
    result = counted(vote)
    assert result.option(gone.pk).votes == 2
    assert result.option(gone.pk).place is None
    assert result.options[-1].key == gone.pk
    assert result.winners == (options_of(vote)[1].pk,)


def test_option_without_cost_takes_no_part_in_a_budget(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 1, costs=[10], budget=10)
    make_option(vote, "No cost")
    cast_ballots(vote, [(1,), (1,), (0,)])
    assert counted(vote).winners == (options_of(vote)[0].pk,)


def test_districts_are_shown_from_ten_ballots_on(campaign: Campaign) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    large = District.objects.create(layer=layer, code="1", name="Centre", geom=area())
    small = District.objects.create(layer=layer, code="2", name="West", geom=area())
    vote = make_vote(campaign, Rule.APPROVAL, 2, costs=[10, 10], budget=10)
    cast_ballots(vote, [(0,)] * 9 + [(1,)], district=large)
    cast_ballots(vote, [(1,)] * 9, district=small)
    shares = counted(vote).spending["greedy"].districts
    assert [(one.name, one.ballots) for one in shares] == [("Centre", 10)]


def test_changes_of_options_are_part_of_the_result(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 1, costs=[10], budget=10)
    OptionChange.objects.create(
        option=options_of(vote)[0], kind=OptionChangeKind.COST, before="8", after="10", reason="Steel"
    )
    assert [(one.kind, one.before, one.after, one.reason) for one in counted(vote).changes] == [
        ("cost", "8", "10", "Steel")
    ]


def test_live_result_follows_each_ballot(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.UP_TO, 2)
    cast_ballots(vote, [(0,)])
    assert counted(vote).ballots == 1
    (second,) = cast_ballots(vote, [(1,)])
    assert counted(vote).ballots == 2
    second.delete()
    assert counted(vote).ballots == 1


def test_constant_number_of_queries(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 12)
    cast_ballots(vote, [(0, 1, 2)] * 20)
    with CaptureQueriesContext(connection) as found:
        counted(vote)
    assert len(found) <= 11
