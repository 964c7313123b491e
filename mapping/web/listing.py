"""The list of contributions of a campaign, page by page (keyset): places of the city in their order, then others."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import urlencode

from mapping.exports.page import Position, in_order
from mapping.http.cursors import read_cursor, write_cursor
from mapping.models import Campaign, Category, Contribution
from mapping.models.contribution import ContributionQuerySet
from mapping.services.errors import Invalid

PAGE_SIZE = 20
_SCOPE = "list"


@dataclass(frozen=True)
class FilterChoice:
    """A category as a filter: whether it is active, and the address that toggles it."""

    category: Category
    is_on: bool
    query: str


@dataclass(frozen=True)
class Listing:
    """One page of the list."""

    contributions: list[Contribution]
    choices: list[FilterChoice]
    matched: int
    is_filtered: bool
    is_first: bool
    next_query: str


def listing_of(request: HttpRequest, campaign: Campaign) -> Listing:
    """The page of the list for the request's `category` and `after`."""
    categories = list(campaign.categories.all())
    known = {category.slug for category in categories}
    chosen = [slug for slug in dict.fromkeys(request.GET.getlist("category")) if slug in known]
    found = Contribution.objects.published().filter(campaign=campaign)
    if chosen:
        found = found.in_categories(chosen, campaign)
    cursor = _read_cursor(request.GET.get("after", ""))
    # One row more than fits on a page, so that the end is detected without another query.
    page = in_order(found, PAGE_SIZE + 1, cursor, _read)
    following = page[PAGE_SIZE:]
    page = page[:PAGE_SIZE]
    return Listing(
        contributions=page,
        choices=[
            FilterChoice(category, category.slug in chosen, _turned(chosen, category))
            for category in categories
        ],
        matched=found.count(),
        is_filtered=bool(chosen),
        is_first=cursor is None,
        next_query=_query(chosen, after=_write_cursor(page[-1])) if following else "",
    )


def _read(found: ContributionQuerySet) -> list[Contribution]:
    return list(found.select_related("category").prefetch_related("photos", "replies"))


def _turned(chosen: list[str], category: Category) -> str:
    others = [slug for slug in chosen if slug != category.slug]
    return _query(others if category.slug in chosen else [*chosen, category.slug])


def _query(chosen: list[str], **more: str) -> str:
    pairs = [("category", slug) for slug in chosen] + list(more.items())
    return f"?{urlencode(pairs)}" if pairs else "?"


def _write_cursor(contribution: Contribution) -> str:
    last = Position(contribution.created_at, contribution.pk, None, contribution.position)
    return write_cursor(last, _SCOPE)


def _read_cursor(text: str) -> Position | None:
    """Parse a cursor; invalid ones mean the first page, which is better than an error for an old link."""
    try:
        return read_cursor(text, _SCOPE)
    except Invalid:
        return None
