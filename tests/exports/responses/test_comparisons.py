"""The sheet of comparisons in the workbook of responses."""

from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from accounts.models import User
from mapping.exports.responses.workbook import write_file
from mapping.models import Campaign, Question
from mapping.services.surveys.comparing import compare_with
from tests.services.surveys.test_comparing import AGES, draft
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def age(campaign: Campaign) -> Question:
    question = ask(campaign, "age", "single_choice", options={"choices": AGES}, title="Wie alt?")
    answer(campaign, *times(4, age="young"), *times(70, age="middle"), *times(18, age="old"))
    return question


def test_comparisons_have_a_sheet_of_their_own(
    tmp_path: Path, campaign: Campaign, age: Question, manager: User
) -> None:
    compare_with(age, draft(), actor=manager)
    with translation.override("de"):
        write_file(campaign, "codes", "https://example.org", tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Vergleiche"]
    head, first, *_rest = sheet.iter_rows(values_only=True)
    assert head[:4] == ("Frage", "Gruppe", "Personen", "Anteil")
    assert first[:3] == ("Wie alt?", "18 bis 29", 4)
    assert first[3:6] == pytest.approx((4 / 92, 0.2, 4 / 92 / 0.2))
    assert first[7:] == ("Zensus", "2022-05-15")


def test_without_comparisons_there_is_no_sheet(tmp_path: Path, campaign: Campaign, age: Question) -> None:
    with translation.override("en"):
        write_file(campaign, "codes", "https://example.org", tmp_path / "a.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames) == 2
