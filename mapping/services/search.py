"""Makes the index of the search and its words anew. Triggers keep the index: this is for repairs and new stems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db import connection, transaction

from mapping.models import SearchText, SearchWord
from mapping.models.search.text import LONGEST_WORD
from mapping.search.kinds import SEARCH_KINDS, SearchKind

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 4
MOST_WORDS: Final = 200_000
"""Words that are kept, the most frequent: an upper limit of the table."""
MANY_TEXTS: Final = 10
"""Texts by people that must have a word before it is collected."""
_PIECE: Final = 5_000


def rebuild(kind: SearchKind) -> int:
    """Index all texts of a kind anew and return their number; others find the old ones until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever writes a text meanwhile waits: its triggers and this would index it twice.
        cursor.execute(f"LOCK TABLE {kind.table.table} IN SHARE ROW EXCLUSIVE MODE")
        for statement in kind.table.filling():
            cursor.execute(statement)
    return SearchText.objects.filter(kind=kind.name).count()


@transaction.atomic
def collect_words() -> int:
    """Collect the words of everything that is public now, for suggestions, and return their number.

    Words that are in no public text any more are deleted with the old ones. Of people's texts only words are collected
    that many have: a withdrawn text leaves no word of its own behind.
    """
    official: Counter[str] = Counter()
    personal: Counter[str] = Counter()
    for kind in SEARCH_KINDS:
        counter = personal if kind.is_personal else official
        for text in _public_texts(kind):
            # Some words are longer in small letters.
            words = {word.lower() for word in _WORD.findall(text)}
            counter.update(word for word in words if _SHORTEST <= len(word) <= LONGEST_WORD)
    counted = official + Counter({word: texts for word, texts in personal.items() if texts >= MANY_TEXTS})
    SearchWord.objects.all().delete()
    SearchWord.objects.bulk_create(
        (SearchWord(word=word, texts=texts) for word, texts in counted.most_common(MOST_WORDS)),
        batch_size=_PIECE,
        ignore_conflicts=True,
    )
    return SearchWord.objects.count()


def _public_texts(kind: SearchKind) -> Iterator[str]:
    """Title and body of each public text of a kind, piece by piece."""
    sql, params = kind.public().order_by().query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(kind.table.words_of(f"({sql})"), params)
        while rows := cursor.fetchmany(_PIECE):
            yield from (row[0] for row in rows)
