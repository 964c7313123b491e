"""Invented campaigns of 10,000 to 1,000,000 contributions, or of 10 million: `bin/bench data [SIZE ...] [--anew]`.

Deterministic; in the real tables, with real footprints. Places cluster as reports from a city do (400 hot spots of
unequal weight around Zürich's centre, a tenth scattered), 97 % are published, a participant has about five
contributions, ten categories of unequal size, three years.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.running import place

if TYPE_CHECKING:
    from mapping.models import Campaign

CENTRE: Final = (8.541, 47.374)
DEGREES_PER_METRE: Final = (1 / 75_400, 1 / 111_200)
HOT_SPOTS: Final = 400
CATEGORIES: Final = 10
FIRST_DAY: Final = 1_700_524_800_000
"""2023-11-21 00:00 UTC in milliseconds."""
YEARS: Final = 3
PER_PARTICIPANT: Final = 5
_PIECE: Final = 50_000

_STAGE: Final = """
    CREATE TEMPORARY TABLE stage (
        id uuid, category smallint, participant integer, lon float8, lat float8, status text,
        created_at timestamptz, words text, rating smallint
    ) ON COMMIT DROP
"""
_LOAD: Final = """
    INSERT INTO mapping_contribution (id, campaign_id, category_id, participant_id, geom, text, answers, status, source,
        fingerprint, created_at, updated_at, support_count, opposition_count, comment_count)
    SELECT s.id, %(campaign)s, (%(categories)s::bigint[])[s.category + 1], %(first)s + s.participant,
        ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326), s.words,
        jsonb_build_object('how-bad', s.rating, 'seen-before', s.rating > 3), s.status, 'online',
        '', s.created_at, s.created_at, s.rating, 0, 0
    FROM stage s
"""
_RESPONSES: Final = """
    INSERT INTO mapping_response (id, campaign_id, participant_id, answers, staff_answers, source, batch, fingerprint,
        created_at, updated_at, completed_at)
    SELECT gen_random_uuid(), campaign_id, id, jsonb_build_object(
        'age', (%(ages)s::text[])[1 + id %% 4], 'satisfaction', 1 + id %% 5
    ), '{}', 'online', '', '', now(), now(), now()
    FROM mapping_participant WHERE campaign_id = %(campaign)s
"""
AGES: Final = ("under-18", "18-25", "26-64", "65")
_WORDS: Final = (
    "Der Weg ist hier seit Wochen dunkel, bitte die Lampen prüfen.",
    "Schlagloch in der Fahrbahn, gefährlich für Radfahrende.",
    "Hier fehlt ein Papierkorb; Abfall liegt rund um die Bank.",
    "Im Sommer ist dieser Platz ohne einen einzigen Baum viel zu heiß. Etwas Schatten täte allen gut.",
    "Die Ampel zeigt Fußgängern nur sehr kurz Grün.",
)


def slug(size: str) -> str:
    """Return the short name of the campaign of a size ("10k", "100k", "1m", "3m", "10m")."""
    return f"bench-{size}"


def ensure(size: str) -> Campaign:
    """Return the campaign of a size, made where it is missing."""
    from mapping.models import Campaign

    campaign = Campaign.objects.filter(slug=slug(size)).first()
    return campaign or make(slug(size), (place.SIZES | place.LARGEST)[size])


def empty() -> None:
    """Delete everything; row by row PostgreSQL would ask seven tables about each of a million."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE mapping_campaign CASCADE")
        cursor.execute("TRUNCATE mapping_tally, mapping_centre")


def ensure_responses(campaign: Campaign) -> None:
    """Let each participant have answered a survey of two questions, where nobody has yet."""
    from django.db import connection

    from mapping.models import Question, Response

    if Response.objects.filter(campaign=campaign).exists():
        return
    choices = [{"value": age, "title": age} for age in AGES]
    Question.objects.create(
        campaign=campaign, slug="age", title="Age", kind="single_choice", options={"choices": choices}
    )
    Question.objects.create(
        campaign=campaign, slug="satisfaction", title="Satisfaction", kind="scale", position=1
    )
    with connection.cursor() as cursor:
        cursor.execute(_RESPONSES, {"campaign": campaign.pk, "ages": list(AGES)})
        cursor.execute("VACUUM (ANALYZE) mapping_response")


def make(name: str, count: int) -> Campaign:
    """Make a campaign with this short name and so many contributions."""
    from django.db import connection, transaction

    from mapping.aggregation import footprint
    from mapping.models import Campaign, Category

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        campaign = Campaign.objects.create(slug=name, title=f"Benchmark {name}")
        categories = [
            Category.objects.create(
                campaign=campaign,
                slug=f"kind-{number}",
                title=f"Kind {number}",
                geometry_types=["point"],
                position=number,
            ).pk
            for number in range(CATEGORIES)
        ]
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM mapping_participant")
        first = cursor.fetchone()[0]
        people = count // PER_PARTICIPANT
        cursor.execute(
            "INSERT INTO mapping_participant (id, campaign_id, key, created_at)"
            " SELECT %s + n, %s, sha256(int8send(n)), now() FROM generate_series(0, %s) AS n",
            [first, campaign.pk, people],
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('mapping_participant', 'id'), max(id)) FROM mapping_participant"
        )
        cursor.execute(_STAGE)
        with cursor.copy("COPY stage FROM STDIN") as copy:
            for piece in _rows(count, people):
                copy.write(piece)
        cursor.execute(_LOAD, {"campaign": campaign.pk, "categories": categories, "first": first})
        stored = time.perf_counter()
        rows = footprint.write_many(campaign)
        written = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) mapping_contribution, mapping_participant")
    footprint.settle()
    place.say(
        f"{name}: {count:,} contributions in {stored - began:.1f} s,"
        f" {rows:,} rows of footprints in {written - stored:.1f} s"
    )
    return campaign


def _rows(count: int, people: int) -> Iterator[str]:
    """Yield the staging rows as COPY text, always the same ones for one count."""
    random = np.random.default_rng(count)
    weights = 1 / np.arange(1, HOT_SPOTS + 1) ** 0.8
    weights /= weights.sum()
    spots = random.normal(0, 3_000, (HOT_SPOTS, 2))
    spread = random.uniform(40, 400, HOT_SPOTS)
    homes = random.choice(HOT_SPOTS, people, p=weights)
    kinds = 1 / np.arange(1, CATEGORIES + 1)
    kinds /= kinds.sum()
    for start in range(0, count, _PIECE):
        n = min(_PIECE, count - start)
        # Some people contribute a lot more than others, and mostly around where they live.
        person = (people * random.random(n) ** 1.5).astype(np.int64)
        spot = np.where(random.random(n) < 0.6, homes[person], random.choice(HOT_SPOTS, n, p=weights))
        metres = spots[spot] + random.normal(0, 1, (n, 2)) * spread[spot][:, None]
        scattered = random.random(n) < 0.1
        metres[scattered] = random.uniform(-9_000, 9_000, (int(scattered.sum()), 2))
        lonlat = np.round(np.array(CENTRE) + metres * DEGREES_PER_METRE, 6)
        moment = FIRST_DAY + np.sort(random.integers(0, YEARS * 365 * 86_400_000, n))
        low, high = random.integers(0, 2**12, n), random.integers(0, 2**62, n)
        kind = random.choice(CATEGORIES, n, p=kinds)
        status = random.choice(("published", "pending", "rejected"), n, p=(0.97, 0.02, 0.01))
        rating = random.integers(1, 6, n)
        yield "".join(
            f"{ms:012x}7{a:03x}{(2 << 62) | b:016x}\t{k}\t{who}\t{lon}\t{lat}\t{state}\t"
            f"{np.datetime64(ms, 'ms')}+00\t{_WORDS[grade % 5]}\t{grade}\n"
            for ms, a, b, k, who, lon, lat, state, grade in zip(
                moment.tolist(),
                low.tolist(),
                high.tolist(),
                kind.tolist(),
                person.tolist(),
                *lonlat.T.tolist(),
                status.tolist(),
                rating.tolist(),
                strict=True,
            )
        )


def main() -> None:
    """Make the campaigns that are missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "sizes", nargs="*", metavar="SIZE", help=f"{', '.join(place.SIZES)} (all by default), 3m, 10m"
    )
    parser.add_argument("--anew", action="store_true", help="delete all of them first")
    options = parser.parse_args()
    unknown = set(options.sizes) - (place.SIZES | place.LARGEST).keys()
    if unknown:
        parser.error(f"unknown size: {', '.join(unknown)}")
    place.enter()
    if options.anew:
        empty()
    for size in options.sizes or place.SIZES:
        ensure(size)


if __name__ == "__main__":
    main()
