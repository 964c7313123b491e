"""The editor of questions: what it shows, keeps, stores and refuses, without JavaScript."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from mapping.models import Audience, Campaign, Picture, Question, QuestionKind
from mapping.questions.registry import KINDS
from tests.personas import category_of, make_user, staff_browser
from tests.planning.setup.world import address, rows, typed
from tests.surveys.world import ask

# --- pages ------------------------------------------------------------------------------------------------------------


def test_list_shows_questions_with_their_conditions(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    ask(
        campaign,
        "why",
        "text",
        title="Why?",
        show_if={"question": "colour", "is": "green"},
        audience=Audience.STAFF,
        starts_page=True,
    )
    page = browser.get(address(campaign)).content.decode()
    for words in (
        "Which colour?",
        "One choice",
        "Only if “Which colour?” is “Grün”.",
        "Only staff",
        "New page",
    ):
        assert words in page


@pytest.mark.parametrize("kind", list(KINDS))
def test_editor_of_each_kind_shows_the_question_as_citizens_see_it(
    campaign: Campaign, browser: Client, kind: str
) -> None:
    question = ask(campaign, "asked", kind, title="What do you say?", help_text="In short.")
    page = browser.get(address(campaign, "question", question.slug))
    assert page.status_code == 200
    if kind == QuestionKind.PICTURE_CHOICE:  # as yet without pictures
        assert page.context["trial"] is None
        return
    assert page.context["trial"].question.title == "What do you say?"
    stored = {name: getattr(question, name) for name in ("title", "options", "show_if", "help_text")}
    data = {
        name: value
        for form in [page.context["form"]]
        for name, value in form.initial.items()
        if value not in (False, None)
    }
    for name, states in page.context["editor"].lists.items():
        for number, state in enumerate(states):
            data |= {
                f"{name}.{number}.{part}": getattr(state.row, part)
                for part in ("title", "value", "alt", "picture")
            }
    answer = browser.post(address(campaign, "question", question.slug), data | {"do": "save"})
    assert answer.status_code == 302, answer.context["editor"].errors
    question.refresh_from_db()
    assert {name: getattr(question, name) for name in stored} == stored


@pytest.mark.parametrize("kind", list(KINDS))
def test_new_question_begins_with_the_chosen_kind(campaign: Campaign, browser: Client, kind: str) -> None:
    page = browser.get(address(campaign, "question-new"), {"kind": kind})
    assert page.context["editor"].kind == kind
    elsewhere = browser.get(address(campaign, "category-question-new", "spot"), {"kind": kind})
    expected = kind if KINDS[kind].for_contributions else QuestionKind.SINGLE_CHOICE
    assert elsewhere.context["editor"].kind == expected


def test_pages_take_a_fixed_number_of_queries(
    campaign: Campaign,
    browser: Client,
    colour: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        ask(campaign, f"q{number}", "text", show_if={"question": "colour", "is": "red"})
    for page, most in (
        (address(campaign), 24),
        (address(campaign, "category-questions", "survey"), 25),
        (address(campaign, "question", "q19"), 26),
        (address(campaign, "question-new"), 23),
        (address(campaign, "question-remove", "colour"), 23),
    ):
        with django_assert_max_num_queries(most):
            assert browser.get(page).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [(Role.MANAGER, 200), (Role.MODERATOR, 403), (Role.ANALYST, 403), (None, 403)]
)
def test_only_managers_see_the_pages(
    campaign: Campaign, colour: Question, role: Role | None, status: int
) -> None:
    someone = staff_browser(make_user("someone@example.org", campaign, role))
    for page in (
        address(campaign),
        address(campaign, "question-new"),
        address(campaign, "question", "colour"),
        address(campaign, "question-remove", "colour"),
        address(campaign, "category-questions", "survey"),
        address(campaign, "category-question", "survey", "text"),
    ):
        assert someone.get(page).status_code == status
        if status != 200:
            assert someone.post(page, typed()).status_code == status
    assert Client().get(address(campaign)).status_code == 302


@pytest.mark.parametrize(
    "more",
    [("question", "nothing"), ("category-questions", "nothing"), ("category-question", "spot", "colour")],
)
def test_unknown_questions_are_missing(
    campaign: Campaign, browser: Client, colour: Question, more: tuple[str, ...]
) -> None:
    assert browser.get(address(campaign, *more)).status_code == 404


# --- writing ----------------------------------------------------------------------------------------------------------


def test_question_is_stored_with_its_choices(campaign: Campaign, browser: Client) -> None:
    data = (
        typed(required="on", help_text="Only one.") | rows("Rot", "", "Grün") | {"choices.2.asks_text": "on"}
    )
    answer = browser.post(address(campaign, "question-new"), data)
    assert answer.headers["Location"] == address(campaign) + "#q-which-colour"
    stored = Question.objects.get(campaign=campaign)
    assert (stored.required, stored.help_text) == (True, "Only one.")
    assert stored.options["choices"] == [
        {"value": "rot", "title": "Rot"},
        {"value": "gruen", "title": "Grün", "other": True},
    ]


def test_many_choices_are_pasted_and_saved_within_the_limit_of_fields(
    campaign: Campaign, browser: Client
) -> None:
    pasted = "\n".join(f"Choice {number}" for number in range(200))
    page = browser.post(
        address(campaign, "question-new"), typed(do="paste:choices", **{"choices.pasted": pasted})
    )
    states = page.context["editor"].lists["choices"]
    assert len(states) == 200
    data = rows(*(state.row.title for state in states)) | {
        f"choices.{one}.asks_text": "on" for one in range(200)
    }
    data |= {f"choices.{one}.value": f"choice-{one}" for one in range(200)}
    assert browser.post(address(campaign, "question-new"), typed() | data).status_code == 302
    assert len(Question.objects.get(campaign=campaign).options["choices"]) == 200


def test_too_many_pasted_lines_are_refused_and_stay(campaign: Campaign, browser: Client) -> None:
    pasted = "\n".join(f"Choice {number}" for number in range(201))
    for button in ("paste:choices", "save"):
        page = browser.post(address(campaign, "question-new"), typed(do=button) | {"choices.pasted": pasted})
        assert page.status_code == 422
        assert "At most 200 answers to choose from are possible." in page.content.decode()
        assert pasted in page.content.decode()


def test_right_to_left_choices_are_stored(campaign: Campaign, browser: Client) -> None:
    assert (
        browser.post(address(campaign, "question-new"), typed("מה?") | rows("אדום", "ירוק")).status_code
        == 302
    )
    assert [one["title"] for one in Question.objects.get(campaign=campaign).options["choices"]] == [
        "אדום",
        "ירוק",
    ]


@pytest.mark.parametrize(
    ("button", "titles"),
    [
        ("add:choices", ["A", "B", "C", ""]),
        ("remove:choices:1", ["A", "C"]),
        ("up:choices:1", ["B", "A", "C"]),
        ("down:choices:1", ["A", "C", "B"]),
        ("remove:choices:77", ["A", "B", "C"]),
        ("remove:choices:-1", ["A", "B", "C"]),
        ("nonsense", ["A", "B", "C"]),
    ],
)
def test_buttons_change_rows_and_keep_what_was_typed(
    campaign: Campaign, browser: Client, button: str, titles: list[str]
) -> None:
    data = typed(do=button, help_text="Half a sent") | rows("A", "B", "C")
    page = browser.post(address(campaign, "question-new"), data)
    assert page.status_code == 200
    assert [state.row.title for state in page.context["editor"].lists["choices"]] == titles
    assert "Half a sent" in page.content.decode()
    assert not Question.objects.filter(campaign=campaign).exists()


def test_errors_stand_at_their_fields_and_lose_nothing(campaign: Campaign, browser: Client) -> None:
    data = typed("", help_text="Typed") | rows("Rot", "rot") | {"choices.0.alt": "", "audience": "staff"}
    page = browser.post(address(campaign, "question-new"), data)
    assert page.status_code == 422
    editor = page.context["editor"]
    assert list(editor.errors) == ["title", "choices"]
    assert editor.lists["choices"][1].errors == {
        "title": ["This stands here twice. Please give each its own title."]
    }
    html = page.content.decode()
    assert "Please fill in this field." in html
    assert 'value="Rot"' in html
    assert "Typed" in html


def test_kind_is_changed_with_what_was_typed(campaign: Campaign, browser: Client) -> None:
    page = browser.post(address(campaign, "question-new"), typed(kind="matrix", do="kind") | rows("A", "B"))
    editor = page.context["editor"]
    assert (editor.kind, [one.row.title for one in editor.lists["choices"]]) == ("matrix", ["A", "B"])
    assert len(editor.lists["rows"]) == 3
    data = typed(kind="matrix") | rows("A", "B") | rows("Safe?", name="rows")
    assert browser.post(address(campaign, "question-new"), data).status_code == 302
    assert Question.objects.get(campaign=campaign).options["rows"] == [{"value": "safe", "title": "Safe?"}]


def test_another_question_can_follow_at_once(campaign: Campaign, browser: Client) -> None:
    data = typed() | rows("A") | {"another": "1"}
    del data["do"]
    answer = browser.post(address(campaign, "question-new"), data)
    assert answer.headers["Location"] == address(campaign, "question-new")


def test_questions_of_categories_are_written_the_same_way(campaign: Campaign, browser: Client) -> None:
    answer = browser.post(address(campaign, "category-question-new", "spot"), typed() | rows("A"))
    assert answer.headers["Location"] == address(campaign, "category-questions", "spot") + "#q-which-colour"
    question = category_of(campaign, "spot").questions.get()
    changed = typed("Colour") | rows("A") | {"choices.0.value": "a"}
    browser.post(address(campaign, "category-question", "spot", question.slug), changed)
    question.refresh_from_db()
    assert question.title == "Colour"


def test_change_made_meanwhile_is_shown_and_can_be_overwritten(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    page = browser.get(address(campaign, "question", "colour"))
    Question.objects.filter(pk=colour.pk).update(title="Colours")
    data = typed("My title", expected=page.context["expected"]) | rows("Rot", "Grün", "Anderes")
    refused = browser.post(address(campaign, "question", "colour"), data)
    assert refused.status_code == 422
    assert "Somebody else has changed this question meanwhile." in refused.content.decode()
    assert 'value="My title"' in refused.content.decode()
    again = browser.post(
        address(campaign, "question", "colour"), data | {"expected": refused.context["expected"]}
    )
    assert again.status_code == 302


def test_buttons_of_the_editor_keep_the_version_that_was_read(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    read = browser.get(address(campaign, "question", "colour")).context["expected"]
    Question.objects.filter(pk=colour.pk).update(title="Colours")
    sent = typed("My title", do="add:choices", expected=read) | rows("Rot", "Grün")
    assert browser.post(address(campaign, "question", "colour"), sent).context["expected"] == read


# --- pictures -------------------------------------------------------------------------------------------------------


def picture(colour: str = "red", name: str = "a.png") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


def test_pictures_are_stored_before_anything_else_is_right(campaign: Campaign, browser: Client) -> None:
    data: dict[str, object] = {**typed("", kind="picture_choice"), **rows("Red", "Blue")}
    data |= {"choices.0.file": picture(), "choices.0.alt": "A red field"}
    page = browser.post(address(campaign, "question-new"), data)
    assert page.status_code == 422
    states = page.context["editor"].lists["choices"]
    assert states[0].row.picture == str(Picture.objects.get().pk)
    assert states[1].errors == {"picture": ["Please choose a picture."]}
    assert reverse("picture", args=(Picture.objects.get().pk,)) in page.content.decode()


def test_choice_of_pictures_is_stored(campaign: Campaign, browser: Client) -> None:
    data: dict[str, object] = {**typed(kind="picture_choice"), **rows("Red", "Blue")}
    for number, colour in enumerate(("red", "blue")):
        data |= {f"choices.{number}.file": picture(colour), f"choices.{number}.alt": f"A {colour} field"}
    assert browser.post(address(campaign, "question-new"), data).status_code == 302
    choices = Question.objects.get(campaign=campaign).options["choices"]
    assert [one["alt"] for one in choices] == ["A red field", "A blue field"]
    assert {one["picture"] for one in choices} == {str(one.pk) for one in Picture.objects.all()}


def test_file_that_is_no_picture_is_refused_at_its_row(campaign: Campaign, browser: Client) -> None:
    data: dict[str, object] = {**typed(kind="picture_choice"), **rows("Red")}
    data |= {"choices.0.file": SimpleUploadedFile("a.png", b"nonsense"), "choices.0.alt": "A red field"}
    page = browser.post(address(campaign, "question-new"), data)
    assert page.status_code == 422
    assert "picture" in page.context["editor"].lists["choices"][0].errors


# --- order and removal ----------------------------------------------------------------------------------------------


def test_questions_move_by_buttons(campaign: Campaign, browser: Client, colour: Question) -> None:
    ask(campaign, "why", "text")
    answer = browser.post(address(campaign), {"do": "up:why"})
    assert answer.headers["Location"] == address(campaign) + "?focus=up%3Awhy"
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["why", "colour"]
    browser.post(address(campaign), {"do": "place:why:1"})
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["colour", "why"]
    assert browser.post(address(campaign), {"do": "up:nothing"}, follow=True).status_code == 200


def test_move_that_would_break_a_condition_is_explained(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    ask(campaign, "why", "text", title="Why?", show_if={"question": "colour", "is": "green"})
    page = browser.post(address(campaign), {"do": "up:why"}, follow=True).content.decode()
    assert "would test a later question: “Why?”" in page


def test_pages_speak_german(campaign: Campaign, manager: User, colour: Question) -> None:
    german = staff_browser(manager)
    german.cookies["django_language"] = "de"
    for page, words in (
        (address(campaign), "Frage hinzufügen"),
        (address(campaign, "question", "colour"), "Antworten zur Auswahl"),
        (address(campaign, "question-remove", "colour"), "entfernen?"),
        (address(campaign, "categories"), "Kategorie hinzufügen"),
    ):
        assert words in german.get(page).content.decode()


def test_history_tells_what_was_changed_and_takes_it_back(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    data = (
        typed("Which of them?") | rows("Rot", "Grün") | {"choices.0.value": "red", "choices.1.value": "green"}
    )
    browser.post(address(campaign, "question", "colour"), data)
    browser.post(address(campaign), {"do": "place:colour:5"})
    page = browser.get(address(campaign, "history"))
    html = page.content.decode()
    assert "“Which of them?”, question" in html
    assert "Rot, Grün, Anderes" in html
    change = page.context["changes"][0].change
    assert page.context["changes"][0].is_undoable
    browser.post(address(campaign, "undo"), {"change": str(change.pk)})
    colour.refresh_from_db()
    assert (colour.title, len(colour.options["choices"])) == ("Which colour?", 3)
