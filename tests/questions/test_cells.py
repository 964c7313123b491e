"""Cells as answers: numbers and times of day as people and workbooks write them."""

from datetime import datetime, time

import pytest

from mapping.models import QuestionKind
from mapping.questions.registry import KINDS


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("7,5", 7.5),
        ("7.5", 7.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("-1.234.567,25", -1234567.25),
        (7, 7),
        ("viel", "viel"),
        ("1.2.3", "1.2.3"),
        ("12.34,5", "12.34,5"),
    ],
)
def test_numbers_are_read_with_either_decimal_sign(cell: object, number: object) -> None:
    assert KINDS[QuestionKind.NUMBER].cell({}, cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "08:05",
        "8:05",
        "8.05 Uhr",
        "08:05:00",
        "08:05:00.000",
        "8h05",
        time(8, 5),
        datetime(2026, 5, 21, 8, 5),  # noqa: DTZ001 - cells know no zone
    ],
)
def test_times_of_day_are_read_in_each_spelling(cell: object) -> None:
    assert KINDS[QuestionKind.TIME_OF_DAY].cell({}, cell) == "08:05"


def test_what_is_no_time_of_day_stays_for_the_check() -> None:
    assert KINDS[QuestionKind.TIME_OF_DAY].cell({}, "am Abend") == "am Abend"
