"""New passwords have twelve characters and are not among those that attackers try first."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from accounts.worn_passwords import WornPasswordValidator

SHORTEST = 12


@pytest.fixture(scope="module")
def validator() -> WornPasswordValidator:
    return WornPasswordValidator()


@pytest.mark.parametrize(
    "password",
    [
        *(
            "Password1234",
            "passwordpassword",
            "P@ssw0rd!2026",
            "Passwort2026!",
            "123456789012",
            "qwertzuiop12",
        ),
        *(
            "abcabcabcabc",
            "aaaaaaaaaaaa",
            "111111111111",
            "Willkommen2026",
            "Kaiserslautern1",
            "kaiserslautern2026!",
        ),
        *(
            "sommer2026!!!",
            "1qay2wsx3edc4rfv",
            "qwertyuiopasdfghjkl",
            "2026 2026 2026",
            "!!!!!????????",
            "987654321098",
        ),
        *("Iloveyou2026", "monkey monkey", "football football football", "geoparticipation1"),
    ],
)
def test_common_passwords_and_what_is_made_of_them_are_refused(
    password: str, validator: WornPasswordValidator, settings: Settings
) -> None:
    settings.CITY_NAME = "Kaiserslautern"
    assert validator.is_worn(password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "a better horse staples batteries",
            "Birne-Leiter-9-Wolken",
            "vT7#kk2qLz0pWm",
            "zwölf graue Elefanten",
        ),
        *("demo-kl-2026", "marktplatz bei nacht", "correct horse battery stapler", "ßäöü lampe tisch"),
    ],
)
def test_several_words_and_random_characters_are_taken(
    password: str, validator: WornPasswordValidator
) -> None:
    assert not validator.is_worn(password)


def test_at_least_three_thousand_common_passwords_of_the_length_are_refused(
    validator: WornPasswordValidator,
) -> None:
    """OWASP ASVS 5.0 6.2.4: the list itself has few that long, what people make of it is checked one by one."""
    listed = {word for word in validator.passwords if len(word) >= SHORTEST}
    made = {
        longer
        for word in sorted(validator.passwords)[::3]
        for longer in (word * 2, word.capitalize() + "2026", word + "123456", word + "!!!!")
        if len(longer) >= SHORTEST
    }
    taken = [one for one in listed | made if not validator.is_worn(one)]
    assert taken == []
    assert len(listed) >= 150
    assert len(listed | made) >= 3000


@pytest.mark.parametrize("password", ["elf wolken", "Kuh 7 Hase"])
def test_shorter_ones_than_twelve_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["nur kleine buchstaben hier", "NUR GROSSE WIE DIESE", "x" * 5 + "yvut" * 30]
)
def test_no_kind_of_character_is_demanded_and_long_ones_are_taken(password: str) -> None:
    validate_password(password)
