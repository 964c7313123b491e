"""Quotes: made from a changed text, found again, replaced."""

from hypothesis import given
from hypothesis import strategies as st

from texts.reading.quotes import Quote, change_between, places_of, quote_of, replaced, trimmed

WORDS = st.lists(st.sampled_from(["a", "b", "tree", "trees", "\n\n", "-"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_change_makes_the_one_text_of_the_other(before: str, after: str) -> None:
    change = change_between(before, after)
    if change is None:
        assert before == after
        return
    quote = change.quote
    assert quote.exact != change.replacement
    [*places] = places_of(quote, before)
    assert after in [replaced(before, change, one) for one in places] or not (
        quote.prefix + quote.exact + quote.suffix
    )


def test_change_has_whole_words_and_their_context() -> None:
    change = change_between("The square gets three trees.", "The square gets thirty trees.")
    assert change is not None
    assert change.quote == Quote("The square gets ", "three", " trees.")
    assert change.replacement == "thirty"


def test_words_that_are_added_replace_nothing() -> None:
    change = change_between("The square gets trees.", "The square gets many trees.")
    assert change is not None
    assert change.quote.exact == ""
    assert change.replacement.strip() == "many"


def test_quote_is_found_by_its_context_where_its_words_repeat() -> None:
    body = "A tree here, a tree there."
    assert places_of(quote_of(body, 15, 19), body) == [15]
    assert places_of(Quote("", "tree", ""), body) == [2, 15]
    assert places_of(quote_of(body, 15, 19), "A bush here, a bush there.") == []
    assert places_of(Quote("", "", ""), body) == []


def test_part_is_trimmed_and_never_beyond_the_body() -> None:
    assert trimmed("a  tree  ", 1, 99) == (3, 7)
    assert trimmed("   ", 0, 3) == (3, 3)
    assert trimmed("tree", 9, -3) == (0, 0)
