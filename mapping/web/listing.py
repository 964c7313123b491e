"""The list of a campaign's contributions: newest first, by category, page by page (keyset)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.http import urlencode

from mapping.exports.page import Position
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
    page = _page(found.after(*cursor) if cursor else found)
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


def _page(found: ContributionQuerySet) -> list[Contribution]:
    """Read one row more than fits on a page, so that the end is detected without another query."""
    related = found.select_related("category").prefetch_related("photos", "replies")
    return list(related.newest_first()[: PAGE_SIZE + 1])


def _turned(chosen: list[str], category: Category) -> str:
    others = [slug for slug in chosen if slug != category.slug]
    return _query(others if category.slug in chosen else [*chosen, category.slug])


def _query(chosen: list[str], **more: str) -> str:
    pairs = [("category", slug) for slug in chosen] + list(more.items())
    return f"?{urlencode(pairs)}" if pairs else "?"


def _write_cursor(contribution: Contribution) -> str:
    return write_cursor(Position(contribution.created_at, contribution.pk, None), _SCOPE)


def _read_cursor(text: str) -> tuple[datetime, uuid.UUID] | None:
    """Parse a cursor; invalid ones mean the first page, which is better than an error for an old link."""
    try:
        found = read_cursor(text, _SCOPE)
    except Invalid:
        return None
    return found.created_at, found.id
