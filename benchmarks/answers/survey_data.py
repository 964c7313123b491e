"""Invented surveys of 10,000 and 100,000 responses to 20 questions, stored in the real tables under their triggers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.running import data, place

if TYPE_CHECKING:
    from mapping.models import Campaign
    from mapping.services.campaigns import NewQuestion

QUESTIONS: Final = 20
CHOICES: Final = 6
STEPS: Final = 5
ROWS: Final = 3
PARTS: Final = ["early_morning", "morning", "midday", "afternoon", "evening", "night"]
_WORDS: Final = "In meiner Straße fehlt vor allem Schatten."
_PIECE: Final = 20_000
_DIVISIONS: Final = 8
_EDGE: Final = 0.02
"""Districts in a row, and the edge of each in degrees."""
_PEOPLE: Final = """
    INSERT INTO mapping_participant (campaign_id, key, created_at)
    SELECT %(campaign)s, sha256(int8send(n)), now() FROM generate_series(%(start)s, %(end)s - 1) AS n RETURNING id
"""
_LOAD: Final = """
    COPY mapping_response (id, campaign_id, participant_id, answers, source, batch, fingerprint, created_at, updated_at,
        completed_at) FROM STDIN
"""


def divide(campaign: Campaign) -> None:
    """Give a campaign three phases and a layer of 64 districts around its contributions; callers undo it."""
    from datetime import timedelta

    from django.contrib.gis.geos import MultiPolygon, Polygon
    from django.utils import timezone

    from mapping.models import Action, District, DistrictLayer, Phase

    layer = DistrictLayer.objects.create(slug=f"divided-{campaign.slug}", title="Divided")
    east, north = (float(one) for one in data.CENTRE)
    for column in range(_DIVISIONS):
        for row in range(_DIVISIONS):
            west, south = (
                middle + (number - _DIVISIONS / 2) * _EDGE
                for middle, number in ((east, column), (north, row))
            )
            area = MultiPolygon(Polygon.from_bbox((west, south, west + _EDGE, south + _EDGE)), srid=4326)
            name = f"{column:02}{row:02}"
            District.objects.create(layer=layer, code=name, name=name, geom=area)
    campaign.district_layer = layer
    campaign.save(update_fields=["district_layer"])
    today = timezone.now()
    for number, start in enumerate((-2000, -1, 1)):
        opens, closes = (today + timedelta(days=days) for days in (start, (-1, 1, 2000)[number]))
        Phase.objects.create(
            campaign=campaign, title=f"Phase {number}", opens_at=opens, closes_at=closes, allows=Action.values
        )


def slug(size: str) -> str:
    """Return the short name of the survey of a size."""
    return f"bench-survey-{size}"


def ensure(size: str) -> Campaign:
    """Return the survey of a size, made where it is missing."""
    from mapping.models import Campaign

    campaign = Campaign.objects.filter(slug=slug(size)).first()
    return campaign or make(size, place.SIZES[size])


def questions() -> list[NewQuestion]:
    """Twenty questions of all kinds that are counted, and two free texts; two are for staff only."""
    from mapping.models import Audience
    from mapping.services.campaigns import NewQuestion

    choices: dict[str, object] = {"choices": _named("choice", CHOICES)}
    scale: dict[str, object] = {"minimum": 1, "maximum": STEPS}
    matrix: dict[str, object] = {"rows": _named("row", ROWS), "choices": _named("choice", STEPS)}
    kinds: list[tuple[str, dict[str, object]]] = [
        *[("single_choice", choices)] * 6,
        *[("multiple_choice", choices)] * 3,
        *[("scale", scale)] * 3,
        *[("matrix", matrix)] * 2,
        ("ranking", choices),
        ("yes_no", {}),
        ("part_of_day", {}),
        ("number", {"minimum": 0, "maximum": 20}),
        ("long_text", {}),
        ("single_choice", choices),
    ]
    return [
        NewQuestion(
            slug=f"q{number}",
            title=f"Question {number}",
            kind=kind,
            options=options,
            audience=Audience.STAFF if number > len(kinds) - 2 else Audience.PUBLIC,
        )
        for number, (kind, options) in enumerate(kinds, 1)
    ]


def make(size: str, count: int) -> Campaign:
    """Make a survey with so many complete responses, always the same ones."""
    from django.db import connection, transaction

    from mapping.services.campaigns import NewCampaign, add_survey, create_campaign

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        campaign = create_campaign(NewCampaign(slug=slug(size), title=f"Survey {size}"))
        add_survey(campaign, questions())
        random = np.random.default_rng(count)
        for start in range(0, count, _PIECE):
            end = min(start + _PIECE, count)
            cursor.execute(_PEOPLE, {"campaign": campaign.pk, "start": start, "end": end})
            people = [pk for (pk,) in cursor.fetchall()]
            with cursor.copy(_LOAD) as copy:
                for row in _rows(random, campaign.pk, people):
                    copy.write_row(row)
    if not connection.in_atomic_block:  # not in tests
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) mapping_response, mapping_participant, mapping_surveytally")
    place.say(f"{slug(size)}: {count:,} responses in {time.perf_counter() - began:.1f} s")
    return campaign


def answers(random: np.random.Generator, count: int) -> Iterator[dict[str, Any]]:
    """Yield answers of some people; a tenth of them leaves out what it may."""
    asked = [(question.slug, question.kind) for question in questions()]
    drawn = {name: iter(_drawn(random, kind, count)) for name, kind in asked}
    given = random.random((count, len(asked))) < 0.9
    for row in given.tolist():
        found = {name: next(values) for name, values in drawn.items()}
        yield {name: found[name] for (name, _kind), is_given in zip(asked, row, strict=True) if is_given}


def _rows(random: np.random.Generator, campaign: int, people: list[int]) -> Iterator[tuple[object, ...]]:
    count = len(people)
    moments = data.FIRST_DAY + np.sort(random.integers(0, 60 * 86_400_000, count))
    low, high = random.integers(0, 2**12, count), random.integers(0, 2**62, count)
    for person, ms, a, b, given in zip(
        people, moments.tolist(), low.tolist(), high.tolist(), answers(random, count), strict=True
    ):
        at = f"{np.datetime64(ms, 'ms')}+00"
        pk = f"{ms:012x}7{a:03x}{(2 << 62) | b:016x}"
        yield pk, campaign, person, json.dumps(given), "online", "", b"", at, at, at


def _drawn(random: np.random.Generator, kind: str, count: int) -> Iterable[Any]:
    """The answers of some people to a question of a kind."""
    match kind:
        case "single_choice" | "part_of_day":
            values = PARTS if kind == "part_of_day" else [f"choice-{number}" for number in range(CHOICES)]
            return [values[number] for number in _unequal(random, len(values), count)]
        case "multiple_choice":
            chosen = random.random((count, CHOICES)) < 0.35
            chosen[:, 0] |= ~chosen.any(axis=1)
            return [[f"choice-{number}" for number in np.flatnonzero(row)] for row in chosen]
        case "scale":
            return (int(step) for step in random.integers(1, STEPS + 1, count))
        case "matrix":
            return [
                {f"row-{row}": f"choice-{one}" for row, one in enumerate(steps)}
                for steps in random.integers(0, STEPS, (count, ROWS)).tolist()
            ]
        case "ranking":
            order = random.random((count, CHOICES)).argsort(axis=1)[:, :3]
            return [[f"choice-{number}" for number in row] for row in order.tolist()]
        case "yes_no":
            return (bool(value < 0.6) for value in random.random(count))
        case "number":
            return (int(number) for number in random.integers(0, 21, count))
        case _:
            return [_WORDS] * count


def _unequal(random: np.random.Generator, number: int, count: int) -> list[int]:
    weights = 1 / np.arange(1, number + 1)
    return [int(one) for one in random.choice(number, count, p=weights / weights.sum())]


def _named(name: str, count: int) -> list[dict[str, str]]:
    return [{"value": f"{name}-{number}", "title": f"{name.title()} {number}"} for number in range(count)]
