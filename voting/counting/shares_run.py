"""One run of the Method of Equal Shares with a given share, in floats where these decide and exactly where not.

D. Peters, G. Pierczyński and P. Skowron 2021, Proportional Participatory Budgeting with Additive Utilities, NeurIPS 34;
satisfaction is the cost of what was won. Each round takes the option with the smallest payment per euro: the least q so
that its supporters, each paying q or all that they have left, raise its cost. Equal prices: more votes, then the lower
cost, then the lot.

Fast because nobody's money is sorted: whoever has less than the payment pays everything, the payment rises, and so on
until it is the same; and prices only rise, so that options whose last price is above the best are left out. What the
rounding of floats could decide is decided by fractions: what a ballot has left is the share less the payments that it
made in full, so that exact sums need the numbers of payers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voting.counting.profile import Group, Project

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NEAR: Final = 1e-10
"""Prices are compared exactly where they differ by less than this share of themselves."""
_ROUNDING: Final = 1e-13
"""Upper bound of the error of a ballot's money, as a part of its share."""
_FEW: Final = 8_192
"""Up to so many pairs of a group and an option, runs also find how far the share can rise without any change."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a run bought: the most that one supporter paid (exact euros), and who paid how much.

    `in_full` supporters paid the whole payment, `rest` paid all that they had left, others had nothing left.
    """

    key: int
    payment: Fraction
    in_full: int
    rest: int


class Electorate:
    """Ballots and the options that somebody chose, as arrays; `ballots` includes those without choices."""

    def __init__(self, projects: Iterable[Project], groups: Sequence[Group]) -> None:
        projects = tuple(projects)
        known = frozenset(one.key for one in projects)
        sizes: dict[frozenset[int], int] = {}
        for group in groups:
            chosen = group.choices & known
            sizes[chosen] = sizes.get(chosen, 0) + group.size
        self.ballots = sum(sizes.values())
        sizes.pop(frozenset(), None)
        voters: dict[int, list[int]] = {key: [] for key in known}
        for number, chosen in enumerate(sizes):
            for key in chosen:
                voters[key].append(number)
        self.projects = tuple(one for one in projects if voters[one.key])
        self.costs = [one.cost for one in self.projects]
        self.supporters = [np.array(voters[one.key], dtype=np.int64) for one in self.projects]
        self.sizes: Integers = np.array(list(sizes.values()), dtype=np.int64)
        self.weights: Floats = self.sizes.astype(np.float64)
        self.votes = [int(self.sizes[one].sum()) for one in self.supporters]
        self.matrix: Floats | None = None
        if len(sizes) * len(self.projects) <= _FEW:
            self.matrix = np.zeros((len(sizes), len(self.projects)))
            for option, members in enumerate(self.supporters):
                self.matrix[members, option] = self.weights[members]


@dataclass(slots=True)
class _Offer:
    """An option that can be afforded: its payment, what of it may be rounding, and who pays all that they have."""

    option: int
    payment: float
    slack: float
    poor: Mask
    exact: Fraction | None = None


@dataclass(slots=True)
class _Round:
    option: int
    poor: Integers
    """Groups that paid all that they had, of those that had anything."""
    payers: Mask
    """Of all groups, those that paid in full."""
    in_full: int


@dataclass(slots=True)
class Run:
    """A run; `ranks` orders the options by lot. Call `finish()` once, then read."""

    electorate: Electorate
    share: Fraction
    ranks: Sequence[int]
    lots: set[tuple[int, int]] = field(default_factory=set)
    """Pairs of options (bought, passed over) that only the lot ordered."""
    steps_alike: float = 0.0
    """By how many euros the share can rise at least without any change of what is bought."""
    _rounds: list[_Round] = field(default_factory=list)
    _payments: list[Fraction] = field(default_factory=list)
    _money: Floats = field(init=False)
    _broke: Mask = field(init=False)
    _slopes: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Everyone has the whole share."""
        groups = len(self.electorate.sizes)
        self._money = np.full(groups, float(self.share))
        self._broke = np.zeros(groups, dtype=np.bool_)
        self._slopes = np.ones(groups)

    def finish(self) -> Run:
        """Buy until nothing more can be afforded."""
        self.steps_alike = float("inf") if self.electorate.matrix is not None else 0.0
        # Nobody has paid yet: an option costs each supporter 1 / votes of each of its euros.
        bounds = [1 / votes for votes in self.electorate.votes]
        open_options = list(range(len(bounds)))
        while True:
            offers, too_dear = self._offers(open_options, bounds)
            if not offers:
                break
            best = self._best(offers)
            open_options = [one for one in open_options if one != best.option and one not in too_dear]
            self._buy(best)
        self._limit_by_what_is_too_dear()
        return self

    @property
    def options(self) -> list[int]:
        """What was bought, as places in the electorate's options, in order."""
        return [one.option for one in self._rounds]

    @property
    def spent(self) -> int:
        """What it cost, in euros."""
        return sum(self.electorate.costs[one] for one in self.options)

    def purchases(self) -> tuple[Purchase, ...]:
        """What was bought, with exact payments."""
        sizes = self.electorate.sizes
        payments = self._exact_payments(len(self._rounds))
        return tuple(
            Purchase(
                self.electorate.projects[one.option].key, payment, one.in_full, int(sizes[one.poor].sum())
            )
            for one, payment in zip(self._rounds, payments, strict=True)
        )

    # Prices

    def _offers(self, options: list[int], bounds: list[float]) -> tuple[list[_Offer], set[int]]:
        """Offers of the options that may be the cheapest, and what nobody can afford any more."""
        found: list[_Offer] = []
        too_dear: set[int] = set()
        limit = float("inf")
        for option in sorted(options, key=bounds.__getitem__):
            if bounds[option] > limit:
                break
            cost = self.electorate.costs[option]
            offer = self._offer(option, bounds[option] * cost, limit * cost)
            if offer is None:
                too_dear.add(option)
                continue
            bounds[option] = (offer.payment - offer.slack) / cost
            if bounds[option] <= limit:
                limit = min(limit, (offer.payment + offer.slack) / cost)
                found.append(offer)
        return [one for one in found if bounds[one.option] <= limit], too_dear

    def _offer(self, option: int, payment: float, limit: float) -> _Offer | None:
        """An offer for an option, from a payment that is not above its own; None if nobody can afford it.

        Above the limit, the payment is only known to be at least so much.
        """
        cost, votes = self.electorate.costs[option], self.electorate.votes[option]
        members = self.electorate.supporters[option]
        money, weights = self._money[members], self.electorate.weights[members]
        rounding = _ROUNDING * float(self.share) * votes
        poor = money < payment
        number = -1
        while (count := int(np.count_nonzero(poor))) != number:
            number = count
            broke = weights * poor
            in_full = votes - float(broke.sum())
            if number == len(poor):
                break
            payment = (cost - float(broke @ money)) / in_full
            slack = _NEAR * payment + rounding / in_full
            if payment - slack > limit:
                return _Offer(option, payment, slack, poor)
            poor |= money < payment
        total = float(weights @ money)
        margin = rounding + _NEAR * cost
        if total < cost - margin or (total < cost + margin and self._sum(members) < cost):
            return None
        if number == len(poor):  # all pay everything, but for rounding
            poor = money < money.max()
            broke = weights * poor
            in_full = votes - float(broke.sum())
            payment = (cost - float(broke @ money)) / in_full
        return _Offer(option, payment, _NEAR * payment + rounding / in_full, poor)

    def _best(self, offers: Sequence[_Offer]) -> _Offer:
        """The cheapest offer; equal ones by votes, cost and lot."""
        if len(offers) == 1:
            return offers[0]
        costs, votes = self.electorate.costs, self.electorate.votes
        prices = [self._settled(one) / costs[one.option] for one in offers]
        least = min(prices)
        tied = [one for one, price in zip(offers, prices, strict=True) if price == least]
        tied.sort(key=lambda one: (-votes[one.option], costs[one.option], self.ranks[one.option]))
        best = tied[0]
        alike = (votes[best.option], costs[best.option])
        for other in tied[1:]:
            if (votes[other.option], costs[other.option]) == alike:
                self.lots.add((best.option, other.option))
        return best

    # Exact values

    def _settled(self, offer: _Offer) -> Fraction:
        """The exact payment of an offer, whose payers are corrected where rounding divided them wrongly."""
        if offer.exact is not None:
            return offer.exact
        members = self.electorate.supporters[offer.option]
        sizes = self.electorate.sizes[members]
        near = np.flatnonzero(self._near(offer))
        purses = self._purses(members[near])
        while True:
            in_full = int(sizes[~offer.poor].sum())
            exact = (self.electorate.costs[offer.option] - self._sum(members[offer.poor])) / in_full
            poor = np.array([purse < exact for purse in purses], dtype=np.bool_)
            if np.array_equal(offer.poor[near], poor):
                break
            offer.poor[near] = poor
        offer.exact, offer.payment = exact, float(exact)
        return exact

    def _near(self, offer: _Offer) -> Mask:
        """Supporters of whom rounding may decide whether they can pay in full."""
        money = self._money[self.electorate.supporters[offer.option]]
        near: Mask = np.abs(money - offer.payment) <= 2 * offer.slack
        return near

    def _purses(self, groups: Integers) -> list[Fraction]:
        """What each ballot of some groups has left."""
        if not len(groups):
            return []
        history = np.stack([self._broke[groups], *(one.payers[groups] for one in self._rounds)])
        _, first, kinds = np.unique(history, axis=1, return_index=True, return_inverse=True)
        purses = [self._sum(groups[[one]]) / int(self.electorate.sizes[groups[one]]) for one in first]
        return [purses[kind] for kind in kinds.ravel()]

    def _sum(self, groups: Integers) -> Fraction:
        """What the ballots of some groups have left together."""
        return self._sum_before(groups[~self._broke[groups]], len(self._rounds))

    def _sum_before(self, groups: Integers, rounds: int) -> Fraction:
        """What the ballots of groups with money had left before a round."""
        sizes = self.electorate.sizes[groups]
        total = self.share * int(sizes.sum())
        for payment, one in zip(self._exact_payments(rounds), self._rounds[:rounds], strict=True):
            if times := int(sizes[one.payers[groups]].sum()):
                total -= payment * times
        return total

    def _exact_payments(self, rounds: int) -> list[Fraction]:
        """The payments of the first rounds."""
        while len(self._payments) < rounds:
            number = len(self._payments)
            one = self._rounds[number]
            rest = self.electorate.costs[one.option] - self._sum_before(one.poor, number)
            self._payments.append(rest / one.in_full)
        return self._payments[:rounds]

    # Purchases

    def _buy(self, offer: _Offer) -> None:
        """Collect the money for an option."""
        members = self.electorate.supporters[offer.option]
        if (self._near(offer) & ~self._broke[members]).any():
            self._settled(offer)
        poor, rich = members[offer.poor], members[~offer.poor]
        live = poor[~self._broke[poor]]
        in_full = int(self.electorate.sizes[rich].sum())
        slope = -float(self.electorate.weights[live] @ self._slopes[live]) / in_full
        self._limit_by_changes(offer, slope)
        payers = np.zeros(len(self._money), dtype=np.bool_)
        payers[rich] = True
        self._rounds.append(_Round(offer.option, live, payers, in_full))
        self._money[poor] = 0
        self._broke[poor] = True
        self._money[rich] = np.maximum(self._money[rich] - offer.payment, 0)
        self._slopes[poor] = 0
        self._slopes[rich] -= slope

    # How far the share can rise without any change. Money and payments are linear functions of it until somebody
    # changes sides between those who pay in full and those who pay the rest, or another option comes first.

    def _limit_by_changes(self, offer: _Offer, slope: float) -> None:
        """Limit by a purchase: who pays in full, and every other option stays dearer or too dear.

        At the price of this option, others raise a concave function of the share, which is below its tangent.
        """
        matrix = self.electorate.matrix
        if matrix is None:
            return
        members = self.electorate.supporters[offer.option]
        money, slopes = self._money[members], self._slopes[members]
        sign = np.where(offer.poor, 1.0, -1.0)
        self._limit(sign * (offer.payment - money), sign * (slopes - slope), 2 * offer.slack)
        others = self._others(offer.option)
        costs = np.array([self.electorate.costs[one] for one in others], dtype=np.float64)
        cost = self.electorate.costs[offer.option]
        paid, rising = offer.payment / cost * costs, slope / cost * costs
        below = self._money[:, None] < paid
        raised = (matrix[:, others] * np.where(below, self._money[:, None], paid)).sum(axis=0)
        growth = (matrix[:, others] * np.where(below, self._slopes[:, None], rising)).sum(axis=0)
        self._limit(costs - raised, growth, self._margins(others))

    def _limit_by_what_is_too_dear(self) -> None:
        """Limit by the end: what nobody can afford stays too dear."""
        matrix = self.electorate.matrix
        if matrix is None:
            return
        others = self._others()
        costs = np.array([self.electorate.costs[one] for one in others], dtype=np.float64)
        self._limit(
            costs - self._money @ matrix[:, others], self._slopes @ matrix[:, others], self._margins(others)
        )

    def _others(self, *without: int) -> list[int]:
        """All options that were not bought."""
        bought = {*self.options, *without}
        return [one for one in range(len(self.electorate.costs)) if one not in bought]

    def _margins(self, options: list[int]) -> Floats:
        """What may be rounding in the money that supporters raise."""
        votes = np.array([self.electorate.votes[one] for one in options], dtype=np.float64)
        costs = np.array([self.electorate.costs[one] for one in options], dtype=np.float64)
        margins: Floats = _ROUNDING * float(self.share) * votes + _NEAR * costs
        return margins

    def _limit(self, gaps: Floats, closing: Floats, margins: Floats | float) -> None:
        """Limit by gaps that close by so much for each euro; what is equal and stays so limits nothing."""
        left = gaps - margins
        closes = (closing > _NEAR) | ((closing > 0) & (left > 0))
        if closes.any():
            steps = float((left[closes] / closing[closes]).min())
            self.steps_alike = max(0.0, min(self.steps_alike, steps))
