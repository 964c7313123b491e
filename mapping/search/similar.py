"""Public contributions that resemble a text somebody writes: the index proposes by words, trigrams order."""

from __future__ import annotations

import re
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connections, router
from django.db.models import F
from django.db.models.functions import Concat, Greatest, Left

from mapping.models import Campaign, Contribution, Participant, SearchText
from mapping.search.own_kinds import CONTRIBUTIONS, KINDS

MOST_SIMILAR: Final = 5
_FEWEST_WORDS: Final = 2
_MOST_WORDS: Final = 12
_WORD: Final = re.compile(r"[^\W_]{4,60}")
_MOST_COMPARED: Final = 200
"""The newest contributions with a word of the text, which are compared letter by letter."""
_COMPARED_LETTERS: Final = 1000
_LEAST_SIMILARITY: Final = 0.3
"""The default of pg_trgm (`pg_trgm.similarity_threshold`)."""
_KIND: Final = next(kind for kind in KINDS if kind.group is CONTRIBUTIONS)


def similar(
    campaign: Campaign, text: str, *, without: Participant | None = None, limit: int = MOST_SIMILAR
) -> list[Contribution]:
    """Public contributions of a campaign that resemble a text, the most similar first, each with `similarity`.

    Texts of fewer than two words of four letters resemble nothing; `without` those of one person. Two queries, one that
    prepares the words, one for the questions.
    """
    words = list(dict.fromkeys(_WORD.findall(text[:_COMPARED_LETTERS])))[:_MOST_WORDS]
    if len(words) < _FEWEST_WORDS:
        return []
    prepared = _any_of(words)
    if not prepared:
        return []
    proposed = (
        SearchText.objects.fitting(_KIND.name, prepared)
        .filter(campaign_id=campaign.pk)
        .newest_first()
        .values_list("key", flat=True)[:_MOST_COMPARED]
    )
    typed = " ".join(text[:_COMPARED_LETTERS].split())
    whole = Left(Concat(F("title"), F("text")), _COMPARED_LETTERS)
    found = Contribution.objects.published().filter(campaign=campaign, pk__in=list(proposed))
    if without is not None:
        found = found.exclude(participant=without)
    return list(
        found.annotate(
            similarity=Greatest(TrigramSimilarity(whole, typed), TrigramWordSimilarity(typed, whole))
        )
        .filter(similarity__gte=_LEAST_SIMILARITY)
        .select_related("campaign", "category")
        .prefetch_related("category__questions")
        .defer("staff_answers")
        .order_by("-similarity", "-created_at", "-pk")[:limit]
    )


def _any_of(words: list[str]) -> str:
    """Let PostgreSQL write the query of texts that have any of the words; empty where none can be searched."""
    parts = " || ".join("mapping_search_word(%s, false)" for _word in words)
    with connections[router.db_for_read(Contribution)].cursor() as cursor:
        cursor.execute(f"SELECT ({parts})::text", words)
        prepared: str = cursor.fetchone()[0]
    return prepared
