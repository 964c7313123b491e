"""What people type, as a query of PostgreSQL. Quotation marks make a phrase; no other sign is an operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db import connections, router

from mapping.models import SearchText

MOST_LETTERS: Final = 200
"""Of the whole input; what comes behind is left out."""
MOST_WORDS: Final = 10
_LONGEST_WORD: Final = 60
_MARKS: Final = '"„“”«»'
_WORD: Final = re.compile(r"[^\W_]+")
_TERM: Final = re.compile(rf"[{_MARKS}](?P<phrase>[^{_MARKS}\0]*)[{_MARKS}]|(?P<word>[^\W_]+)")
_LEXEME: Final = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that must follow each other."""

    text: str
    is_phrase: bool = False

    @property
    def words(self) -> list[str]:
        """The words of it."""
        return _WORD.findall(self.text)

    @property
    def typed(self) -> str:
        """As people type it."""
        return f'"{self.text}"' if self.is_phrase else self.text

    def with_word(self, number: int, word: str) -> Term:
        """The same with another word in one place."""
        words = self.words
        return Term(" ".join([*words[:number], word, *words[number + 1 :]]), self.is_phrase)


@dataclass(frozen=True)
class Query:
    """What is searched; `prepared` is empty where nothing of it can be (stop words, signs alone)."""

    terms: tuple[Term, ...]
    prepared: str = ""

    @property
    def lexemes(self) -> tuple[str, ...]:
        """The stems and beginnings that the query looks for."""
        found = (match[1].replace("''", "'") for match in _LEXEME.finditer(self.prepared))
        return tuple(dict.fromkeys(found))


def terms_of(typed: str) -> tuple[Term, ...]:
    """Words and quoted phrases of an input, at most ten words; longer ones than any text has are cut."""
    found: list[Term] = []
    left = MOST_WORDS
    for match in _TERM.finditer(typed[:MOST_LETTERS]):
        is_phrase = match["word"] is None
        term = Term(match["phrase"].strip() if is_phrase else match["word"][:_LONGEST_WORD], is_phrase)
        words = term.words[:left]
        if not words:
            continue
        # One word in quotation marks is a word, but no beginning of others.
        found.append(term if len(words) == len(term.words) else Term(" ".join(words), is_phrase))
        left -= len(words)
    return tuple(found)


def prepare(terms: tuple[Term, ...]) -> Query:
    """Let PostgreSQL write the query: every term must be there, a last word may be the beginning of a word."""
    if not terms:
        return Query(terms)
    parts = (
        "mapping_search_phrase(%s)" if term.is_phrase else f"mapping_search_word(%s, {term is terms[-1]})"
        for term in terms
    )
    with connections[router.db_for_read(SearchText)].cursor() as cursor:
        cursor.execute(f"SELECT ({' && '.join(parts)})::text", [term.text for term in terms])
        return Query(terms, cursor.fetchone()[0])
