"""Characters that nobody sees: out of words, where they disguise; kept where scripts and emoji need them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.text import clean_text
from mapping.geo.unseen import undisguised

BIDI = [chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
UNSEEN = [
    chr(code)
    for code in (
        *(
            0xAD,
            0x34F,
            0x115F,
            0x1160,
            0x17B4,
            0x180B,
            0x180E,
            0x200B,
            0x200C,
            0x200D,
            0x2060,
            0x2063,
            0x206F,
        ),
        *(
            0x3164,
            0xFE00,
            0xFE0F,
            0xFEFF,
            0xFFA0,
            0xFFF9,
            0x1BCA0,
            0x1D173,
            0xE0001,
            0xE0041,
            0xE0100,
            0xE0FFF,
        ),
    )
]
KEPT = [
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want, with a non-joiner
    "\u0915\u094d\u200d\u0937",  # Hindi: a half ka
    "\u0928\u0d28\u0d4d\u200d end",  # Malayalam: a final consonant as it was written before 5.1
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala: shri
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # family
    "\U0001f469\U0001f3fd\u200d\U0001f692",  # firefighter with a skin tone
    "\U0001f3f3\ufe0f\u200d\U0001f308",  # rainbow flag
    "\u2764\ufe0f",  # heart as emoji
    "\u260e\ufe0e",  # telephone as text
    "1\ufe0f\u20e3",  # keycap
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # flag of Scotland
    "\u845b\U000e0100",  # a variant of a Han character
    "\u1820\u180b",  # Mongolian
    "e\u0301\u0323",  # marks
    "Straße, Łódź, Plzeň, Ελλάδα, Київ, 北京, العربية, עברית",
]


@pytest.mark.parametrize("unseen", [*BIDI, *UNSEEN], ids=lambda one: f"U+{ord(one):04X}")
def test_unseen_character_within_a_word_is_taken_out(unseen: str) -> None:
    assert undisguised(f"Bau{unseen}platz") == "Bauplatz"
    assert undisguised(f"{unseen}Bau{unseen}{unseen}platz {unseen}") == "Bauplatz "


@pytest.mark.parametrize("text", KEPT)
def test_what_scripts_and_emoji_need_stays(text: str) -> None:
    assert undisguised(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u0645\u200c", "\u0645"),
        ("\u0645\u200c\u200c\u06cc", "\u0645\u06cc"),
        ("\U0001f468\u200dx", "\U0001f468x"),
        ("12\ufe0f", "12"),
        ("\U0001f3f4\U000e0067\U000e0062", "\U0001f3f4"),
        ("a\U000e0067\U000e0062\U000e007fb", "ab"),
        ("a\u200b\u0308", "ä"),
    ],
)
def test_unseen_character_out_of_its_place_is_taken_out(typed: str, kept: str) -> None:
    assert clean_text(typed, max_length=100, multiline=False) == kept


LETTERS = "a \u0301\u0645\u06cc\u0915\u094d\u200c\u200d\ufe0f\u20e3\u2764\u202e\U0001f468\U0001f3f4\U000e0067\U000e007f"


@given(st.text(st.sampled_from(LETTERS)))
def test_undisguised_text_stays_as_it_is(text: str) -> None:
    found = undisguised(text)
    assert undisguised(found) == found
    assert "\u202e" not in found
