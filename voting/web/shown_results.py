"""Results as pages show them: titles, words and the widths of bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from mapping.wording import in_words_number
from voting.models import Method, Option, Rule, Vote
from voting.services.results import OptionResult, Order, Result, Spending


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option of a result; widths in per cent of the longest bar, cost in whole euros."""

    counted: OptionResult
    title: str
    address: str
    width: str
    width_against: str
    words: str
    words_against: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """How an option was paid; `width` is what one person paid in full, in per cent of all that each had."""

    option: ShownOption
    is_filled: bool
    payment: Decimal
    in_full: int
    rest: int
    width: str


@dataclass(frozen=True, slots=True)
class ShownDistrict:
    """A district's ballots with a winner, as a share from 0 to 1 and as a bar in per cent."""

    name: str
    ballots: int
    share: float
    width: str


@dataclass(frozen=True, slots=True)
class ShownSpending:
    """One method: who wins and why. Money in euros; `width` is what was spent in per cent of the sum."""

    method: str
    name: str
    is_deciding: bool
    winners: Sequence[ShownOption]
    only_here: frozenset[int]
    spent: int
    left: int
    width: str
    people: int
    people_share: float
    people_width: str
    steps: Sequence[ShownStep]
    filled: Sequence[ShownOption]
    districts: Sequence[ShownDistrict]
    ties: Sequence[str]
    share: Decimal
    raised: int
    has: Decimal


@dataclass(frozen=True, slots=True)
class ShownDuel:
    """Two options of a ranking: more ballots prefer the first one (or as many)."""

    first: str
    second: str
    more: int
    fewer: int


def shown_options(vote: Vote, result: Result) -> list[ShownOption]:
    """The options of a result that are public, in its order."""
    rows = (
        vote.options.all().shown_in(vote.campaign).select_related("contribution").defer("contribution__geom")
    )
    options: Mapping[str, Option] = {str(one.contribution_id): one for one in rows}
    rule = Rule(result.rule)
    longest = max((max(_value(rule, one), one.against) for one in result.options), default=0)
    return [
        ShownOption(
            one,
            options[one.id].contribution.title,
            reverse("contribution", args=(vote.campaign.slug, one.id)),
            _per_cent(_value(rule, one), longest),
            _per_cent(one.against, longest),
            _words(rule, one),
            gettext("%(number)s against") % {"number": in_words_number(one.against)},
        )
        for one in result.options
        if one.id in options
    ]


def shown_spending(result: Result, options: Iterable[ShownOption]) -> list[ShownSpending]:
    """Both methods, the one that decides first."""
    by_key = {one.counted.key: one for one in options}
    found = [_spending(result, name, one, by_key) for name, one in result.spending.items()]
    return sorted(found, key=lambda one: not one.is_deciding)


def titles_of(keys: Iterable[int], options: Iterable[ShownOption]) -> str:
    """Titles in quotes, one after the other."""
    titles = {one.counted.key: one.title for one in options}
    return ", ".join(gettext("“%(title)s”") % {"title": titles[key]} for key in keys if key in titles)


def shown_duels(order: Order, options: Sequence[ShownOption]) -> list[ShownDuel]:
    """All pairs of options that can win, in the order of the result."""
    titles = {one.counted.key: one.title for one in options}
    numbers = {(a, b): number for a, b, number in order.duels}
    found = []
    for (a, b), number in numbers.items():
        other = numbers[b, a]
        if a in titles and b in titles and (number > other or (number == other and a < b)):
            found.append(ShownDuel(titles[a], titles[b], number, other))
    return found


def _value(rule: Rule, counted: OptionResult) -> int:
    """What the bar shows."""
    return counted.points if rule in {Rule.POINTS, Rule.RANKING} else counted.votes


def _words(rule: Rule, counted: OptionResult) -> str:
    """What stands at the bar."""
    number = in_words_number(_value(rule, counted))
    if rule in {Rule.POINTS, Rule.RANKING}:
        return ngettext("%(number)s point", "%(number)s points", counted.points) % {"number": number}
    if rule == Rule.FOR_AGAINST:
        return gettext("%(number)s for") % {"number": number}
    return ngettext("%(number)s vote", "%(number)s votes", counted.votes) % {"number": number}


def _spending(
    result: Result, name: str, spending: Spending, options: Mapping[int, ShownOption]
) -> ShownSpending:
    budget = result.budget or 0
    others = {key for other, one in result.spending.items() if other != name for key in one.winners}
    share = Decimal(spending.share) / 100
    has = share + spending.raised
    steps = [
        ShownStep(
            options[one.key],
            one.is_filled,
            Decimal(one.payment) / 100,
            one.in_full,
            one.rest,
            _per_cent(one.payment, float(has) * 100),
        )
        for one in spending.steps
        if one.key in options
    ]
    return ShownSpending(
        method=name,
        name=str(Method(name).label),
        is_deciding=result.method == name,
        winners=[options[key] for key in spending.winners if key in options],
        only_here=frozenset(spending.winners) - others,
        spent=spending.spent,
        left=budget - spending.spent,
        width=_per_cent(spending.spent, budget),
        people=spending.people_with_a_win,
        people_share=_share(spending.people_with_a_win, result.ballots),
        people_width=_per_cent(spending.people_with_a_win, result.ballots),
        steps=[one for one in steps if not one.is_filled],
        filled=[one.option for one in steps if one.is_filled],
        districts=[
            ShownDistrict(
                one.name,
                one.ballots,
                _share(one.with_a_win, one.ballots),
                _per_cent(one.with_a_win, one.ballots),
            )
            for one in spending.districts
        ],
        ties=[titles_of(keys, options.values()) for keys in spending.ties],
        share=share,
        raised=spending.raised,
        has=has,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _per_cent(part: float, whole: float) -> str:
    """The width of a bar for SVG, whatever the language."""
    return f"{100 * max(part, 0) / whole:.2f}" if whole > 0 else "0"
