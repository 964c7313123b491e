"""Other spellings for words that find nothing ("Did you mean …")."""

from __future__ import annotations

from typing import Final

from mapping.models import SearchWord
from mapping.search.finding import is_found
from mapping.search.query import Query, prepare

_SHORTEST: Final = 4
_MOST_TRIED: Final = 4


def suggestion(query: Query) -> str:
    """The same terms with one word spelled otherwise, which find something public now; empty if there are none.

    Words come from texts that were public when they were collected; what finds nothing now is not suggested, so that no
    text that is hidden by now shows itself.
    """
    words = [
        (place, number, word)
        for place, term in enumerate(query.terms)
        for number, word in enumerate(term.words)
    ]
    known = set(
        SearchWord.objects.filter(word__in=[word.lower() for _place, _number, word in words]).values_list(
            "word", flat=True
        )
    )
    for place, number, word in words:
        if word.lower() in known or len(word) < _SHORTEST:
            continue
        for other in SearchWord.objects.like(word.lower()).values_list("word", flat=True)[:_MOST_TRIED]:
            changed = query.terms[place].with_word(number, other)
            terms = (*query.terms[:place], changed, *query.terms[place + 1 :])
            if is_found(prepare(terms)):
                return " ".join(one.typed for one in terms)
    return ""
