"""How a report was made, in sentences: what was counted, how, from which data, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping.aggregation.answers import answer_questions
from mapping.aggregation.publication import PublicRelease
from mapping.aggregation.query import HeatmapQuery
from mapping.models import Campaign, ContributionStatus, District, Source
from mapping.reports.content import FEW_PARTICIPANTS, Content
from mapping.wording import in_words_day, in_words_moment, in_words_number

_YES_NO: Final = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is stated about a report."""

    title: str
    words: str


def filters_of(campaign: Campaign, query: HeatmapQuery) -> list[Statement]:
    """The filter in words, nothing for what is not filtered."""
    return [Statement(title, words) for title, words in _filters(campaign, query)]


def statements_of(content: Content) -> list[Statement]:
    """The method note."""
    return [Statement(title, words) for title, words in _statements(content)]


def _filters(campaign: Campaign, query: HeatmapQuery) -> Iterator[tuple[str, str]]:
    if query.category_ids is not None:
        titles = [one.title for one in campaign.categories.all() if one.pk in query.category_ids]
        yield _("Categories"), ", ".join(titles) or _("none")
    if query.start is not None or query.end is not None:
        yield _("Period"), _period(query)
    if query.weekdays is not None:
        yield _("Weekdays"), ", ".join(str(WEEKDAYS[day - 1]) for day in query.weekdays)
    if query.hours is not None:
        first, last = query.hours
        yield _("Time of day"), _("%(first)s to %(last)s o’clock") % {"first": first, "last": last}
    if query.sources is not None:
        yield _("Received"), ", ".join(str(Source(one).label) for one in query.sources)
    if query.district_ids is not None:
        named = District.objects.filter(pk__in=query.district_ids).order_by("code")
        yield _("Districts"), ", ".join(one.name for one in named) or _("none")
    yield from _answers(query)
    if query.statuses != (ContributionStatus.PUBLISHED.value,):
        yield _("Status"), ", ".join(str(ContributionStatus(one).label) for one in query.statuses)


def _answers(query: HeatmapQuery) -> Iterator[tuple[str, str]]:
    known = {one.slug: one for one in answer_questions(query.campaign_id)} if query.answers else {}
    for asked in query.answers:
        question = known.get(asked.question)
        titles = dict(question.choices) if question is not None else {}
        words = [titles.get(value) or _YES_NO.get(value) or value for value in asked.values]
        yield question.title if question is not None else asked.question, ", ".join(map(str, words))


def _period(query: HeatmapQuery) -> str:
    if query.start and query.end:
        days = {"start": in_words_day(query.start), "end": in_words_day(query.end)}
        return _("%(start)s to %(end)s") % days
    if query.start:
        return _("from %(start)s") % {"start": in_words_day(query.start)}
    return _("up to %(end)s") % {"end": in_words_day(query.end)} if query.end else ""


def _statements(content: Content) -> Iterator[tuple[str, str]]:
    campaign, query, release = content.campaign, content.query, content.release
    yield _("Source"), _source(campaign)
    if query is not None:
        filters = "; ".join(f"{one.title}: {one.words}" for one in filters_of(campaign, query))
        yield _("What is counted"), filters or _("All published contributions.")
        yield _("Cells"), _cells(query)
        yield _("Counting"), _counting()
        if not campaign.publishes_points:
            yield _("Protection"), _exact_numbers(campaign)
    if release is not None:
        yield _("Protection"), _protection(release)
    yield _("Colours"), f"{content.counted}. {_colours(content)}"
    yield _("Reliability"), _reliability(content)
    yield _("As of"), in_words_moment(content.made_at)


def _counting() -> str:
    return _(
        "A contribution counts once in every cell that its place touches: a point in exactly one, a line or an area in "
        "each that it passes. Sums over cells can therefore exceed the total. A person counts once in every cell with "
        "a contribution of theirs, and once in the total."
    )


def _exact_numbers(campaign: Campaign) -> str:
    words = _(
        "The public sees of this campaign only areas with at least %(k)s people. This report holds exact numbers for "
        "the work inside the city; whoever passes it on reveals what was promised to stay protected."
    )
    return words % {"k": campaign.k}


def _protection(release: PublicRelease) -> str:
    words = _(
        "Every area stands for contributions of at least %(k)s different people. Where fewer took part, areas are put "
        "together or left out. A contribution counts in one area only, a line or an area at its middle. The number of "
        "people is rounded down to a multiple of %(k)s. Where too few people took part, nothing is shown; the total "
        "counts what the areas show."
    )
    return words % {"k": release.k}


def _source(campaign: Campaign) -> str:
    sources = [campaign.title]
    if campaign.organiser:
        sources.append(campaign.organiser)
    if campaign.attribution:
        sources.append(campaign.attribution)
    if campaign.district_layer is not None and campaign.district_layer.attribution:
        sources.append(campaign.district_layer.attribution)
    return " · ".join(sources)


def _cells(query: HeatmapQuery) -> str:
    if query.grid == "district":
        return _("Districts of the city. A point on a common border counts in the first one by its code.")
    if query.grid == "hexagon":
        words = _(
            "Hexagons with an edge of %(size)s m in ETRS89-LAEA (EPSG:3035), the same as those of PostGIS's "
            "ST_HexagonGrid."
        )
    else:
        words = _(
            "Squares of %(size)s m edge of the official European grid (ETRS89-LAEA, EPSG:3035). Their ids are those of "
            "the GeoGitter (German Federal Agency for Cartography and Geodesy), to which census data can be joined."
        )
    return words % {"size": in_words_number(query.size)}


def _colours(content: Content) -> str:
    if content.query is not None and content.query.measure == "mean":
        limits = _("The classes are equally wide.")
    else:
        limits = _(
            "The limits of the classes are round numbers, each about the same factor wider than the one before."
        )
    readable = _("Darker means more. The ramp stays readable for colour-blind eyes and in grey print.")
    return f"{readable} {limits}"


def _reliability(content: Content) -> str:
    people = content.totals.participants
    no_census = _("Participation is no census; whoever did not take part is not on this map.")
    if people is None:
        unknown = _(
            "It is not known how many people stand behind these contributions: they came without persons."
        )
        return f"{unknown} {no_census}"
    number = {"number": in_words_number(people)}
    if content.release is not None:
        at_least = _("At least %(number)s people took part.") % number
        return f"{at_least} {no_census}"
    took_part = ngettext("%(number)s person took part.", "%(number)s people took part.", people) % number
    if people >= FEW_PARTICIPANTS:
        return f"{took_part} {no_census}"
    few = _("With fewer than %(limit)s people a pattern may well be chance.") % {"limit": FEW_PARTICIPANTS}
    return f"{took_part} {few} {no_census}"


def headline_of(content: Content) -> str:
    """One line: who made it, and the filter."""
    parts = [content.campaign.organiser or settings.CITY_NAME]
    if content.query is not None:
        parts += [f"{one.title}: {one.words}" for one in filters_of(content.campaign, content.query)]
    return " · ".join(parts)
