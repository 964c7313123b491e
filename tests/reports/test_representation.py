"""Comparisons in words of both languages."""

import pytest
from django.utils import translation

from mapping.aggregation.statistics.representation import Group, represent
from mapping.reports.representation import shown_representation

DISTRICTS = represent([Group("Erfenbach", 3, 30), Group("Dansenberg", 60, 30), Group("Hohenecken", 29, 40)])


def said(division: str, language: str) -> list[str]:
    with translation.override(language):
        found = shown_representation(DISTRICTS, division)
        return [part.sentence.replace("\N{NO-BREAK SPACE}", " ") for part in found.parts]


def test_districts_of_residence_in_words() -> None:
    assert said("residence", "de") == [
        "Aus Erfenbach kamen 3 von 92 Stimmen (3 %); dort wohnen 30 % der Menschen: seltener, als zu erwarten war.",
        "Aus Dansenberg kamen 60 von 92 Stimmen (65 %); dort wohnen 30 % der Menschen: häufiger, als zu erwarten war.",
        (
            "Aus Hohenecken kamen 29 von 92 Stimmen (32 %); dort wohnen 40 % der Menschen: der Unterschied kann "
            "Zufall sein."
        ),
    ]
    assert said("residence", "en")[0] == (
        "From Erfenbach came 3 of 92 voices (3%); 30% of the people live there: less often than was to be expected."
    )


@pytest.mark.parametrize("division", ["age", "gender", "other", "places"])
def test_each_division_has_words_of_its_own_in_both_languages(division: str) -> None:
    german, english = said(division, "de"), said(division, "en")
    assert german != english
    assert german != said("residence", "de")
    assert all("3 von 92" in words for words in german[:1])
    assert all("3 of 92" in words for words in english[:1])


def test_too_few_people_get_no_verdict() -> None:
    with translation.override("de"):
        found = shown_representation(represent([Group("a", 3, 1), Group("b", 4, 1)]), "age")
        assert found.parts[0].sentence.endswith("für ein Urteil sind es zu wenige.")
        assert found.fit == ""


def test_slight_difference_and_fit_in_words() -> None:
    with translation.override("de"):
        found = shown_representation(represent([Group("a", 52_000, 1), Group("b", 48_000, 1)]), "age")
        assert found.parts[0].verdict == "etwas häufiger, als zu erwarten war"
        assert found.fit == (
            "Insgesamt unterscheiden sich die Gruppen stärker, als der Zufall erklärt (χ² = 160,0, Freiheitsgrade: 1, "
            "p < 0,001)."
        )
        alike = shown_representation(represent([Group("a", 50, 1), Group("b", 50, 1)]), "age")
        assert (
            alike.fit == "Insgesamt kann der Unterschied Zufall sein (χ² = 0,0, Freiheitsgrade: 1, p = 1,0)."
        )


def test_groups_of_unknown_size_are_named_and_bars_have_one_scale() -> None:
    found = shown_representation(
        represent([Group("a", 10, 30), Group("b", 30, 10), Group("c", 5, 0)]), "places"
    )
    assert found.outside == ("c",)
    assert [(part.width, part.expected_width) for part in found.parts] == [
        ("33.33", "100.00"),
        ("100.00", "33.33"),
    ]


def test_nothing_to_compare_shows_nothing() -> None:
    found = shown_representation(represent([Group("a", 10, None), Group("b", 30, None)]), "places")
    assert (found.parts, found.outside) == ((), ())
