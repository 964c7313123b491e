"""The environment of the process, read with types. An empty value counts as unset everywhere."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from environs import Env, EnvValidationError, ValidationError

OFF: Final = "off"
"""Value of settings whose default does something, and which an empty value therefore cannot switch off."""
SHORTEST_KEY: Final = 50
"""Characters of a SECRET_KEY, and of each of its fallbacks."""
_COMMAS: Final = re.compile(r",")
_BEFORE_ADDRESSES: Final = re.compile(r",[,\s]*(?=[A-Za-z][A-Za-z0-9+.-]*://|$)")
"""Addresses of several hosts (`?host=first,second`) hold commas themselves."""


class SiteEnvironment(Env):
    """As environs reads it, but a value of blanks is none, and lists have no blank or empty entries."""

    def strings(
        self,
        name: str,
        default: Sequence[str] = (),
        *,
        validate: Callable[[list[str]], Any] | None = None,
    ) -> list[str]:
        """What is written between commas; raises EnvValidationError for what `validate` refuses."""
        return self._parts(name, default, _COMMAS, validate)

    def addresses(self, name: str) -> list[str]:
        """Addresses (`scheme://...`) between commas; a comma before anything else belongs to the address."""
        return self._parts(name, (), _BEFORE_ADDRESSES, None)

    def _parts(
        self,
        name: str,
        default: Sequence[str],
        between: re.Pattern[str],
        validate: Callable[[list[str]], Any] | None,
    ) -> list[str]:
        written = self.str(name, "")
        parts = [part.strip() for part in between.split(written)]
        found = [part for part in parts if part] or [*default]
        if validate is not None:
            try:
                validate(found)
            except ValidationError as error:
                problem = f'Environment variable "{name}" invalid: {error.args[0]}'
                raise EnvValidationError(problem, error.messages) from error
        return found

    def _get_value(self, env_key: str, default: Any) -> Any:
        value = super()._get_value(env_key, None)
        return default if value is None or not value.strip() else value


env = SiteEnvironment()
BASE_DIR = Path(__file__).resolve().parents[2]


def keys_are_long(keys: list[str]) -> None:
    """Raise ValidationError for fallbacks of SECRET_KEY that are too short: each of them signs as the key does."""
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValidationError(f"Each key must have at least {SHORTEST_KEY} characters.")


def months_by_subject(given: list[str]) -> dict[str, int]:
    """Months by what they are about, of "texts=24"; none of "off". Raises ValueError for other words."""
    found: dict[str, int] = {}
    if given == [OFF]:
        return found
    for one in given:
        subject, _sign, months = one.partition("=")
        if subject not in {"texts", "photos", "staff_answers", "places", "people"} or not (
            months.isdecimal() and 1 <= int(months) <= 240
        ):
            raise ValueError(f"RETENTION_MONTHS: {one!r} is not like texts=24, with 1 to 240 months.")
        found[subject] = int(months)
    return found


def template_of(written: str) -> str:
    """The address of a base map's tiles, empty where it is switched off."""
    return "" if written.lower() == OFF else written
