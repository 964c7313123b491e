"""A manager writes a survey by keyboard: a choice of pictures, a question on a condition, a matrix; and categories."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from mapping.models import Campaign, Question
from tests import personas
from tests.browser.judge import Judge
from tests.surveys.world import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


def picture(colour: str) -> FilePayload:
    data = BytesIO()
    Image.new("RGB", (400, 300), colour).save(data, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": data.getvalue()}


def type_answers(page: Page, *titles: str, label: str = "Answer") -> None:
    """Type one answer after the other; Enter goes on to the next row, which comes where there is none."""
    for number, title in enumerate(titles, 1):
        field = page.get_by_label(f"{label} {number}", exact=True)
        expect(field).to_be_visible()
        field.focus()
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    expect(page.get_by_label(f"{label} {max(4, len(titles) + 1)}", exact=True)).to_have_count(
        1 if len(titles) >= 3 else 0
    )


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add a question")).to_be_visible()


def move_and_remove(page: Page, judge: Judge) -> None:
    """Questions are moved by keyboard; what would break a condition is refused with the question's name."""
    page.get_by_role("button", name="Move “What do you think?” up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".asked__title").nth(1)).to_contain_text("What do you think?")
    expect(page.get_by_role("button", name="Move “What do you think?” up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".asked__title").first).to_contain_text("What do you think?")
    page.get_by_role("button", name="Move “Why?” up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("would test a later question: “Why?”")).to_be_visible()
    judge.judge("an order that is refused")
    page.get_by_role("link", name="Remove “Which figure?”").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    expect(page.get_by_text("test this one: “Why?”")).to_be_visible()
    judge.judge("a removal that is refused")


def test_manager_writes_a_survey_by_keyboard(visit: Visit, manager: User, campaign: Campaign) -> None:
    page = visit("desktop", user=manager)
    judge = Judge(page)
    judge.open(f"/planning/{campaign.slug}/setup/questions/", "no questions yet")

    page.get_by_role("link", name="Choice of a picture").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".setup--scripted")).to_be_attached()
    page.get_by_label("Question", exact=True).focus()
    page.keyboard.type("Which figure?")
    for number, (title, colour) in enumerate((("Red", "red"), ("Blue", "blue")), 1):
        page.get_by_label(f"Answer {number}", exact=True).fill(title)
        page.get_by_label(f"What the picture shows ({number})").fill(f"A {colour} field")
        page.get_by_label(f"Picture {number}", exact=True).set_input_files(picture(colour))
        expect(page.locator(".answer__picture img")).to_have_count(number)
    expect(page.locator("#question-trial img")).to_have_count(2)
    judge.judge("choice of pictures")
    save(page)

    page.get_by_role("link", name="Short text").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".setup--scripted")).to_be_attached()
    page.get_by_label("Question", exact=True).fill("Why?")
    page.get_by_role("radio", name="Only if …").focus()
    page.keyboard.press("Space")
    page.get_by_label("Earlier question 1").select_option("Which figure?")
    expect(page.get_by_label("Expected answer 1")).to_be_visible()
    page.get_by_label("Expected answer 1").select_option("Blue")
    expect(page.locator("#question-trial")).to_contain_text("Only if “Which figure?” is “Blue”.")
    judge.judge("a condition")
    save(page)

    page.get_by_role("link", name="Matrix of statements").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".setup--scripted")).to_be_attached()
    page.get_by_label("Question", exact=True).fill("What do you think?")
    type_answers(page, "I feel safe", "It is loud", label="Statement")
    type_answers(page, "Yes", "Partly", "No")
    expect(page.locator("#question-trial")).to_contain_text("It is loud")
    judge.judge("a matrix")
    save(page)
    judge.judge("the list")

    figure, why, matrix = Question.objects.of_survey(campaign.pk)
    assert [one["alt"] for one in figure.options["choices"]] == ["A red field", "A blue field"]
    assert why.show_if == {"question": "which-figure", "is": "blue"}
    assert [one["title"] for one in matrix.options["rows"]] == ["I feel safe", "It is loud"]
    assert [one["value"] for one in matrix.options["choices"]] == ["yes", "partly", "no"]

    move_and_remove(page, judge)
    assert not judge.found, "\n".join(judge.found)


def test_errors_and_rows_on_a_phone(visit: Visit, manager: User, campaign: Campaign) -> None:
    ask(campaign, "colour", "single_choice", title="Which colour do you like best of all?")
    page = visit("phone", user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/planning/{campaign.slug}/setup/questions/")
    judge.open(f"/planning/{campaign.slug}/setup/question/colour/")
    page.get_by_label("Answer 2", exact=True).fill("By day")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("This stands here twice.")).to_be_visible()
    judge.judge("an answer twice")
    page.get_by_role("button", name="Remove row 2").click()
    expect(page.get_by_label("Answer 2", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Add an answer").click()
    expect(page.get_by_label("Answer 2", exact=True)).to_be_focused()
    page.keyboard.type("In the evening")
    page.get_by_role("button", name="Move row 2 up").click()
    expect(page.get_by_label("Answer 1", exact=True)).to_have_value("In the evening")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    save(page)
    question = Question.objects.get(campaign=campaign)
    assert [one["title"] for one in question.options["choices"]] == ["In the evening", "By day"]
    assert not judge.found, "\n".join(judge.found)


def test_survey_is_written_without_scripts(visit: Visit, manager: User, campaign: Campaign) -> None:
    ask(campaign, "colour", "single_choice", title="Which colour?")
    page = visit("desktop", user=manager, java_script_enabled=False)
    page.goto(f"/planning/{campaign.slug}/setup/new-question/?kind=text")
    page.get_by_label("Question", exact=True).fill("Why?")
    page.get_by_role("radio", name="Only if …").check()
    page.get_by_label("Earlier question 1").select_option("Which colour?")
    page.get_by_role("button", name="Show the answers").click()
    page.get_by_label("Expected answer 1").select_option("At night")
    page.get_by_label("Kind of answer").select_option("Several choices")
    page.get_by_role("button", name="Change the kind").click()
    page.get_by_text("Add several at once").click()
    page.get_by_label("One on each line").fill("A\nB")
    page.get_by_role("button", name="Add these lines").click()
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.get_by_text("“Why?” is saved.")).to_be_visible()
    stored = Question.objects.get(campaign=campaign, slug="why")
    assert (stored.kind, stored.show_if) == ("multiple_choice", {"question": "colour", "is": "night"})
    assert [one["title"] for one in stored.options["choices"]] == ["A", "B"]


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_categories(visit: Visit, manager: User, campaign: Campaign, device: str) -> None:
    personas.make_contribution(campaign)
    page = visit(device, user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/planning/{campaign.slug}/setup/categories/")
    page.get_by_role("link", name="Add a category").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Please fill in this field.")).to_be_visible()
    judge.judge("a category with mistakes")
    page.get_by_label("Title").fill("Bench")
    page.get_by_role("checkbox", name="Point").check()
    page.get_by_role("radio", name="Drop").check()
    page.get_by_role("radio", name="Teal").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Bench", exact=True)).to_be_visible()
    page.get_by_role("link", name="Remove “Spot”").click()
    judge.judge("removal of a category in use")
    page.get_by_role("button", name="Only close it").click()
    expect(page.get_by_text("“Spot” is closed.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    assert not judge.found, "\n".join(judge.found)
