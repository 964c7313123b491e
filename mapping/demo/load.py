"""A campaign of any size, to try the service at size: synthetic points around invented hot spots of the city."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from django.db import transaction

from mapping.demo import content, seed
from mapping.demo.places import METRES_PER_DEGREE
from mapping.models import Campaign, ContributionStatus, Publication, Source
from mapping.models.campaign import Marker, Palette, PlaceType
from mapping.services import bulk
from mapping.services.campaigns import NewCampaign, NewCategory, create_campaign

SLUG: Final = "lasttest"
HOT_SPOTS: Final = 300
DAYS: Final = 700
PER_PARTICIPANT: Final = 5
_BATCH: Final = 20_000
_NAMESPACE: Final = uuid.UUID("3f9d6d8e-54a1-5b7e-8d5c-2f6f4b1a9c11")
_CATEGORIES: Final = ("Beleuchtung", "Abfall", "Straße und Gehweg", "Grün", "Lärm")
_TEXTS: Final = (
    "Die Laterne ist seit Wochen aus.",
    "Hier liegt immer wieder Müll.",
    "Der Gehweg ist uneben, man stolpert leicht.",
    "Ein Baum würde dem Platz guttun.",
    "Nachts ist es hier sehr laut.",
)
_Positions = npt.NDArray[np.float64]


def fill(count: int, progress: Callable[[int], object]) -> int:
    """Bring the campaign to `count` published contributions; return how many were added.

    Deterministic in the same order, so an interrupted run continues where it stopped. Surplus ones are never removed.
    """
    campaign = Campaign.objects.filter(slug=SLUG).first() or _create()
    categories = list(campaign.categories.values_list("pk", flat=True))
    present = campaign.contributions.count()
    for start in range(present // _BATCH * _BATCH, count, _BATCH):
        # The whole batch is generated, and its missing part is stored.
        rows = list(_drawn(start, categories))[max(present - start, 0) : count - start]
        with transaction.atomic():
            people = bulk.participants(campaign, (person for person, _ in rows))
            bulk.store_contributions(campaign, [make(people[person]) for person, make in rows])
        progress(len(rows))
    if count > present:
        bulk.settle()
    return max(count - present, 0)


def _create() -> Campaign:
    with transaction.atomic():
        campaign = create_campaign(
            NewCampaign(
                slug=SLUG,
                title="Lasttest",
                summary="Erzeugte Punkte ohne Bedeutung, um den Dienst bei vielen Beiträgen auszuprobieren.",
                attribution=content.ATTRIBUTION,
                area=seed.outline(),
                publication=Publication.POINTS,
                opens_at=seed.today() - timedelta(days=DAYS),
                categories=[
                    NewCategory(
                        slug=f"art-{number + 1}",
                        title=title,
                        geometry_types=[PlaceType.POINT],
                        marker=Marker.values[number],
                        colour=Palette.values[number],
                    )
                    for number, title in enumerate(_CATEGORIES)
                ],
            )
        )
        seed.let_in(seed.demo_users(), campaign)
    return campaign


def _drawn(
    start: int, categories: list[int]
) -> Iterator[tuple[bytes, Callable[[int], bulk.NewContribution]]]:
    """One batch: the key of each person, and the contribution once the person's id is known."""
    random = np.random.default_rng(start + 1)
    lonlat = _positions(random)
    points = shapely.set_srid(np.asarray(shapely.points(lonlat)), 4326)
    geometries = np.asarray(shapely.to_wkb(points, hex=True, include_srid=True))
    kinds = random.choice(len(categories), _BATCH, p=(0.3, 0.25, 0.2, 0.15, 0.1))
    # Some people contribute a lot more than others; everyone within the same batch, so that memory stays small.
    people = (_BATCH / PER_PARTICIPANT * random.random(_BATCH) ** 1.5).astype(int)
    seconds = random.integers(0, DAYS * 86_400, _BATCH)
    first = seed.today() - timedelta(days=DAYS)
    for number, (geometry, kind, person, second) in enumerate(
        zip(geometries.tolist(), kinds.tolist(), people.tolist(), seconds.tolist(), strict=True)
    ):
        yield (
            hashlib.sha256(f"{SLUG}/{start}/{person}".encode()).digest(),
            _maker(
                start + number, categories[kind], geometry, _TEXTS[kind], first + timedelta(seconds=second)
            ),
        )


def _maker(
    number: int, category: int, geometry: str, text: str, created_at: datetime
) -> Callable[[int], bulk.NewContribution]:
    return lambda participant: bulk.NewContribution(
        id=uuid.uuid5(_NAMESPACE, str(number)),
        category_id=category,
        participant_id=participant,
        geometry=geometry,
        text=text,
        answers={},
        status=ContributionStatus.PUBLISHED,
        source=Source.IMPORT,
        external_id=None,
        created_at=created_at,
    )


def _positions(random: np.random.Generator) -> _Positions:
    """Points around hot spots of unequal weight, all inside the city's outline."""
    area = content.area()
    spots = _hot_spots(area)
    weights = 1 / np.arange(1, HOT_SPOTS + 1) ** 0.8
    chosen = random.choice(HOT_SPOTS, _BATCH, p=weights / weights.sum())
    reach = np.linspace(60, 500, HOT_SPOTS)[chosen][:, None]
    found: _Positions = spots[chosen] + random.normal(0, 1, (_BATCH, 2)) * reach / METRES_PER_DEGREE
    outside = ~shapely.contains_xy(area, found[:, 0], found[:, 1])
    found[outside] = spots[chosen[outside]]
    return np.round(found, 6)


def _hot_spots(area: shapely.MultiPolygon) -> _Positions:
    """Always the same ones: scattered over the outline, more in the middle."""
    random = np.random.default_rng(1)
    middle = np.array([7.768, 49.443])
    tried = middle + random.normal(0, 1, (HOT_SPOTS * 20, 2)) * 2_600 / METRES_PER_DEGREE
    inside: _Positions = tried[shapely.contains_xy(area, tried[:, 0], tried[:, 1])]
    return inside[:HOT_SPOTS]
