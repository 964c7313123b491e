"""The method note of a report: what was counted, how, from which data, and its limits."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.releases.publication import PublicRelease
from mapping.models import Campaign
from mapping.models.setup.profile import current_city
from mapping.reports.content import FEW_PARTICIPANTS, Content
from mapping.reports.words import explained
from mapping.reports.words.filters import Statement, choices_of, filters_of
from mapping.wording import in_words_moment, in_words_number


def statements_of(content: Content) -> list[Statement]:
    """The method note."""
    return [Statement(title, words) for title, words in _statements(content)]


def _statements(content: Content) -> Iterator[tuple[str, str]]:
    campaign, query, release = content.campaign, content.query, content.release
    yield _("Source"), _source(campaign)
    if query is not None:
        if content.sides:
            yield from ((side.title, side.words) for side in content.sides)
        else:
            filters = "; ".join(
                f"{one.title}: {one.words}" for one in filters_of(choices_of(campaign, query), query)
            )
            yield _("What is counted"), filters or _("All published contributions.")
        yield _("Cells"), _cells(query)
        yield _("Counting"), _counting()
        queries = (one for one in (query, content.view.other) if one is not None)
        yield from explained.sources_in_words(frozenset[str]().union(*(one.staff_sources for one in queries)))
        if not campaign.publishes_points:
            yield _("Protection"), _exact_numbers(campaign)
    if release is not None:
        yield _("Protection"), _protection(release)
    yield from _look(content)
    yield _("Reliability"), _reliability(content)
    yield _("As of"), in_words_moment(content.made_at)


def _look(content: Content) -> Iterator[tuple[str, str]]:
    """Explanation of colours and outlines of this view, and of options that could not be shown."""
    view, query = content.view, content.query
    if view.mode == "change" and view.before is not None and view.after is not None:
        yield pgettext("between two periods", "Change"), explained.change_in_words(view.before, view.after)
    if view.bandwidth and content.surface is not None:
        yield _("Surface"), explained.surface_in_words(view.bandwidth)
    yield _("Colours"), f"{content.counted}. {_colours(content)}"
    if view.hotspots and query is not None:
        yield _("Hot spots"), explained.hotspots_in_words(query.grid)
    if content.notes:
        yield _("Left out"), " ".join(content.notes)


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
        "Every area stands for contributions of at least %(k)s different people. Where fewer contributed, areas are "
        "put together or left out. A contribution counts in one area only, a line or an area at its middle. The number "
        "of people is rounded down. Where too few people contributed, nothing is shown; the total "
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
    view, query = content.view, content.query
    if content.ramp == "change":
        return _(
            "Orange means more, blue fewer, alike on both sides. The ramp stays readable for colour-blind eyes."
        )
    readable = _("Darker means more. The ramp stays readable for colour-blind eyes and in grey print.")
    if view.classes != "growing":
        return f"{readable} {explained.classes_in_words(view.classes)}"
    if query is not None and query.measure == "mean":
        limits = _("The classes are equally wide.")
    else:
        limits = _(
            "The limits of the classes are round numbers, each about the same factor wider than the one before."
        )
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
        at_least = _("At least %(number)s people contributed.") % number
        return f"{at_least} {no_census}"
    took_part = ngettext("%(number)s person contributed.", "%(number)s people contributed.", people) % number
    if people >= FEW_PARTICIPANTS:
        return f"{took_part} {no_census}"
    few = _("With fewer than %(limit)s people a pattern may well be chance.") % {"limit": FEW_PARTICIPANTS}
    return f"{took_part} {few} {no_census}"


def chips_of(content: Content) -> list[str]:
    """Short texts of filter, periods and outlines, for the head of page and picture."""
    view, chips = content.view, list[str]()
    if view.mode == "change" and view.before is not None and view.after is not None:
        for title, period in ((_("Earlier"), view.before), (_("Later"), view.after)):
            chips.append(f"{title}: {explained.period_in_words(period)}")
    if content.query is not None and not content.sides:
        filters = filters_of(choices_of(content.campaign, content.query), content.query)
        chips += [f"{one.title}: {one.words}" for one in filters]
    if content.sides:
        chips.append(_("Map A and map B"))
    if any(one.cells for one in content.outlines) and view.hotspots:
        chips.append(_("Hot spots outlined"))
    return chips


def headline_of(content: Content) -> str:
    """One line: publisher and content."""
    return " · ".join([content.campaign.organiser or current_city().name, *chips_of(content)])
