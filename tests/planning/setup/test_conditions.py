"""The condition of a question in the editor: rows, words, refusals."""

import pytest
from django.test import Client

from mapping.models import Campaign, Question
from tests.planning.setup.world import address, rule, typed
from tests.surveys.world import ask


@pytest.mark.parametrize(
    ("data", "stored"),
    [
        (rule(), {"question": "colour", "is": "green"}),
        (rule(test="answered"), {"question": "colour", "answered": True}),
        (rule(test="not_answered"), {"question": "colour", "answered": False}),
        (rule("age", "at_least", "18"), {"question": "age", "at_least": 18}),
        (rule("age", "is", "1,5"), {"question": "age", "is": 1.5}),
        (
            rule() | rule("age", "at_most", "20", 1) | {"join": "any"},
            {"any": [{"question": "colour", "is": "green"}, {"question": "age", "at_most": 20}]},
        ),
        (rule() | rule("", number=1) | {"join": "any"}, {"question": "colour", "is": "green"}),
        (rule() | {"condition": "always"}, {}),
        (rule("") | {"condition": "rules"}, {}),
    ],
)
def test_conditions_are_written_in_rows(
    campaign: Campaign, browser: Client, colour: Question, data: dict[str, str], stored: dict[str, object]
) -> None:
    ask(campaign, "age", "number", options={})
    answer = browser.post(address(campaign, "question-new"), typed("Why?", "text") | data)
    assert answer.status_code == 302
    question = Question.objects.get(slug="why")
    assert question.show_if == stored
    page = browser.get(address(campaign, "question", "why"))
    shown = {f"rules.{one.number}.value": one.rule.value for one in page.context["rules"] if one.rule.value}
    again = browser.post(
        address(campaign, "question", "why"),
        typed("Why?", "text") | data | {name: value for name, value in shown.items() if name in data},
    )
    assert again.status_code == 302
    question.refresh_from_db()
    assert question.show_if == stored


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (rule(value="blue"), "“blue” is no answer to “Which colour?”."),
        (rule("why"), "The condition tests “why”, which is no earlier question."),
        (rule(test="at_least", value="3"), "The answers to “Which colour?” are no numbers."),
        (rule("age", "at_least", "old"), "This condition cannot be read."),
    ],
)
def test_wrong_conditions_are_refused(
    campaign: Campaign, browser: Client, colour: Question, data: dict[str, str], words: str
) -> None:
    ask(campaign, "age", "number", options={})
    page = browser.post(address(campaign, "question-new"), typed("Why?", "text") | data)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_answers_of_a_chosen_question_are_offered(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    page = browser.post(
        address(campaign, "question-new"), typed("Why?", "text") | rule(value="") | {"do": "ask:rules:0"}
    )
    shown = page.context["rules"][0]
    assert (shown.takes, [title for _value, title in shown.answers]) == ("choice", ["Rot", "Grün", "Anderes"])
    assert "at_least" not in dict(shown.tests)


@pytest.mark.parametrize(
    ("stored", "join", "rules"),
    [
        ({"question": "colour", "is": ["red", "green"]}, "any", ["red", "green"]),
        ({"question": "colour", "is_not": ["red", "green"]}, "all", ["red", "green"]),
        ({"all": [{"question": "colour", "is": "red"}]}, "all", ["red"]),
    ],
)
@pytest.mark.usefixtures("colour")
def test_conditions_with_several_answers_become_rows(
    campaign: Campaign, browser: Client, stored: dict[str, object], join: str, rules: list[str]
) -> None:
    ask(campaign, "why", "text", show_if=stored)
    editor = browser.get(address(campaign, "question", "why")).context["editor"]
    assert (editor.condition.mode, editor.condition.join) == ("rules", join)
    assert [one.value for one in editor.condition.rules] == rules


def test_nested_condition_is_kept_until_it_is_replaced(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    red, green = ({"question": "colour", "is": value} for value in ("red", "green"))
    nested = {"all": [{"any": [red, green]}, {"question": "colour", "answered": True}]}
    question = ask(campaign, "why", "text", title="Why?", show_if=nested)
    page = browser.get(address(campaign, "question", "why"))
    assert page.context["editor"].condition.mode == "kept"
    assert "(“Which colour?” is “Rot” or “Which colour?” is “Grün”) and" in page.content.decode()
    browser.post(address(campaign, "question", "why"), typed("Why not?", "text", condition="kept"))
    question.refresh_from_db()
    assert (question.title, question.show_if) == ("Why not?", nested)
    browser.post(address(campaign, "question", "why"), typed("Why?", "text") | rule())
    question.refresh_from_db()
    assert question.show_if == {"question": "colour", "is": "green"}
