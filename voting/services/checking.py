"""What a ballot may hold: choices checked against the rule of their vote, online and on paper."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from mapping.services.checking.content import Collected
from mapping.wording import in_words_number
from voting.models import Option, Rule, Vote

CHOICES: Final = "choices"
"""The field of problems that belong to no single option; those of an option are at `choices.<id>`."""


def field_of(option: UUID) -> str:
    """The name of the field of an option, by the id of its contribution."""
    return f"{CHOICES}.{option}"


def check_choices(
    vote: Vote,
    options: Iterable[Option],
    choices: Mapping[UUID, int],
    *,
    allow_withdrawn: bool = False,
) -> None:
    """Raise Invalid with every problem of a ballot: `choices` are values (see `Rule`) by the id of a contribution.

    `options` are all public ones of the vote. Withdrawn and merged ones cannot be chosen any more, except on paper that
    was printed before (`allow_withdrawn`). A ballot without choices is valid: it counts as one.
    """
    problems = Collected()
    known = {option.contribution_id: option for option in options}
    most = _most(vote, sum(allow_withdrawn or is_standing(one) for one in known.values()))
    for pk, value in choices.items():
        option = known.get(pk)
        if option is None:
            problems.add(field_of(pk), "option_unknown")
        elif not allow_withdrawn and option.merged_into_id is not None:
            problems.add(field_of(pk), "option_merged")
        elif not allow_withdrawn and option.withdrawn_at is not None:
            problems.add(field_of(pk), "option_withdrawn")
        elif (code := _wrong_value(vote, value)) is not None:
            problems.add(field_of(pk), code, most=most)
    if not problems.fields:
        _check_whole(vote, known, choices, problems)
    if not problems.fields and vote.rule == Rule.RANKING:
        _check_ranks(most, choices, problems)
    problems.raise_if_any()


def is_standing(option: Option) -> bool:
    """Whether an option can be chosen: not withdrawn, not merged into another one."""
    return option.withdrawn_at is None and option.merged_into_id is None


def most_ranks(vote: Vote, number: int) -> int:
    """How many of a number of options can be ranked."""
    return number if vote.most_choices is None else min(vote.most_choices, number)


def _wrong_value(vote: Vote, value: int) -> str | None:
    """The code of what is wrong with one value, None where it may be right."""
    match vote.rule:
        case Rule.FOR_AGAINST:
            return None if value in {1, -1} else "not_for_or_against"
        case Rule.POINTS:
            return None if 1 <= value <= (vote.most_points or 0) else "points_out_of_range"
        case Rule.RANKING:
            return None if value >= 1 else "rank_out_of_range"
        case _:
            return None if value == 1 else "not_chosen"


def _most(vote: Vote, number: int) -> int:
    """The greatest value of one of a number of options."""
    match vote.rule:
        case Rule.POINTS:
            return vote.most_points or 0
        case Rule.RANKING:
            return most_ranks(vote, number)
        case _:
            return 1


def _check_whole(
    vote: Vote, known: Mapping[UUID, Option], choices: Mapping[UUID, int], problems: Collected
) -> None:
    """Check what the values are together."""
    match vote.rule:
        case Rule.ONE_OF if len(choices) > 1:
            problems.add(CHOICES, "too_many_chosen", most=1, given=len(choices))
        case Rule.UP_TO if vote.most_choices is not None and len(choices) > vote.most_choices:
            problems.add(CHOICES, "too_many_chosen", most=vote.most_choices, given=len(choices))
        case Rule.POINTS if (given := sum(choices.values())) > (vote.points or 0):
            problems.add(CHOICES, "too_many_points", most=vote.points, given=given)
        case Rule.BUDGET if (cost := _cost_of(known, choices)) > (vote.budget or 0):
            sums = {"most": vote.budget or 0, "given": cost, "over": cost - (vote.budget or 0)}
            words = {name: in_words_number(number) for name, number in sums.items()}
            problems.add(CHOICES, "over_budget", **words)


def _cost_of(known: Mapping[UUID, Option], choices: Mapping[UUID, int]) -> int:
    """What chosen options cost together, in whole euros."""
    return sum(known[pk].cost or 0 for pk in choices)


def _check_ranks(most: int, choices: Mapping[UUID, int], problems: Collected) -> None:
    """Ranks are 1, 2, 3 ... without a gap, each given once."""
    if len(choices) > most:
        problems.add(CHOICES, "too_many_chosen", most=most, given=len(choices))
        return
    seen: set[int] = set()
    for pk, rank in choices.items():
        if rank in seen:
            problems.add(field_of(pk), "rank_repeated", rank=rank)
        elif rank > most:
            problems.add(field_of(pk), "rank_out_of_range", most=most)
        seen.add(rank)
    if not problems.fields and seen and max(seen) > len(seen):
        missing = next(rank for rank in range(1, len(seen) + 1) if rank not in seen)
        problems.add(CHOICES, "rank_missing", rank=missing)
