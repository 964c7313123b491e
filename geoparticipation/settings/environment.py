"""The environment of the process, read with types."""

from pathlib import Path

from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]


def months_by_subject(given: list[str]) -> dict[str, int]:
    """Months by what they are about, of "texts=24"; raises ValueError with the words that are none of these."""
    found: dict[str, int] = {}
    for one in given:
        subject, _sign, months = one.strip().partition("=")
        if subject not in {"texts", "photos", "staff_answers", "places", "people"} or not (
            months.isdecimal() and 1 <= int(months) <= 240
        ):
            raise ValueError(f"RETENTION_MONTHS: {one!r} is not like texts=24, with 1 to 240 months.")
        found[subject] = int(months)
    return found
