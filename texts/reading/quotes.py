"""Quotes of a body as the W3C's TextQuoteSelector: made from what somebody changed, found again in other versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONTEXT: Final = 64
"""Characters of the words before and behind a quote."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Some words with those before and behind them (Web Annotation Data Model, section 4.2.4)."""

    prefix: str
    exact: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Change:
    """Quoted words, and what shall stand there instead."""

    quote: Quote
    replacement: str


def quote_of(body: str, start: int, end: int) -> Quote:
    """The characters from `start` (included) to `end` (excluded) with their context."""
    return Quote(body[max(0, start - CONTEXT) : start], body[start:end], body[end : end + CONTEXT])


def change_between(before: str, after: str) -> Change | None:
    """The smallest part of `before`, in whole words, whose replacement makes `after`; None where nothing differs."""
    if before == after:
        return None
    shortest = min(len(before), len(after))
    start = 0
    while start < shortest and before[start] == after[start]:
        start += 1
    while not (_is_edge(before, start) and _is_edge(after, start)):
        start -= 1
    left = 0
    while left < shortest - start and before[-left - 1] == after[-left - 1]:
        left += 1
    while not (_is_edge(before, len(before) - left) and _is_edge(after, len(after) - left)):
        left -= 1
    end = len(before) - left
    return Change(quote_of(before, start, end), after[start : len(after) - left])


def places_of(quote: Quote, body: str) -> list[int]:
    """Where a quote stands in a body: none where its words or their context were changed, several where they repeat."""
    whole = quote.prefix + quote.exact + quote.suffix
    found, start = [], body.find(whole)
    while start >= 0:
        found.append(start + len(quote.prefix))
        start = body.find(whole, start + 1)
    return found if whole else []


def replaced(body: str, change: Change, start: int) -> str:
    """The body with the change at one of the places of its quote."""
    return body[:start] + change.replacement + body[start + len(change.quote.exact) :]


def trimmed(body: str, start: int, end: int) -> tuple[int, int]:
    """A part of a body without the white space at its ends; offsets beyond the body are its end."""
    end = min(max(end, 0), len(body))
    start = min(max(start, 0), end)
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    return start, end


def _is_edge(text: str, at: int) -> bool:
    """Whether no word goes on at an offset."""
    return at in (0, len(text)) or text[at - 1].isspace() or text[at].isspace()
