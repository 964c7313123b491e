"""The Method of Equal Shares once more: exact, slow, written from its definition, to compare with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voting.counting.profile import Project


@dataclass(frozen=True)
class SlowResult:
    """What was bought in which order and at which price per euro, by how much the share was raised, and the rest."""

    bought: tuple[int, ...]
    prices: tuple[Fraction, ...]
    raised: int
    filled: tuple[int, ...]

    @property
    def winners(self) -> tuple[int, ...]:
        """All who won."""
        return self.bought + self.filled


def slow_equal_shares(
    projects: Sequence[Project], ballots: Sequence[frozenset[int]], budget: int
) -> SlowResult:
    """Who wins by equal shares, one ballot after the other in fractions, step by step without any jump."""
    by_key = {one.key: one for one in projects}
    votes = {key: sum(key in one for one in ballots) for key in by_key}
    supported = {key: one for key, one in by_key.items() if votes[key]}
    if not ballots or not supported:
        return SlowResult((), (), 0, ())
    raised = 0
    found = _one_run(supported, votes, ballots, Fraction(budget, len(ballots)))
    if sum(one.cost for one in supported.values()) > budget:
        while True:
            more = _one_run(supported, votes, ballots, Fraction(budget, len(ballots)) + raised + 1)
            if sum(by_key[key].cost for key in more[0]) > budget:
                break
            found, raised = more, raised + 1
    bought, prices = found
    left = budget - sum(by_key[key].cost for key in bought)
    filled = []
    for one in sorted(supported.values(), key=lambda one: (-votes[one.key], one.cost, one.lot)):
        if one.key not in bought and one.cost <= left:
            filled.append(one.key)
            left -= one.cost
    return SlowResult(bought, prices, raised, tuple(filled))


def _one_run(
    projects: Mapping[int, Project],
    votes: Mapping[int, int],
    ballots: Sequence[frozenset[int]],
    share: Fraction,
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    money = [share] * len(ballots)
    bought: list[int] = []
    prices: list[Fraction] = []
    while True:
        offers = []
        for key, one in projects.items():
            if key in bought:
                continue
            supporters = [number for number, ballot in enumerate(ballots) if key in ballot]
            if sum(money[number] for number in supporters) >= one.cost:
                most = _most_paid(sorted(money[number] for number in supporters), one.cost)
                offers.append((most / one.cost, -votes[key], one.cost, one.lot, key, most, supporters))
        if not offers:
            return tuple(bought), tuple(prices)
        price, *_, key, most, supporters = min(offers)
        for number in supporters:
            money[number] -= min(money[number], most)
        bought.append(key)
        prices.append(price)


def _most_paid(purses: Sequence[Fraction], cost: int) -> Fraction:
    """The least that each pays at most, so that all together pay the cost; purses ascending."""
    left = Fraction(cost)
    for number, purse in enumerate(purses):
        rest = len(purses) - number
        if purse * rest >= left:
            return left / rest
        left -= purse
    raise AssertionError("They cannot afford it.")
