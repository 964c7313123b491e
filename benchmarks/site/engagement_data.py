"""Invented cities for `bin/bench engagement`: campaigns, contributions, comments, events, documents; always the same.

Texts have words of the house's list of stems and compounds of two of them, as frequent as words are (Zipf's law): a
common word is in a quarter of all texts, most are in a few.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from benchmarks.running import data

_WORDS_PER_TEXT: Final = 18
_COMPOUNDS: Final = 12_000
_PAGES_PER_DOCUMENT: Final = 10
_BOX: Final = (8.45, 47.32, 8.63, 47.43)
_PIECE: Final = 10_000

_CONTRIBUTIONS: Final = """
    INSERT INTO mapping_contribution (id, campaign_id, category_id, geom, text, answers, staff_answers, status, source,
        fingerprint, created_at, updated_at, support_count, opposition_count, comment_count)
    SELECT gen_random_uuid(), category.campaign_id, category.id,
        ST_SetSRID(ST_MakePoint(8.45 + random() * 0.18, 47.32 + random() * 0.11), 4326), stage.words, '{}', '{}',
        CASE WHEN stage.number %% 50 = 0 THEN 'pending' ELSE 'published' END, 'online', '',
        now() - stage.number * interval '3 minutes', now(), 0, 0, 0
    FROM stage JOIN mapping_category AS category ON category.position = stage.number %% %(campaigns)s
"""
_COMMENTS: Final = """
    INSERT INTO mapping_comment (public_id, contribution_id, participant_id, text, status, created_at)
    SELECT gen_random_uuid(), numbered.id, participant.id, stage.words, 'published', numbered.created_at
    FROM stage
    JOIN (
        SELECT id, campaign_id, created_at, row_number() OVER (ORDER BY created_at DESC) - 1 AS number
        FROM mapping_contribution
    ) AS numbered ON numbered.number = stage.number
    JOIN LATERAL (
        SELECT id FROM mapping_participant AS one WHERE one.campaign_id = numbered.campaign_id LIMIT 1
    ) AS participant ON true
"""


@dataclass(frozen=True)
class City:
    """How much there is."""

    campaigns: int
    events: int
    documents: int
    contributions: int
    comments: int


SMALL: Final = City(5, 50, 20, 1_500, 300)
LARGE: Final = City(500, 5_000, 2_000, 150_000, 25_000)


class Words:
    """Texts of invented words."""

    def __init__(self) -> None:
        from mapping.models.search.stems import stems

        self._random = np.random.default_rng(13)
        single = sorted(stems())
        pairs = self._random.integers(0, len(single), (_COMPOUNDS, 2))
        compounds = [f"{single[first]}{single[second]}" for first, second in pairs.tolist()]
        self.known = [word.capitalize() for word in (*single, *compounds)]
        weights = 1 / np.arange(3, len(self.known) + 3)
        self._weights = np.cumsum(weights / weights.sum())

    def texts(self, number: int, words: int = _WORDS_PER_TEXT) -> Iterator[str]:
        """So many texts."""
        for start in range(0, number, _PIECE):
            count = min(_PIECE, number - start)
            drawn = np.searchsorted(self._weights, self._random.random((count, words)))
            for row in drawn.tolist():
                yield " ".join(self.known[min(index, len(self.known) - 1)] for index in row)


def fill(city: City) -> None:
    """Replace everything by an invented city."""
    from django.db import connection, transaction

    from engagement.models import Document, Event

    data.empty()
    Event.objects.all().delete()
    Document.objects.all().delete()
    words = Words()
    with transaction.atomic():
        _campaigns(city, words)
        _dates(city, words)
        _documents(city, words)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE stage (number integer, words text) ON COMMIT DROP")
            with cursor.copy("COPY stage FROM STDIN") as copy:
                for number, text in enumerate(words.texts(city.contributions)):
                    copy.write_row((number, text))
            cursor.execute(
                _CONTRIBUTIONS,
                {"campaigns": city.campaigns},
            )
            cursor.execute("TRUNCATE stage")
            with cursor.copy("COPY stage FROM STDIN") as copy:
                for number, text in enumerate(words.texts(city.comments)):
                    copy.write_row((number, text))
            cursor.execute(_COMMENTS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _campaigns(city: City, words: Words) -> None:
    from django.contrib.gis.geos import MultiPolygon, Polygon
    from django.utils import timezone

    from mapping.models import Campaign, Category, Participant

    now, area = timezone.now(), MultiPolygon(Polygon.from_bbox(_BOX), srid=4326)
    # Most are over, some run, some come.
    spans = itertools.cycle([(-300, -200), (-30, 30), (-200, -100), (20, 60), (-90, -10)])
    made = Campaign.objects.bulk_create(
        Campaign(
            slug=f"city-{number}",
            title=text[:120],
            summary=summary[:250],
            description=description,
            area=area,
            opens_at=now + timedelta(days=begins),
            closes_at=now + timedelta(days=ends),
        )
        for number, text, summary, description, (begins, ends) in zip(
            range(city.campaigns),
            words.texts(city.campaigns, 4),
            words.texts(city.campaigns, 20),
            words.texts(city.campaigns, 60),
            spans,
            strict=False,
        )
    )
    Category.objects.bulk_create(
        Category(campaign=campaign, slug="place", title="Ort", geometry_types=["point"], position=number)
        for number, campaign in enumerate(made)
    )
    Participant.objects.bulk_create(
        Participant(campaign=campaign, key=uuid.UUID(int=campaign.pk).bytes * 2) for campaign in made
    )


def _dates(city: City, words: Words) -> None:
    from django.utils import timezone

    from engagement.models import Event, EventDate

    now = timezone.now()
    made = Event.objects.bulk_create(
        Event(slug=f"event-{number}", title=text[:120], description=description, is_draft=number % 50 == 0)
        for number, text, description in zip(
            range(city.events), words.texts(city.events, 4), words.texts(city.events, 40), strict=True
        )
    )
    EventDate.objects.bulk_create(
        EventDate(
            event=event,
            original_starts_at=now + timedelta(hours=5 * number - 2 * city.events),
            starts_at=now + timedelta(hours=5 * number - 2 * city.events),
            ends_at=now + timedelta(hours=5 * number - 2 * city.events + 2),
        )
        for number, event in enumerate(made)
    )


def _documents(city: City, words: Words) -> None:
    from engagement.models import Document, DocumentPage, DocumentVersion

    made = Document.objects.bulk_create(
        Document(title=text[:120], is_draft=number % 50 == 0)
        for number, text in enumerate(words.texts(city.documents, 4))
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(document=one, number=1, name="a.pdf", file="a.pdf", bytes=1, digest=b"1")
        for one in made
    )
    pages = ((version, number) for version in versions for number in range(1, _PAGES_PER_DOCUMENT + 1))
    texts = words.texts(len(versions) * _PAGES_PER_DOCUMENT, 120)
    DocumentPage.objects.bulk_create(
        (
            DocumentPage(version=version, number=number, text=text)
            for (version, number), text in zip(pages, texts, strict=True)
        ),
        batch_size=2_000,
    )
