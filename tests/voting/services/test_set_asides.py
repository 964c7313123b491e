"""Spans whose ballots do not count, with reason and record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign
from mapping.services.errors import Invalid, NotAllowed
from tests import personas
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.counting.bursts import INTERVAL
from voting.models import Ballot, SetAside, StoredResult, Vote
from voting.services.casting import cast
from voting.services.set_asides import count_again, counts_by_interval, marks_of, set_aside

NOW = timezone.now()
HOUR = timedelta(hours=1)
BEGIN = NOW - 24 * HOUR


def ballots_at(vote: Vote, *hours: int, on_paper: bool = False) -> list[Ballot]:
    """One ballot for each hour after `BEGIN`."""
    made = cast_ballots(vote, [[0]] * len(hours), on_paper=on_paper)
    for ballot, hour in zip(made, hours, strict=True):
        Ballot.objects.filter(pk=ballot.pk).update(created_at=BEGIN + hour * HOUR)
    return made


def counted(vote: Vote) -> int:
    return Ballot.objects.filter(vote=vote).counted().count()


def test_ballots_of_a_span_do_not_count_until_they_are_counted_again(
    campaign: Campaign, manager: User
) -> None:
    vote = make_vote(campaign)
    ballots_at(vote, 1, 2, 3, 4)
    mark = set_aside(vote, BEGIN + 2 * HOUR, BEGIN + 4 * HOUR, "One machine voted all night.", actor=manager)
    assert counted(vote) == 2  # those at the first hour and at the end, which is excluded
    (listed,) = marks_of(vote)
    assert (listed.number, listed.reason, listed.created_by) == (2, "One machine voted all night.", manager)  # type: ignore[attr-defined]
    count_again(mark, actor=manager)
    count_again(mark, actor=manager)
    assert counted(vote) == 4
    (listed,) = marks_of(vote)
    assert listed.undone_at is not None


def test_ballots_on_paper_and_of_other_votes_count(campaign: Campaign, manager: User) -> None:
    vote, other = make_vote(campaign), make_vote(campaign, slug="other")
    ballots_at(vote, 1)
    ballots_at(vote, 1, on_paper=True)
    ballots_at(other, 1)
    set_aside(vote, BEGIN, NOW, "x", actor=manager)
    assert (counted(vote), counted(other)) == (1, 1)


def test_spans_that_overlap_take_each_ballot_once(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign)
    ballots_at(vote, 1, 2, 3)
    first = set_aside(vote, BEGIN, BEGIN + 2 * HOUR, "x", actor=manager)
    set_aside(vote, BEGIN, BEGIN + 3 * HOUR, "y", actor=manager)
    assert [mark.number for mark in marks_of(vote)] == [1, 1]  # type: ignore[attr-defined]
    count_again(first, actor=manager)
    assert counted(vote) == 2


def test_changed_ballot_still_does_not_count(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign)
    person = personas.make_participant(campaign)
    cast(vote, person, {}, at=NOW - HOUR)
    set_aside(vote, NOW - 2 * HOUR, NOW, "x", actor=manager)
    cast(vote, person, {options_of(vote)[1].contribution_id: 1})
    assert counted(vote) == 0


@pytest.mark.parametrize(
    ("hours", "reason", "problems"),
    [
        ((0, 5), " ", {"reason": "required"}),
        ((0, 5), "x" * 301, {"reason": "too_long"}),
        ((5, 5), "x", {"ends_at": "span_inverted"}),
        ((5, 4), "", {"reason": "required", "ends_at": "span_inverted"}),
        ((0, 48), "x", {"ends_at": "span_in_future"}),
        ((10, 12), "x", {"starts_at": "span_without_ballots"}),
    ],
)
def test_wrong_span_is_refused(
    campaign: Campaign, manager: User, hours: tuple[int, int], reason: str, problems: dict[str, str]
) -> None:
    vote = make_vote(campaign)
    ballots_at(vote, 1, 2)
    with pytest.raises(Invalid) as refused:
        set_aside(vote, BEGIN + hours[0] * HOUR, BEGIN + hours[1] * HOUR, reason, actor=manager)
    assert {name: found[0].code for name, found in refused.value.fields.items()} == problems
    assert not SetAside.objects.exists()
    assert counted(vote) == 2


def test_nothing_is_marked_once_the_result_is_stored(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign)
    ballots_at(vote, 1, 2)
    mark = set_aside(vote, BEGIN, BEGIN + 2 * HOUR, "x", actor=manager)
    StoredResult.objects.create(vote=vote, content={}, digest="x")
    with pytest.raises(NotAllowed, match="voting_counted"):
        set_aside(vote, BEGIN, NOW, "x", actor=manager)
    with pytest.raises(NotAllowed, match="voting_counted"):
        count_again(mark, actor=manager)


@pytest.mark.parametrize("who", ["anonymous", "outsider", "analyst", "moderator", "dismissed"])
def test_only_managers_mark(campaign: Campaign, manager: User, who: str) -> None:
    vote = make_vote(campaign)
    ballots_at(vote, 1, 2)
    mark = set_aside(vote, BEGIN, BEGIN + 2 * HOUR, "x", actor=manager)
    user = personas.user_called(who, campaign)
    with pytest.raises(NotAllowed, match="not_manager"):
        set_aside(vote, BEGIN, NOW, "x", actor=user)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="not_manager"):
        count_again(mark, actor=user)  # type: ignore[arg-type]


def test_ballots_are_counted_by_ten_minutes_online_only(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    begin = BEGIN.replace(minute=0, second=0, microsecond=0)
    made = [*ballots_at(vote, 0, 0, 0), *ballots_at(vote, 0, on_paper=True)]
    for ballot, minutes in zip(made, (0, 9, 10, 5), strict=True):
        Ballot.objects.filter(pk=ballot.pk).update(created_at=begin + timedelta(minutes=minutes))
    assert counts_by_interval(vote) == {begin: 2, begin + INTERVAL: 1}
    Ballot.objects.update(created_at=None)
    assert counts_by_interval(vote) == {}
