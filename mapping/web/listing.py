"""The list of contributions of a campaign, page by page (keyset): places of the city in their order, then others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mapping.exports.page import Position, in_order, ordered
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Option, Pairs
from mapping.filters.origins import REPLY
from mapping.filters.places import CATEGORY, DISTRICT
from mapping.filters.words import LONGEST_SEARCH, WORDS
from mapping.http.cursors import read_cursor, write_cursor
from mapping.models import Campaign, Category, Contribution
from mapping.models.contribution import ContributionQuerySet
from mapping.models.ordering import Ordering
from mapping.services.errors import Invalid

PAGE_SIZE = 20
_SCOPE = "list"
_FEW: Final = 5
"""Up to so many contributions are read at a glance: nothing to sort or search."""
_DIMENSIONS: Final = (CATEGORY, DISTRICT, REPLY, WORDS)


@dataclass(frozen=True)
class FilterChoice:
    """A category as a filter: whether it is active, and the address that toggles it."""

    category: Category
    is_on: bool
    query: str


@dataclass(frozen=True)
class Select:
    """A control with one choice among several, the first of which is no choice."""

    name: str
    title: str
    options: Sequence[Option]
    chosen: str


@dataclass(frozen=True)
class Tools:
    """What sorts, searches and filters the list; `carried` are the fields that other controls set."""

    words: str
    longest: int
    ordering: Select
    filters: Sequence[Select]
    carried: Pairs


@dataclass(frozen=True)
class Listing:
    """One page of the list; `tools` is None where it is read at a glance."""

    contributions: list[Contribution]
    choices: list[FilterChoice]
    matched: int
    is_filtered: bool
    is_first: bool
    tools: Tools | None
    first_query: str
    next_query: str


def listing_of(request: HttpRequest, campaign: Campaign) -> Listing:
    """The page of the list for the request's `category`, `district`, `reply`, `q`, `ordering` and `after`."""
    choices = Choices(campaign)
    chosen = ContributionFilter().having_all((one, one.find(request.GET, choices, "")) for one in _DIMENSIONS)
    ordering = _ordering(request.GET.get("ordering", ""))
    found = chosen.contributions(campaign)
    cursor = _read_cursor(request.GET.get("after", ""), ordering)
    # One row more than fits on a page, so that the end is detected without another query.
    if ordering == Ordering.NEW:
        page = in_order(found, PAGE_SIZE + 1, cursor, _read)
    else:
        page = _read(ordered(found, cursor, ordering)[: PAGE_SIZE + 1])
    following = page[PAGE_SIZE:]
    page = page[:PAGE_SIZE]
    matched = found.count()
    return Listing(
        contributions=page,
        choices=[_choice(chosen, category, ordering) for category in choices.categories],
        matched=matched,
        is_filtered=chosen.is_narrowed,
        is_first=cursor is None,
        tools=_tools(chosen, choices, ordering) if chosen.is_narrowed or matched > _FEW else None,
        first_query=_query(chosen, ordering),
        next_query=_query(chosen, ordering, after=_write_cursor(page[-1], ordering)) if following else "",
    )


def _read(found: ContributionQuerySet) -> list[Contribution]:
    return list(found.select_related("category").prefetch_related("photos", "replies"))


def _ordering(name: str) -> Ordering:
    """The chosen ordering; the newest first for anything unknown."""
    return Ordering(name) if name in Ordering.values else Ordering.NEW


def _choice(chosen: ContributionFilter, category: Category, ordering: Ordering) -> FilterChoice:
    """A category as a link that adds it to those that are chosen, or takes it out."""
    slugs = chosen.get(CATEGORY) or ()
    is_on = category.slug in slugs
    turned = tuple(slug for slug in slugs if slug != category.slug) if is_on else (*slugs, category.slug)
    return FilterChoice(category, is_on, _query(chosen.having(CATEGORY, turned or None), ordering))


def _tools(chosen: ContributionFilter, choices: Choices, ordering: Ordering) -> Tools:
    orders = [Option(str(value), str(title)) for value, title in Ordering.choices]
    filters = []
    for dimension, everything in ((REPLY, _("Any reply")), (DISTRICT, _("All districts"))):
        options = dimension.options(choices)
        if options:
            values = chosen.get(dimension) or ("",)
            offered = (Option("", everything), *options)
            filters.append(Select(dimension.name, str(dimension.title), offered, values[0]))
    return Tools(
        words=chosen.get(WORDS) or "",
        longest=LONGEST_SEARCH,
        ordering=Select("ordering", _("Sort by"), orders, ordering.value),
        filters=filters,
        carried=CATEGORY.pairs(chosen.get(CATEGORY) or ()),
    )


def _query(chosen: ContributionFilter, ordering: Ordering, **more: str) -> str:
    pairs = chosen.pairs()
    if ordering != Ordering.NEW:
        pairs.append(("ordering", ordering.value))
    pairs += more.items()
    return f"?{urlencode(pairs)}" if pairs else "?"


def _write_cursor(contribution: Contribution, ordering: Ordering) -> str:
    rank: int | None = getattr(contribution, "rank", None)
    last = Position(contribution.created_at, contribution.pk, None, contribution.position, rank)
    return write_cursor(last, _scope(ordering))


def _read_cursor(text: str, ordering: Ordering) -> Position | None:
    """Parse a cursor; invalid ones mean the first page, which is better than an error for an old link."""
    try:
        return read_cursor(text, _scope(ordering))
    except Invalid:
        return None


def _scope(ordering: Ordering) -> str:
    return _SCOPE if ordering == Ordering.NEW else f"{_SCOPE}:{ordering.value}"
