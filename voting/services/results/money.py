"""Who wins a sum of money by each method, and whom that reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mapping.models import District
from voting.counting.equal_shares import equal_shares
from voting.counting.greedy import greedy
from voting.counting.profile import Group, Project, people_with_a_win, votes_of
from voting.models import Method
from voting.services.results.shapes import DistrictShare, Spending, Step
from voting.services.results.tally import DistrictGroup

FEWEST_IN_A_DISTRICT = 10
"""Of districts with fewer ballots no share is published, whatever the campaign's smallest group."""


def spending_of(
    projects: Sequence[Project], found: Sequence[DistrictGroup], budget: int, k: int
) -> dict[str, Spending]:
    """Both methods side by side; `k` is the campaign's smallest group of people."""
    groups = _merged(found)
    votes = votes_of(projects, groups)
    most = greedy(projects, votes, budget)
    shares = equal_shares(projects, groups, budget)
    least = max(k, FEWEST_IN_A_DISTRICT)
    return {
        Method.GREEDY.value: Spending(
            winners=most.winners,
            spent=most.spent,
            people_with_a_win=people_with_a_win(most.winners, groups),
            ties=tuple(one.keys for one in most.ties),
            steps=tuple(Step(key, is_filled=True) for key in most.winners),
            districts=_districts(most.winners, found, least),
        ),
        Method.EQUAL_SHARES.value: Spending(
            winners=shares.winners,
            spent=shares.spent,
            people_with_a_win=people_with_a_win(shares.winners, groups),
            ties=tuple(one.keys for one in shares.ties),
            steps=(
                *(
                    Step(
                        one.key,
                        is_filled=False,
                        payment=round(one.payment * 100),
                        in_full=one.in_full,
                        rest=one.rest,
                    )
                    for one in shares.purchases
                ),
                *(Step(key, is_filled=True) for key in shares.filled),
            ),
            districts=_districts(shares.winners, found, least),
            share=round(shares.share * 100),
            raised=shares.raised,
        ),
    }


def _merged(found: Iterable[DistrictGroup]) -> list[Group]:
    """Equal ballots of all districts."""
    sizes: dict[frozenset[int], int] = {}
    for one in found:
        sizes[one.group.choices] = sizes.get(one.group.choices, 0) + one.group.size
    return [Group(choices, size) for choices, size in sizes.items()]


def _districts(
    winners: Sequence[int], found: Sequence[DistrictGroup], least: int
) -> tuple[DistrictShare, ...]:
    """The share of ballots with a winner, by district with at least so many ballots, in the order of their codes."""
    by_district: dict[int, list[Group]] = {}
    for one in found:
        if one.district is not None:
            by_district.setdefault(one.district, []).append(one.group)
    known: Mapping[int, District] = District.objects.defer("geom").in_bulk(by_district) if by_district else {}
    shares = []
    for key, district in known.items():
        ballots = sum(one.size for one in by_district[key])
        if ballots >= least:
            won = people_with_a_win(winners, by_district[key])
            shares.append(DistrictShare(district.code, district.name, ballots, won))
    return tuple(sorted(shares, key=lambda one: one.code))
