"""Texts that people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.text import TextProblem, address_from_title, clean_text


def line(value: str) -> str:
    return clean_text(value, max_length=1000, multiline=False)


def lines(value: str) -> str:
    return clean_text(value, max_length=1000, multiline=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zu dunkel\n", "Zu dunkel"),
        ("a\0b\x07c\x7fd\x9be", "abcde"),
        ("Ma\u0308rz", "März"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2066abc\u2069", "abc"),
        ("שלום\u200f", "שלום"),
        ("a\ud800b", "ab"),
        ("\u200b \ufeff", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\N{FAMILY}\N{ZERO WIDTH JOINER}x", "\N{FAMILY}x"),
        ("a" + "\u0301" * 100, unicodedata.normalize("NFC", "a" + "\u0301" * 30)),
    ],
)
def test_text_loses_what_nobody_types_on_purpose(typed: str, kept: str) -> None:
    assert line(typed) == lines(typed) == kept


def test_white_space_of_one_line_becomes_one_blank() -> None:
    assert line("a\r\n\tb\u2028c\xa0 d") == "a b c d"


def test_line_ends_become_newlines() -> None:
    assert lines("a\r\nb\rc\u2029d\x85e\x0bf") == "a\nb\nc\nd\ne\nf"


def test_tab_stays_in_several_lines() -> None:
    assert lines("a\tb") == "a\tb"


def test_more_than_two_blank_lines_collapse() -> None:
    assert lines("a\n\n\nb") == "a\n\n\nb"
    assert lines("a\n \n\t\n\n\n \nb") == "a\n\n\nb"


def test_length_counts_after_cleaning() -> None:
    assert clean_text("  ab\0c  ", max_length=3, multiline=False) == "abc"


def test_text_that_is_too_long_says_by_how_much() -> None:
    with pytest.raises(TextProblem) as caught:
        clean_text("abcd", max_length=3, multiline=False)
    assert (caught.value.code, caught.value.params) == ("too_long", {"max": 3, "length": 4})
    assert str(caught.value) == "The text has 4 characters; at most 3 are allowed."


def test_five_megabytes_of_combining_marks_are_refused() -> None:
    with pytest.raises(TextProblem):
        lines("\u0301\u0323" * 2_500_000)


@given(st.text(st.characters()), st.booleans())
def test_clean_text_is_storable_and_stays_as_it_is(value: str, multiline: bool) -> None:
    cleaned = clean_text(value, max_length=10_000, multiline=multiline)
    assert cleaned.encode() is not None
    assert "\0" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(cleaned, max_length=10_000, multiline=multiline) == cleaned


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Für Größe ß – Straße", "fuer-groesse-ss-strasse"),
        ("Fu\u0308r Gro\u0308ße", "fuer-groesse"),
        ("ÄÖÜ", "aeoeue"),
        ("Café & Crème, 2. Teil!", "cafe-creme-2-teil"),
        ("Łódź", "lodz"),
        ("ﬁve", "five"),
        ("  -- ", ""),
        ("מקום", ""),
        ("Wo fühlen Sie sich nachts unsicher? (a/b)", "wo-fuehlen-sie-sich-nachts-unsicher-a-b"),
    ],
)
def test_addresses_are_made_from_titles_in_german_spelling(title: str, address: str) -> None:
    assert address_from_title(title) == address


def test_long_titles_are_cut_at_a_word() -> None:
    assert address_from_title("Wie zufrieden sind Sie", max_length=15) == "wie-zufrieden"
    assert address_from_title("Donaudampfschifffahrt", max_length=5) == "donau"
    assert address_from_title("Ja, Donaudampfschifffahrt", max_length=10) == "ja-donauda"


@given(st.text(max_size=300))
def test_addresses_fit_their_column(title: str) -> None:
    address = address_from_title(title)
    assert len(address) <= 80
    assert address == "" or (address.isascii() and address.strip("-") == address)
