"""The newest change of categories and questions is taken back, unless something came of it since."""

from dataclasses import replace
from functools import partial

import pytest

from accounts.models import User
from mapping.imports.xlsform.reading import read_xlsform
from mapping.imports.xlsform.storing import import_xlsform
from mapping.models import Campaign, CampaignChange, Question
from mapping.services.errors import Conflict, Invalid
from mapping.services.setup import categories, undoing
from mapping.services.setup.asking.drafts import draft_of
from mapping.services.setup.asking.removal import Answers, remove_question
from mapping.services.setup.asking.rows import Row
from mapping.services.setup.categories import CategoryDraft
from mapping.services.setup.questions import add_question, change_question, place_question
from tests.imports.xlsform.forms import asked, workbook
from tests.personas import category_of, make_contribution
from tests.services.setup.world import answer, draft
from tests.services.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def undo(campaign: Campaign, manager: User) -> None:
    newest = CampaignChange.objects.filter(campaign=campaign).first()
    assert newest is not None
    made = undoing.undo(campaign, manager, newest.pk)
    assert made.undoes == newest
    assert undoing.undoable(campaign) is None


def titles(campaign: Campaign) -> list[str]:
    return [one.title for one in Question.objects.of_survey(campaign.pk)]


def test_added_question_goes(campaign: Campaign, manager: User, colour: Question) -> None:
    undo(campaign, manager)
    assert titles(campaign) == []


def test_added_question_that_was_answered_stays(campaign: Campaign, manager: User, colour: Question) -> None:
    answer(campaign, welche_farbe="rot")
    with pytest.raises(Conflict) as refused:
        undo(campaign, manager)
    assert refused.value.code == "changed_meanwhile"
    assert titles(campaign) == ["Welche Farbe?"]


def test_changed_question_is_as_before(campaign: Campaign, manager: User, colour: Question) -> None:
    changed = replace(
        draft_of(colour), title="Farbe", choices=[Row("Rot", "rot"), Row("Blau")], required=True
    )
    change_question(colour, changed, actor=manager)
    undo(campaign, manager)
    stored = Question.objects.get(pk=colour.pk)
    assert (stored.title, stored.required) == ("Welche Farbe?", False)
    assert stored.options["choices"] == colour.options["choices"]


def test_question_changed_past_the_history_stays(campaign: Campaign, manager: User, colour: Question) -> None:
    Question.objects.filter(pk=colour.pk).update(title="Anders")
    with pytest.raises(Conflict) as refused:
        undo(campaign, manager)
    assert refused.value.code == "changed_meanwhile"


def test_order_is_as_before(campaign: Campaign, manager: User, colour: Question) -> None:
    for title in ("B", "C", "D"):
        last = add_question(campaign, draft(title, "text"), actor=manager)
    place_question(last, 1, actor=manager)
    assert titles(campaign) == ["Welche Farbe?", "D", "B", "C"]
    undo(campaign, manager)
    assert titles(campaign) == ["Welche Farbe?", "B", "C", "D"]


@pytest.mark.parametrize("answers", [None, Answers.KEEP, Answers.DELETE])
def test_removed_question_comes_back_to_its_place(
    campaign: Campaign, manager: User, colour: Question, answers: Answers | None
) -> None:
    question = add_question(
        campaign, draft("B", "text", show_if={"question": "welche-farbe", "is": "rot"}), actor=manager
    )
    add_question(campaign, draft("C", "text"), actor=manager)
    response = answer(campaign, welche_farbe="rot", b="weil") if answers else None
    remove_question(question, actor=manager, answers=answers)
    undo(campaign, manager)
    assert titles(campaign) == ["Welche Farbe?", "B", "C"]
    stored = Question.objects.get(campaign=campaign, title="B")
    assert (stored.slug, stored.show_if) == ("b", {"question": "welche-farbe", "is": "rot"})
    if response is not None:
        response.refresh_from_db()
        assert response.answers.get("b") == ("weil" if answers == Answers.KEEP else None)


def test_questions_of_categories_are_undone_too(campaign: Campaign, manager: User) -> None:
    add_question(category_of(campaign, "spot"), draft(), actor=manager)
    undo(campaign, manager)
    assert not category_of(campaign, "spot").questions.exists()


def test_categories_are_as_before(campaign: Campaign, manager: User) -> None:
    spot = category_of(campaign, "spot")
    categories.change_category(spot, replace(categories.draft_of(spot), title="Ort"), actor=manager)
    undo(campaign, manager)
    assert category_of(campaign, "spot").title == "Spot"
    categories.place_category(spot, 3, actor=manager)
    undo(campaign, manager)
    assert campaign.categories.order_by("position")[0].slug == "spot"
    made = categories.add_category(campaign, CategoryDraft(title="Bank"), actor=manager)
    undo(campaign, manager)
    assert not campaign.categories.filter(pk=made.pk).exists()


def test_added_category_with_contributions_stays(campaign: Campaign, manager: User) -> None:
    categories.add_category(campaign, CategoryDraft(title="Bank"), actor=manager)
    make_contribution(campaign, category="bank")
    with pytest.raises(Invalid):
        undo(campaign, manager)
    assert campaign.categories.filter(slug="bank").exists()


def test_form_with_many_questions_cannot_be_undone(campaign: Campaign, manager: User) -> None:
    survey = [asked("text", "colour", "Farbe?"), asked("text", "why", "Warum?")]
    import_xlsform(campaign, read_xlsform(workbook({"survey": survey})), manager)
    assert undoing.undoable(campaign) is None
    newest = CampaignChange.objects.get(campaign=campaign)
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign, manager, newest.pk)
    assert refused.value.code == "nothing_to_undo"
    assert titles(campaign) == ["Farbe?", "Warum?"]


@pytest.mark.django_db(transaction=True)
def test_undo_pressed_twice_at_once_is_done_once(campaign: Campaign, manager: User, colour: Question) -> None:
    remove_question(colour, actor=manager)
    newest = CampaignChange.objects.filter(campaign=campaign)[0]
    answers = at_once(*[partial(undoing.undo, campaign, manager, newest.pk)] * 3)
    assert [one.code for one in answers if isinstance(one, Conflict)] == ["nothing_to_undo"] * 2
    assert titles(campaign) == ["Welche Farbe?"]


def test_removal_of_a_category_cannot_be_undone(campaign: Campaign, manager: User) -> None:
    categories.remove_category(category_of(campaign, "survey"), actor=manager)
    assert undoing.undoable(campaign) is None
