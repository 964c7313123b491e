"""Other spellings for words that find nothing ("Did you mean …")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mapping.models import SearchStem, SearchWord
from mapping.search.query import Query, prepare

_SHORTEST: Final = 4
_MOST_TRIED: Final = 4


def suggestion(query: Query, finds: Callable[[Query], bool]) -> str:
    """The same terms with one word spelled otherwise, for which `finds` is true; empty if there are none.

    Words come from texts that were public when they were collected, then from the stems of compounds; `finds` looks for
    what is public now, so that no text that is hidden by now shows itself.
    """
    words = [
        (place, number, word)
        for place, term in enumerate(query.terms)
        for number, word in enumerate(term.words)
    ]
    typed = [word.lower() for _place, _number, word in words]
    known = {
        *SearchWord.objects.filter(word__in=typed).values_list("word", flat=True),
        *SearchStem.objects.filter(stem__in=typed).values_list("stem", flat=True),
    }
    for place, number, word in words:
        if word.lower() in known or len(word) < _SHORTEST:
            continue
        for other in _like(word.lower()):
            changed = query.terms[place].with_word(number, other)
            terms = (*query.terms[:place], changed, *query.terms[place + 1 :])
            if finds(prepare(terms)):
                return " ".join(one.typed for one in terms)
    return ""


def _like(word: str) -> list[str]:
    """Words of public texts, then stems, that are spelled similarly; each once, the most similar of each first."""
    words = SearchWord.objects.like(word).values_list("word", flat=True)[:_MOST_TRIED]
    stems = SearchStem.objects.like(word).values_list("stem", flat=True)[:_MOST_TRIED]
    return list(dict.fromkeys([*words, *stems]))
