"""Campaign cards of the home page and other lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import shapely
from cachetools import LRUCache
from django.contrib.gis.geos import GEOSGeometry
from django.core.cache import cache
from django.utils import timezone

from mapping.aggregation.releases.publication import (
    PublicRelease,
    ReleaseHead,
    current_heads,
    current_release,
)
from mapping.exports.counts import tallied
from mapping.geo.crs import to_lonlat
from mapping.models import Campaign, CampaignStatus, Change, Contribution
from mapping.models.setup.profile import city_boundary
from mapping.reports.cells import released_cells
from mapping.reports.classes import density_classes_of, step_of
from mapping.rules import may_see_public_contributions
from mapping.services.identity import number_who_took_part
from mapping.services.surveys.results import public_results
from mapping.translated.reading import Reading
from mapping.web.drawings.outline import Outline, draw
from mapping.web.languages import readings_of
from mapping.web.phases import ShownPhases, phases_of

SHAPES_PER_CARD = 150
"""Newest contributions drawn on a card: enough for the picture, few enough to load."""
NUMBERS_SECONDS = 60
CITY_WIDTH, CITY_HEIGHT = 480, 340
_MOST_KEPT: Final = 200
"""Drawings that a process keeps, some 10 kB each."""
_kept: Final[LRUCache[tuple[object, ...], Outline]] = LRUCache(_MOST_KEPT)
_lock: Final = Lock()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Public numbers of participation; `is_at_least` if the number of people is a lower limit.

    `answered` is the lower limit of those who answered the survey; None without a survey.
    """

    participants: int
    contributions: int
    is_at_least: bool = False
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign with its small map and its public numbers (none before it has begun or has its first release).

    `state` is another one after each change of what the map shows.
    """

    campaign: Campaign
    status: CampaignStatus
    outline: Outline | None
    numbers: Numbers | None
    phases: ShownPhases | None = None
    state: object = None


@dataclass(frozen=True)
class _Facts:
    """What the cards of a list share: read by one statement each, however many cards there are."""

    counted: Mapping[int, tuple[int, int]]
    releases: Mapping[int, ReleaseHead]
    states: Mapping[int, object]
    """By campaign: the release of those that publish cells, the revision of the others."""


def cards_of(campaigns: Iterable[Campaign]) -> list[Card]:
    """Make a card for each campaign, in the given order; campaigns know whether they have a survey (`has_survey`)."""
    readings = readings_of(list(campaigns))
    facts = _facts([reading.original for reading in readings])
    return [_card(reading, facts) for reading in readings]


def public_numbers(
    campaign: Campaign, *, has_survey: bool, counted: Mapping[int, tuple[int, int]] | None = None
) -> Numbers | None:
    """Numbers of people and contributions; None where even the totals are not public.

    People are those who contributed, commented, supported or opposed, with anything that is public, counted at most
    once a minute; those who answered the survey are counted by its results. Campaigns that publish cells have the
    numbers of their current release and nothing else. `counted` are contributions that were counted for a whole list.
    """
    if not campaign.publishes_points:
        return numbers_of(public_release(campaign))
    if not may_see_public_contributions(campaign):
        return None
    if counted is None:
        counted = tallied([campaign.pk])
    contributions, _authors = counted.get(campaign.pk, (0, 0))
    answered = public_results(campaign, timezone.now()).responses if has_survey else None
    return Numbers(_people(campaign), contributions, answered=answered)


def _people(campaign: Campaign) -> int:
    """How many took part; while one request counts them anew, others are told the number of before."""
    key = f"took-part:{campaign.pk}"
    is_due = cache.add(f"{key}:counted", True, NUMBERS_SECONDS)
    people: int | None = cache.get(key)
    if people is None or is_due:
        people = number_who_took_part(campaign, is_public=True)
        cache.set(key, people, 2 * NUMBERS_SECONDS)
    return people


def public_release(campaign: Campaign) -> PublicRelease | None:
    """The current release of a campaign that publishes cells; None for others, drafts, and before the first one."""
    is_hidden = campaign.publishes_points or campaign.is_draft
    return None if is_hidden else current_release(campaign)


def numbers_of(release: PublicRelease | ReleaseHead | None) -> Numbers | None:
    """The numbers of a release."""
    if release is None:
        return None
    return Numbers(release.participants_at_least, release.contributions, is_at_least=True)


def city_map(cards: Sequence[Card]) -> Outline | None:
    """All running campaigns on one map of the city: its boundary, else the largest area among them."""
    boundary = city_boundary()
    areas = (
        [card.campaign.area for card in cards if card.campaign.area is not None]
        if boundary is None
        else [boundary]
    )
    if not areas:
        return None
    largest = max(areas, key=lambda area: area.area)

    def drawn() -> Outline:
        shapes = [
            shape
            for card in cards
            if card.numbers
            for shape in newest_shapes(card.campaign, SHAPES_PER_CARD // 2)
        ]
        return draw(largest, shapes, width=CITY_WIDTH, height=CITY_HEIGHT)

    states = tuple((card.campaign.pk, card.state, card.numbers is None) for card in cards)
    outline = _once(("city", bytes(largest.wkb), states), drawn)
    return outline if outline.shapes else None


def newest_shapes(campaign: Campaign, limit: int = SHAPES_PER_CARD) -> list[tuple[str, GEOSGeometry]]:
    """Colour and geometry of the newest public contributions; the gate excludes campaigns that publish cells."""
    rows = (
        Contribution.objects.published()
        .filter(campaign=campaign, geom__isnull=False)
        .newest_first()
        .values_list("category__colour", "geom")[:limit]
    )
    return [(colour, geometry) for colour, geometry in rows if geometry is not None]


def heat_of(release: PublicRelease) -> list[tuple[str, shapely.Geometry]]:
    """The cells of a release for small maps: the class of the colour and the outline in degrees."""
    cells = released_cells(release)
    classes = density_classes_of([cell.value for cell in cells if cell.value is not None])
    return [
        (f"heat-{step + 1}", to_lonlat(cell.outline))
        for cell in cells
        if (step := step_of(cell.value, classes)) is not None
    ]


def _facts(campaigns: Sequence[Campaign]) -> _Facts:
    points = [one.pk for one in campaigns if one.publishes_points]
    releases = current_heads(one.pk for one in campaigns if not (one.publishes_points or one.is_draft))
    return _Facts(tallied(points), releases, {**Change.objects.revisions_of(points), **releases})


def _card(reading: Reading, facts: _Facts) -> Card:
    campaign = reading.campaign
    status = campaign.status
    release = facts.releases.get(campaign.pk)
    state = facts.states.get(campaign.pk)
    if status == CampaignStatus.UPCOMING:
        numbers = None
    elif campaign.publishes_points:
        has_survey = bool(getattr(campaign, "has_survey", False))
        numbers = public_numbers(campaign, has_survey=has_survey, counted=facts.counted)
    else:
        numbers = numbers_of(release)
    outline = None
    if campaign.area is not None:
        key = ("card", campaign.pk, bytes(campaign.area.wkb), state, numbers is None)
        area = campaign.area
        outline = _once(key, lambda: _drawn(campaign, area, has_numbers=numbers is not None))
    return Card(campaign, status, outline, numbers, phases_of(reading, timezone.now()), state)


def _drawn(campaign: Campaign, area: GEOSGeometry, *, has_numbers: bool) -> Outline:
    shapes = newest_shapes(campaign) if has_numbers else []
    release = public_release(campaign) if has_numbers else None
    return draw(area, shapes, heat=heat_of(release) if release else [], focus=True)


def _once(key: tuple[object, ...], drawn: Callable[[], Outline]) -> Outline:
    """A drawing of a state, made once by each process: making one takes longer than showing ten."""
    with _lock:
        known = _kept.get(key)
    if known is None:
        known = drawn()
        with _lock:
            _kept[key] = known
    return known
