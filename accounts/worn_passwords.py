"""Passwords that attackers try first: from a list of breaches, or made of it as people make longer ones of short ones.

Django brings some 20,000 passwords of breaches, of which a few hundred have twelve characters or more. Longer ones that
are common are made of these: doubled, with a year or marks at the ends, with 0 for o, as a walk over the keyboard.
OWASP ASVS 5.0 6.2.4 asks for the 3,000 most common ones that the length admits, 6.2.11 for words of the site.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_AS_LETTERS: Final = str.maketrans("01345$@!", "oieassai")
_WALKS: Final = (
    "1234567890",
    "qwertzuiopü",
    "qwertyuiop",
    "asdfghjklöä",
    "yxcvbnm",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "qaywsxedcrfvtgb",
    "1qay2wsx3edc4rfv",
    "1qaz2wsx3edc4rfv",
)
_SHORTEST_WALK: Final = 3
_GERMAN: Final = (
    *("passwort", "kennwort", "willkommen", "geheim", "hallo", "sommer", "winter", "herbst", "frühling"),
    *("januar", "februar", "april", "juli", "august", "september", "oktober", "november", "dezember"),
    *(
        "stadt",
        "rathaus",
        "verwaltung",
        "beteiligung",
        "planung",
        "moderation",
        "umfrage",
        "geoparticipation",
    ),
)
_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_FEWEST_SIGNS: Final = 5
"""Different characters that a password has at least."""


class WornPasswordValidator(CommonPasswordValidator):
    """Refuse common passwords, and longer ones that are made of one common word."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's interface
        """Raise ValidationError for a password that is easily tried out."""
        if self.is_worn(password):
            raise ValidationError(
                _(
                    "Attackers try passwords like this one first. Several words that do not belong together are better."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """What is asked for."""
        return _(
            "Not a common password, and not a single word with digits or marks: several words are better."
        )

    def is_worn(self, password: str) -> bool:
        """Whether a password is common or made of a common word, in whatever case."""
        whole = password.lower().strip()
        return len(set(whole)) < _FEWEST_SIGNS or any(
            form in self.passwords or self._is_word(form) or _is_walk(form) for form in _forms(whole)
        )

    def _is_word(self, form: str) -> bool:
        """Whether a common word remains without digits and marks at the ends, or nothing at all."""
        cores = _cores(form)
        return "" in cores or any(one in self._words or one in self.passwords for one in cores)

    @property
    def _words(self) -> set[str]:
        city = re.findall(r"\w+", settings.CITY_NAME.lower())
        return {*_GERMAN, *city, "".join(city)}


def _forms(whole: str) -> set[str]:
    """A password as written, without spaces, with letters for digits, and its repeated part."""
    dense = re.sub(r"\s", "", whole)
    core = _ENDS.sub("", dense)
    forms = {whole, dense, dense.translate(_AS_LETTERS), core.translate(_AS_LETTERS)}
    return forms.union(*(_repeated(one) for one in (whole, dense, core)))


def _cores(text: str) -> set[str]:
    """A text without any number of the digits and marks at one end, and without all of them at both."""
    letters = _ENDS.sub("", text)
    if not letters:
        return {""}
    first, last = text.index(letters), text.rindex(letters) + len(letters)
    return {
        letters,
        *(text[:end] for end in range(last, len(text))),
        *(text[begin:] for begin in range(first + 1)),
        *(text[first:end] for end in range(last, len(text))),
    }


def _repeated(text: str) -> set[str]:
    """The parts whose repetition is the text, itself included."""
    size = len(text)
    return {
        text[:part]
        for part in range(1, size + 1)
        if size % part == 0 and text[:part] * (size // part) == text
    }


def _is_walk(text: str) -> bool:
    """Whether a text consists of neighbours on the keyboard, in the alphabet or in counting, forwards or backwards."""
    at = 0
    while at < len(text):
        longest = max(_walk_at(text, at, row) for walk in _WALKS for row in (walk * 2, walk[::-1] * 2))
        if longest < min(_SHORTEST_WALK, len(text)):
            return False
        at += longest
    return True


def _walk_at(text: str, at: int, row: str) -> int:
    length = 0
    while at + length < len(text) and text[at : at + length + 1] in row:
        length += 1
    return length
