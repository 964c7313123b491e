"""Campaigns as cards: what the home page and other lists show of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.core.cache import cache

from mapping.exports.counts import tallied
from mapping.models import Campaign, CampaignStatus, Contribution
from mapping.rules import may_see_public_contributions
from mapping.web.outline import Outline, draw

SHAPES_PER_CARD = 150
"""Newest contributions drawn on a card: enough for the picture, few enough to read."""
NUMBERS_SECONDS = 60
CITY_WIDTH, CITY_HEIGHT = 480, 340


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the public may know of how many took part."""

    participants: int
    contributions: int


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign with its small map and its public numbers (none where it publishes cells or has not begun)."""

    campaign: Campaign
    status: CampaignStatus
    outline: Outline | None
    numbers: Numbers | None


def cards_of(campaigns: Iterable[Campaign]) -> list[Card]:
    """A card for each campaign, in the order given."""
    return [_card(campaign) for campaign in campaigns]


def public_numbers(campaign: Campaign) -> Numbers | None:
    """How many took part and what they gave; None where even the totals are not public.

    Whoever contributed, commented, supported or opposed took part; they are counted at most once a minute.
    """
    if not may_see_public_contributions(campaign):
        return None
    key = f"took-part:{campaign.pk}"
    people: int | None = cache.get(key)
    if people is None:
        people = campaign.participants.count()
        cache.set(key, people, NUMBERS_SECONDS)
    contributions, _authors = tallied([campaign.pk]).get(campaign.pk, (0, 0))
    return Numbers(people, contributions)


def city_map(cards: Sequence[Card]) -> Outline | None:
    """All running campaigns on one map of the largest area among them."""
    areas = [card.campaign.area for card in cards if card.campaign.area is not None]
    if not areas:
        return None
    shapes = [
        shape
        for card in cards
        if card.numbers
        for shape in newest_shapes(card.campaign, SHAPES_PER_CARD // 2)
    ]
    largest = max(areas, key=lambda area: area.area)
    return draw(largest, shapes, width=CITY_WIDTH, height=CITY_HEIGHT) if shapes else None


def newest_shapes(campaign: Campaign, limit: int = SHAPES_PER_CARD) -> list[tuple[str, GEOSGeometry]]:
    """Colour and geometry of the newest public contributions; the gate lets none of a cells campaign by."""
    rows = (
        Contribution.objects.published()
        .filter(campaign=campaign, geom__isnull=False)
        .newest_first()
        .values_list("category__colour", "geom")[:limit]
    )
    return [(colour, geometry) for colour, geometry in rows if geometry is not None]


def _card(campaign: Campaign) -> Card:
    status = campaign.status
    numbers = None if status == CampaignStatus.UPCOMING else public_numbers(campaign)
    outline = None
    if campaign.area is not None:
        shapes = newest_shapes(campaign) if numbers else []
        outline = draw(campaign.area, shapes, focus=True)
    return Card(campaign=campaign, status=status, outline=outline, numbers=numbers)
