"""What people type, as a query of PostgreSQL. No sign of it is an operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db import connection

MOST_LETTERS: Final = 200
"""Of the whole input; what comes behind is left out."""
MOST_WORDS: Final = 10
_LONGEST_WORD: Final = 60
_WORD: Final = re.compile(r"[^\W_]+")
_LEXEME: Final = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True)
class Query:
    """Words that are searched; `prepared` is empty where none of them can be (stop words, signs alone)."""

    words: tuple[str, ...]
    prepared: str = ""

    @property
    def lexemes(self) -> tuple[str, ...]:
        """The stems and beginnings that the query looks for."""
        found = (match[1].replace("''", "'") for match in _LEXEME.finditer(self.prepared))
        return tuple(dict.fromkeys(found))


def words_of(typed: str) -> tuple[str, ...]:
    """The words of an input, at most ten; longer ones than any text has are cut."""
    found = _WORD.findall(typed[:MOST_LETTERS])
    return tuple(word[:_LONGEST_WORD] for word in found[:MOST_WORDS])


def prepare(words: tuple[str, ...]) -> Query:
    """Let PostgreSQL write the query: every word must be there, the last one may be the beginning of a word."""
    if not words:
        return Query(words)
    parts = " && ".join("mapping_search_word(%s, %s)" for _word in words)
    values: list[str | bool] = []
    for number, word in enumerate(words, 1):
        values += [word, number == len(words)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({parts})::text", values)
        return Query(words, cursor.fetchone()[0])
