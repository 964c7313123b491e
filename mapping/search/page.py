"""One page of results: what was looked for, what was found, and what pages and answers show of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import get_language

from mapping.models import Campaign
from mapping.search.finding import Found, find, show
from mapping.search.kinds import SearchGroup, Shown
from mapping.search.query import Query, prepare, terms_of
from mapping.search.reading import Match
from mapping.search.snippets import Piece, marked, snippet
from mapping.search.suggestions import suggestion
from mapping.translated.reading import in_languages

PAGE_SIZE: Final = 20
_MOST_CAMPAIGNS: Final = 8
_MOST_READ: Final = 3 * _MOST_CAMPAIGNS
"""Things of several campaigns may name some that are hidden."""

Order = tuple[float, float, str, str]
"""The place of a result among the others (`Match.order`)."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; None for everything of that sort."""

    typed: str
    group: SearchGroup | None = None
    campaign: Campaign | None = None


@dataclass(frozen=True)
class Result:
    """One result: title and snippet in pieces, and the campaign that it belongs to, where that is public.

    Of several campaigns the one that was chosen, else the first.
    """

    group: SearchGroup
    shown: Shown
    title: Sequence[Piece]
    snippet: Sequence[Piece]
    campaign: Campaign | None


@dataclass(frozen=True)
class Page:
    """A page of results; `behind` is the place of its last result where more follow.

    Where nothing fits and other words do, `wanted` has these, `suggestion` too; with results of nothing, `suggestion`
    are words that find something elsewhere.
    """

    wanted: Wanted
    query: Query
    found: Found
    results: Sequence[Result]
    campaigns: Sequence[tuple[Campaign, int]]
    """The public campaigns with most results, with their numbers."""
    behind: Order | None = None
    suggestion: str = ""
    is_other: bool = False
    """Whether the results fit other words than those that were typed."""


def search(wanted: Wanted, *, after: Order | None = None, limit: int = PAGE_SIZE) -> Page:
    """The results behind a place, the first ones without it, or those of a spelling that finds some.

    A constant number of queries.
    """
    query = prepare(terms_of(wanted.typed))
    found = _find(query, wanted)
    suggested = ""
    if not found.groups and not after:
        tried: list[tuple[Query, Found]] = []

        def finds(other: Query) -> bool:
            tried.append((other, _find(other, wanted)))
            return tried[-1][1].is_anywhere

        suggested = suggestion(query, finds)
        if suggested:
            # The last that was tried is the one that found something.
            other_query, other_found = tried[-1]
            if other_found.matches:
                wanted, query, found = replace(wanted, typed=suggested), other_query, other_found
    is_other = bool(suggested) and wanted.typed == suggested
    rest = [one for one in found.matches if after is None or one.order > after]
    matches = rest[:limit]
    most_found = sorted(found.campaigns.items(), key=lambda one: (-one[1], one[0]))[:_MOST_READ]
    of_matches = (campaign for one in matches for campaign in found.campaigns_of(one))
    campaigns = _public_campaigns({*(key for key, _number in most_found), *of_matches})
    public = [(campaigns[key], number) for key, number in most_found if key in campaigns]
    return Page(
        wanted=wanted,
        query=query,
        found=found,
        results=list(_results(matches, wanted, query, found, campaigns)),
        campaigns=public[:_MOST_CAMPAIGNS],
        behind=matches[-1].order if len(rest) > limit else None,
        suggestion=suggested,
        is_other=is_other,
    )


def _find(query: Query, wanted: Wanted) -> Found:
    campaign_id = None if wanted.campaign is None else wanted.campaign.pk
    return find(query, group=wanted.group, campaign_id=campaign_id)


def _public_campaigns(keys: set[int]) -> dict[int, Campaign]:
    """Campaigns that everyone may see, as they read in the language of the page."""
    page = get_language() or ""
    rows = list(Campaign.objects.visible().filter(pk__in=keys).defer("area", "description", "outcome"))
    return {one.original.pk: one.campaign for one in in_languages(rows, {row.pk: page for row in rows})}


def _results(
    matches: Sequence[Match], wanted: Wanted, query: Query, found: Found, campaigns: dict[int, Campaign]
) -> Iterator[Result]:
    for match, kind, shown in show(matches):
        public = [campaigns[key] for key in found.campaigns_of(match) if key in campaigns]
        yield Result(
            group=kind.group,
            shown=shown,
            title=marked(shown.title, query.lexemes),
            snippet=snippet(shown.text, query.lexemes),
            campaign=wanted.campaign if wanted.campaign in public else next(iter(public), None),
        )
