"""A planner reads a survey from an XLSForm."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping.models import Question
from tests import personas
from tests.browser.judge import Judge
from tests.imports.xlsform.forms import COLOURS, asked, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = [
    asked("select_one colours", "colour", "Which colour should the light have?", required="yes"),
    asked("begin_group", "more", "More about you"),
    asked("text", "why", "Why?", hint="In a few words", relevant="${colour} = 'red'", audience="staff"),
    {"type": "end_group"},
]
BAD = [*GOOD, asked("calculate", "sum"), asked("text", "last", relevant="(${sum} > 3")]


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_form_is_corrected_and_stored(
    visit: Callable[..., Page], device: Literal["phone", "desktop"], settings: Settings, tmp_path: object
) -> None:
    settings.VAR_DIR = tmp_path
    campaign = personas.make_campaign("lights", title="Traffic lights", is_draft=True)
    planner = personas.make_user("planner@example.org", campaign, Role.MANAGER)
    page = visit(device, user=planner)
    judge = Judge(page)
    judge.open("/planning/lights/setup/questions/xlsform/")
    for rows in (BAD, GOOD):
        file = {"name": "form.xlsx", "mimeType": "", "buffer": workbook({"survey": rows, "choices": COLOURS})}
        page.get_by_label("Read in a form").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Upload and look at it").click()
        expect(page.get_by_role("heading", name="Preview of the form")).to_be_visible()
        judge.judge(f"preview of {len(rows)} rows")
        if rows is BAD:
            cells = page.get_by_role("row", name="survey 6 Nothing can be calculated here.")
            expect(cells).to_be_visible()
            page.get_by_role("button", name="Choose another file").click()
    expect(page.get_by_text("Only if “Which colour should the light have?” is “Rot”.")).to_be_visible()
    page.get_by_role("button", name="Add these questions").click()
    expect(page.get_by_text("3 questions were added.")).to_be_visible()
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["colour", "more", "why"]
    assert not judge.found, "\n".join(judge.found)
