"""The list of contributions of a campaign, page by page (keyset): places of the city in their order, then others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mapping.exports.counts import matching_exactly
from mapping.exports.page import Position, in_order, ordered
from mapping.exports.selection import Selection
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Option, Pairs
from mapping.filters.origins import REPLY
from mapping.filters.places import BOX, CATEGORY, DISTRICT
from mapping.filters.words import LONGEST_SEARCH, WORDS
from mapping.geo.geojson import GeometryProblem, parse_position
from mapping.http.paging.cursors import read_cursor, write_cursor
from mapping.models import Campaign, Category, Contribution
from mapping.models.contribution import ContributionQuerySet
from mapping.models.ordering import Ordering
from mapping.models.ordering import Position as LonLat
from mapping.places.words import name_places
from mapping.services.errors import Invalid

PAGE_SIZE = 20
_SCOPE = "list"
_FEW: Final = 5
"""Up to so many contributions are read at a glance: nothing to sort or search."""
_DIMENSIONS: Final = (CATEGORY, BOX, DISTRICT, REPLY, WORDS)


@dataclass(frozen=True, slots=True)
class Sorting:
    """The order of the list; `near` is the position to which the nearest are near."""

    ordering: Ordering = Ordering.NEW
    near: LonLat | None = None

    @property
    def pairs(self) -> Pairs:
        """Query parameters of a page."""
        if self.ordering == Ordering.NEW:
            return []
        near = [] if self.near is None else [("near", ",".join(f"{one:.10g}" for one in self.near))]
        return [("ordering", self.ordering.value), *near]

    @property
    def scope(self) -> str:
        """What cursors are bound to."""
        return ":".join([_SCOPE, *(value for _name, value in self.pairs)])


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
    """What sorts, searches and filters the list; `carried` are the fields that other controls set.

    `box` is what the map showed when the list began to follow it; `near` the position of the order by distance.
    """

    words: str
    longest: int
    ordering: Select
    filters: Sequence[Select]
    carried: Pairs
    box: str
    near: str


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
    """The page of the list for the request's `category`, `district`, `reply`, `q`, `bbox`, `ordering`, `near`, `after`.

    Its contributions have their places in words (`place_words`), by one query for all.
    """
    choices = Choices(campaign)
    chosen = ContributionFilter().having_all((one, one.find(request.GET, choices, "")) for one in _DIMENSIONS)
    sorting = _sorting(request.GET.get("ordering", ""), request.GET.get("near", ""))
    found = chosen.contributions(campaign)
    cursor = _read_cursor(request.GET.get("after", ""), sorting)
    # One row more than fits on a page, so that the end is detected without another query.
    if sorting.ordering == Ordering.NEW:
        page = in_order(found, PAGE_SIZE + 1, cursor, _read)
    else:
        page = _read(ordered(found, cursor, sorting.ordering, sorting.near)[: PAGE_SIZE + 1])
    following = page[PAGE_SIZE:]
    page = page[:PAGE_SIZE]
    name_places(page, campaign)
    matched = matching_exactly(Selection(campaign, chosen), at_least=len(page))
    return Listing(
        contributions=page,
        choices=[_choice(chosen, category, sorting) for category in choices.categories],
        matched=matched,
        is_filtered=chosen.is_narrowed,
        is_first=cursor is None,
        tools=_tools(chosen, choices, sorting) if chosen.is_narrowed or matched > _FEW else None,
        first_query=_query(chosen, sorting),
        next_query=_query(chosen, sorting, after=_write_cursor(page[-1], sorting)) if following else "",
    )


def _read(found: ContributionQuerySet) -> list[Contribution]:
    return list(found.select_related("category").prefetch_related("photos", "replies"))


def _sorting(name: str, near: str) -> Sorting:
    """The chosen ordering; the newest first for anything unknown, and for the nearest to nothing."""
    ordering = Ordering(name) if name in Ordering.values else Ordering.NEW
    if ordering != Ordering.NEAREST:
        return Sorting(ordering)
    try:
        return Sorting(ordering, parse_position(near))
    except GeometryProblem:
        return Sorting()


def _choice(chosen: ContributionFilter, category: Category, sorting: Sorting) -> FilterChoice:
    """A category as a link that adds it to those that are chosen, or takes it out."""
    slugs = chosen.get(CATEGORY) or ()
    is_on = category.slug in slugs
    turned = tuple(slug for slug in slugs if slug != category.slug) if is_on else (*slugs, category.slug)
    return FilterChoice(category, is_on, _query(chosen.having(CATEGORY, turned or None), sorting))


def _tools(chosen: ContributionFilter, choices: Choices, sorting: Sorting) -> Tools:
    # Without JavaScript nobody knows where the reader is: js/campaign/list.js adds the order by distance.
    orders = [
        Option(str(value), str(title))
        for value, title in Ordering.choices
        if value != Ordering.NEAREST or sorting.ordering == Ordering.NEAREST
    ]
    box = chosen.get(BOX)
    own = dict(sorting.pairs)
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
        ordering=Select("ordering", _("Sort by"), orders, sorting.ordering.value),
        filters=filters,
        carried=CATEGORY.pairs(chosen.get(CATEGORY) or ()),
        box="" if box is None else BOX.written(box)[BOX.name],
        near=own.get("near", ""),
    )


def _query(chosen: ContributionFilter, sorting: Sorting, **more: str) -> str:
    pairs = [*chosen.pairs(), *sorting.pairs, *more.items()]
    return f"?{urlencode(pairs)}" if pairs else "?"


def _write_cursor(contribution: Contribution, sorting: Sorting) -> str:
    rank: int | None = getattr(contribution, "rank", None)
    last = Position(contribution.created_at, contribution.pk, None, contribution.position, rank)
    return write_cursor(last, sorting.scope)


def _read_cursor(text: str, sorting: Sorting) -> Position | None:
    """Parse a cursor; invalid ones mean the first page, which is better than an error for an old link."""
    try:
        return read_cursor(text, sorting.scope)
    except Invalid:
        return None
