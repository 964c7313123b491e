"""Where a page of search results ends, as a sealed text for addresses: it holds moments and keys that nobody shows."""

from __future__ import annotations

from mapping.http.paging.cursors import read_keys, write_keys
from mapping.search.page import Order, Wanted
from mapping.services.errors import invalid


def write_position(order: Order, wanted: Wanted) -> str:
    """The text that leads to the results behind a place; bound to what was looked for."""
    return write_keys(order, None, _scope(wanted))


def read_position(text: str, wanted: Wanted) -> Order:
    """The place that a text names; raises Invalid for the field `cursor` where it was not made here for this."""
    keys, _matched = read_keys(text, _scope(wanted))
    match keys:
        case (float() | int() as rank, float() | int() as at, str(kind), str(key)):
            return float(rank), float(at), kind, key
    raise invalid("cursor", "cursor_invalid")


def _scope(wanted: Wanted) -> str:
    group = "" if wanted.group is None else wanted.group.name
    campaign = "" if wanted.campaign is None else wanted.campaign.slug
    return f"search:{group}:{campaign}:{wanted.typed}"
