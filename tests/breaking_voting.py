"""The same for votes, for `tests.breaking`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mapping.models import Contribution
from tests import personas
from voting.models import (
    Ballot,
    BallotPile,
    Choice,
    CodeSeries,
    Option,
    OptionChange,
    Rule,
    SetAside,
    Vote,
    VotingCode,
)

Break = Callable[[Contribution], object]


def vote(stored: Contribution, **fields: Any) -> Vote:
    return Vote.objects.create(**({"category": stored.category, "rule": Rule.ONE_OF} | fields))


def vote_with(**fields: Any) -> Break:
    return lambda stored: vote(stored, **fields)


def option(stored: Contribution, **fields: Any) -> Option:
    return Option.objects.create(vote=vote(stored), contribution=stored, **fields)


def option_with(**fields: Any) -> Break:
    return lambda stored: option(stored, **fields)


def option_merged_into_itself(stored: Contribution) -> None:
    made = option(stored)
    Option.objects.filter(pk=made.pk).update(merged_into=made)


def series(stored: Contribution) -> CodeSeries:
    return CodeSeries.objects.create(campaign=stored.campaign, name="Letters")


def series_twice(stored: Contribution) -> None:
    for _time in range(2):
        series(stored)


def code_number_twice(stored: Contribution) -> None:
    of = series(stored)
    for digest in (b"1", b"2"):
        VotingCode.objects.create(series=of, number=1, digest=digest)


def pile(of: Vote) -> BallotPile:
    return BallotPile.objects.create(vote=of, name="Town hall")


def pile_twice(stored: Contribution) -> None:
    of = vote(stored)
    for _time in range(2):
        pile(of)


def set_aside_with(**fields: Any) -> Break:
    values = {
        "starts_at": personas.EPOCH,
        "ends_at": personas.EPOCH + timedelta(hours=1),
        "reason": "A burst",
    }
    return lambda stored: SetAside.objects.create(vote=vote(stored), **(values | fields))


def ballot_of_a_person_and_a_pile(stored: Contribution) -> None:
    of = vote(stored)
    person = personas.make_participant(stored.campaign)
    Ballot.objects.create(vote=of, participant=person, pile=pile(of), is_on_paper=True)


def ballot_of_a_pile_online(stored: Contribution) -> None:
    of = vote(stored)
    Ballot.objects.create(vote=of, pile=pile(of))


def ballot_twice(stored: Contribution) -> None:
    of, person = vote(stored), personas.make_participant(stored.campaign)
    for _time in range(2):
        Ballot.objects.create(vote=of, participant=person)


def code_used_twice(stored: Contribution) -> None:
    of = vote(stored)
    code = VotingCode.objects.create(series=series(stored), number=1, digest=b"1")
    for _time in range(2):
        Ballot.objects.create(vote=of, code=code)


def choice_with(*values: int) -> Break:
    def make(stored: Contribution) -> None:
        chosen = option(stored)
        ballot = Ballot.objects.create(vote=chosen.vote)
        for value in values:
            Choice.objects.create(ballot=ballot, option=chosen, value=value)

    return make


def change_of_unknown_kind(stored: Contribution) -> None:
    OptionChange.objects.create(option=option(stored), kind="gossip")


OF_VOTING: list[tuple[str, Break]] = [
    ("vote_rule", vote_with(rule="loudest")),
    ("vote_results", vote_with(results="friends")),
    ("vote_method", vote_with(method="luck")),
    ("vote_most_choices", vote_with(most_choices=3)),
    ("vote_most_choices", vote_with(rule=Rule.UP_TO)),
    ("vote_most_choices", vote_with(rule=Rule.UP_TO, most_choices=0)),
    ("vote_points", vote_with(points=10, most_points=5)),
    ("vote_points", vote_with(rule=Rule.POINTS)),
    ("vote_points", vote_with(rule=Rule.POINTS, points=5)),
    ("vote_points", vote_with(rule=Rule.POINTS, points=5, most_points=6)),
    ("vote_points", vote_with(rule=Rule.POINTS, points=1001, most_points=6)),
    ("vote_budget", vote_with(budget=100)),
    ("vote_budget", vote_with(rule=Rule.BUDGET)),
    ("vote_budget", vote_with(rule=Rule.BUDGET, budget=999_999_999)),
    ("vote_winners", vote_with(winners=0)),
    ("vote_winners", vote_with(rule=Rule.APPROVAL, budget=100, winners=1)),
    ("option_cost", option_with(cost=0)),
    ("option_cost", option_with(cost=999_999_999)),
    ("option_not_merged_into_itself", option_merged_into_itself),
    ("optionchange_kind", change_of_unknown_kind),
    ("codeseries_name_once", series_twice),
    ("votingcode_number_once", code_number_twice),
    ("ballotpile_name_once", pile_twice),
    ("setaside_starts_before_it_ends", set_aside_with(ends_at=personas.EPOCH)),
    ("setaside_has_a_reason", set_aside_with(reason="")),
    ("ballot_once_per_participant", ballot_twice),
    ("ballot_once_per_code", code_used_twice),
    ("ballot_of_one_kind", ballot_of_a_person_and_a_pile),
    ("ballot_of_a_pile_is_on_paper", ballot_of_a_pile_online),
    ("choice_once_per_option", choice_with(1, 2)),
    ("choice_value", choice_with(0)),
    ("choice_value", choice_with(1001)),
    ("choice_value", choice_with(-2)),
]
