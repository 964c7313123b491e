"""Choices and statements that are removed after people have chosen them."""

from dataclasses import replace

import pytest

from accounts.models import User
from mapping.models import Audience, Campaign, ModerationEvent, Question
from mapping.services.setup.asking.drafts import QuestionDraft, draft_of
from mapping.services.setup.asking.removal import Answers, Undecided
from mapping.services.setup.asking.rows import Row
from mapping.services.setup.questions import add_question, change_question
from mapping.services.surveys.responses import Sheet, respond
from tests.personas import category_of, make_contribution
from tests.services.setup.world import answer, draft, tally

pytestmark = pytest.mark.django_db


def without_red(question: Question) -> QuestionDraft:
    stored = draft_of(question)
    return replace(stored, choices=[one for one in stored.choices if one.value != "rot"])


@pytest.mark.parametrize("answers", [Answers.KEEP, Answers.DELETE])
def test_answers_with_a_removed_choice_are_kept_or_deleted_as_decided(
    campaign: Campaign, colour: Question, manager: User, answers: Answers
) -> None:
    first, second = answer(campaign, welche_farbe="rot"), answer(campaign, "b", welche_farbe="gruen")
    with pytest.raises(Undecided) as undecided:
        change_question(colour, without_red(colour), actor=manager)
    assert (undecided.value.number, undecided.value.params["titles"]) == (1, "“Rot”")
    assert len(Question.objects.get(pk=colour.pk).options["choices"]) == 3
    change_question(colour, without_red(colour), actor=manager, answers=answers)
    for one in (first, second):
        one.refresh_from_db()
    assert second.answers == {"welche-farbe": "gruen"}
    if answers == Answers.KEEP:
        assert first.answers == {"welche-farbe": "rot"}
        assert tally(campaign)["welche-farbe"] == {"": 2, "rot": 1, "gruen": 1}
    else:
        assert first.answers == {}
        assert tally(campaign)["welche-farbe"] == {"": 1, "gruen": 1}


def test_one_of_several_choices_is_deleted_from_answers(campaign: Campaign, manager: User) -> None:
    several = add_question(campaign, draft(kind="multiple_choice"), actor=manager)
    sent = answer(campaign, welche_farbe=["rot", "gruen"])
    only = answer(campaign, "b", welche_farbe=["rot"])
    other = respond(
        campaign, Sheet({"welche-farbe": ["rot", "anderes"], "welche-farbe:other": "lila"}), "c" * 43
    ).response
    change_question(several, without_red(several), actor=manager, answers=Answers.DELETE)
    for one in (sent, only, other):
        one.refresh_from_db()
    assert (sent.answers, only.answers) == ({"welche-farbe": ["gruen"]}, {})
    assert other.answers == {"welche-farbe": ["anderes"], "welche-farbe:other": "lila"}
    assert tally(campaign)["welche-farbe"] == {"": 2, "gruen": 1, "anderes": 1}


def test_former_versions_of_contributions_lose_deleted_choices(campaign: Campaign, manager: User) -> None:
    category = category_of(campaign, "spot")
    several = add_question(category, draft(kind="multiple_choice"), actor=manager)
    made = make_contribution(campaign, answers={"welche-farbe": ["rot"]})
    for former in (["rot", "gruen"], ["rot"], ["gruen"]):
        ModerationEvent.objects.create(
            contribution=made,
            to_status="published",
            original={"text": "Rot", "answers": {"welche-farbe": former, "other": "rot"}},
        )
    change_question(several, without_red(several), actor=manager, answers=Answers.DELETE)
    stored = made.moderation_events.exclude(original={}).order_by("pk")
    assert [one.original["answers"] for one in stored] == [
        {"welche-farbe": ["gruen"], "other": "rot"},
        {"other": "rot"},
        {"welche-farbe": ["gruen"], "other": "rot"},
    ]
    assert {one.original["text"] for one in stored} == {"Rot"}


def test_text_goes_with_the_choice_that_asked_for_it(
    campaign: Campaign, colour: Question, manager: User
) -> None:
    sent = respond(
        campaign, Sheet({"welche-farbe": "anderes", "welche-farbe:other": "lila"}), "a" * 43
    ).response
    stored = draft_of(colour)
    change_question(
        colour, replace(stored, choices=stored.choices[:2]), actor=manager, answers=Answers.DELETE
    )
    sent.refresh_from_db()
    assert sent.answers == {}


def test_statements_and_choices_are_deleted_from_matrices(campaign: Campaign, manager: User) -> None:
    matrix = draft(
        "Urteil", "matrix", choices=(Row("Ja"), Row("Nein")), statements=(Row("A"), Row("B"), Row("Ja"))
    )
    question = add_question(campaign, matrix, actor=manager)
    sent = answer(campaign, urteil={"a": "ja", "b": "nein", "ja": "nein"})
    stored = draft_of(question)
    smaller = replace(stored, statements=stored.statements[1:], choices=stored.choices)
    change_question(question, smaller, actor=manager, answers=Answers.DELETE)
    sent.refresh_from_db()
    assert sent.answers == {"urteil": {"b": "nein", "ja": "nein"}}
    with pytest.raises(Undecided):
        change_question(question, replace(smaller, choices=stored.choices[:1]), actor=manager)
    change_question(
        question, replace(smaller, choices=stored.choices[:1]), actor=manager, answers=Answers.DELETE
    )
    sent.refresh_from_db()
    assert sent.answers == {}


def test_answers_of_staff_are_reduced_as_well(campaign: Campaign, manager: User) -> None:
    question = add_question(campaign, draft(audience=Audience.STAFF), actor=manager)
    sent = answer(campaign, welche_farbe="rot")
    assert sent.staff_answers
    change_question(question, without_red(question), actor=manager, answers=Answers.DELETE)
    sent.refresh_from_db()
    assert sent.all_answers == {}
