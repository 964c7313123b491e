"""Texts that a spreadsheet would compute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.formulas import guarded, guarded_unless_number, unguarded

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = (" ", "\xa0", "\u3000", "\u200b", "\u2060", "\ufeff", "\xad", "\u200f", "\u202e", "\x0b")
COMPUTED = [
    *(f"{sign}1+1" for sign in SIGNS),
    *(f"{unseen}=1+1" for unseen in UNSEEN),
    "\t1",
    "\r1",
    "\n1",
    " \t\u200b\uff1d1",
    "'=1",
    "''\u200b@a",
]
PLAIN = ["", "a=1", "'s Wirtshaus", "'", "1+1", "\N{MINUS SIGN}5", "\u200bx", " x", "(=1)", "Grün"]


@pytest.mark.parametrize("text", COMPUTED)
def test_text_that_a_spreadsheet_computes_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(f"'{text}") == text


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_numbers_stay_numbers() -> None:
    assert [guarded(one) for one in (-5, -0.5, None, True)] == [-5, -0.5, None, True]
    kept = ("-5", "+7,5", "-0.25")
    assert tuple(map(guarded_unless_number, kept)) == kept
    assert guarded_unless_number("-5+2") == "'-5+2"
    assert guarded_unless_number("\uff0d5") == "'\uff0d5"


@given(st.text(st.sampled_from("'=+-@ \t\r\n\u200b\uff1dax;\""), max_size=8))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(str(guarded(text))) == text
