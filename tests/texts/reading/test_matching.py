"""Sections of a new document are matched with the standing ones."""

import time

from texts.reading.matching import Standing, matches

STANDING = [
    Standing("aims", "Aims", "The square gets trees and stays a place for everybody."),
    Standing("green", "Green", "We plant lime trees."),
    Standing("traffic", "Traffic", "Bikes are allowed, cars are not."),
]


def test_same_heading_or_text_is_the_same_section() -> None:
    found = [
        ("GREEN", "Other words."),
        ("Cars", "Bikes are allowed, cars are not."),
        ("Aims", STANDING[0].body),
    ]
    assert matches(found, STANDING) == ["green", "traffic", "aims"]


def test_similar_words_are_the_same_section_and_others_new() -> None:
    found = [
        ("What we want", "The square gets many trees and stays a place for all."),
        ("Costs", "Two million."),
    ]
    assert matches(found, STANDING) == ["aims", None]


def test_each_standing_section_is_matched_once() -> None:
    assert matches([("Green", ""), ("Green", "We plant lime trees.")], STANDING) == [None, "green"]


def test_five_hundred_sections_are_matched_soon() -> None:
    words = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    standing = [Standing(number, f"Old {number}", " ".join(words[number % 7 :])) for number in range(500)]
    found = [(f"New {number}", " ".join(words[number % 5 :])) for number in range(500)]
    begun = time.process_time()
    matches(found, standing)
    assert time.process_time() - begun < 20
