"""Other spellings for words that find nothing ("Did you mean …")."""

from __future__ import annotations

from typing import Final

from mapping.models import SearchWord
from mapping.search.finding import is_found
from mapping.search.query import Query, prepare

_SHORTEST: Final = 4
_MOST_TRIED: Final = 4


def suggestion(query: Query) -> str:
    """The same words with one spelled otherwise, which find something public at this moment; empty if there is none.

    Words come from texts that were public when they were collected; what finds nothing now is not suggested, so that no
    text that is hidden by now shows itself.
    """
    known = set(
        SearchWord.objects.filter(word__in=[word.lower() for word in query.words]).values_list(
            "word", flat=True
        )
    )
    for number, word in enumerate(query.words):
        if word.lower() in known or len(word) < _SHORTEST:
            continue
        for other in SearchWord.objects.like(word.lower()).values_list("word", flat=True)[:_MOST_TRIED]:
            words = (*query.words[:number], other, *query.words[number + 1 :])
            if is_found(prepare(words)):
                return " ".join(words)
    return ""
