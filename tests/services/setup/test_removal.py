"""Questions removed with or without their answers, and restored."""

from dataclasses import replace

import pytest

from accounts.models import User
from mapping.exports.fields import campaign_fields
from mapping.models import Audience, Campaign, ModerationEvent, Question, RemovedQuestion, SurveyTally
from mapping.services import city
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.moderation import moderate
from mapping.services.paper.batches import open_batch
from mapping.services.paper.sheets import PaperPlace, correct_place, enter_place
from mapping.services.setup.asking.drafts import QuestionDraft
from mapping.services.setup.asking.removal import (
    Answers,
    Undecided,
    count_of_answers,
    forget_removed,
    remove_question,
    restore_question,
)
from mapping.services.setup.questions import add_question
from mapping.services.submit import Submission, revise
from mapping.services.surveys.responses import Sheet, change, respond
from tests.personas import Citizen, category_of, make_contribution, point
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def age(campaign: Campaign) -> Question:
    """A question of the survey that was answered twice, with another one behind it."""
    question = ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    ask(campaign, "why", "text", show_if={"question": "age", "at_least": 18})
    for secret in "ab":
        respond(campaign, Sheet({"age": 41, "why": "because"}), secret * 43)
    return question


def test_unanswered_question_goes_without_a_trace(campaign: Campaign, manager: User) -> None:
    question = ask(campaign, "age", "number", options={})
    remove_question(question, actor=manager)
    assert not Question.objects.of_survey(campaign.pk).exists()
    assert not RemovedQuestion.objects.exists()


def test_tested_question_is_not_removed(age: Question, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        remove_question(age, actor=manager, answers=Answers.KEEP)
    assert refused.value.fields["question"][0].params["titles"] == "“why”"


def test_removing_an_answered_question_needs_a_decision(
    campaign: Campaign, age: Question, manager: User
) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    assert count_of_answers(age) == 2
    with pytest.raises(Undecided) as undecided:
        remove_question(age, actor=manager)
    assert undecided.value.number == 2
    assert Question.objects.of_survey(campaign.pk).count() == 2


def test_kept_answers_stay_under_a_name_that_nobody_else_gets(
    campaign: Campaign, age: Question, manager: User
) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.KEEP)
    assert {one.staff_answers["age"] for one in campaign.responses.all()} == {41}
    assert "age" not in SurveyTally.objects.of(campaign.pk)
    assert Question.objects.get(campaign=campaign).position == 0
    assert add_question(campaign, QuestionDraft(title="Age", kind="text"), actor=manager).slug == "age-2"


def test_kept_answers_for_staff_stay_apart_whoever_writes_them(
    campaign: Campaign, age: Question, manager: User
) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.KEEP)
    response = campaign.responses.first()
    assert response is not None
    response.answers, response.staff_answers = response.all_answers, {}
    response.save()
    response.refresh_from_db()
    assert (response.answers, response.staff_answers) == ({"why": "because"}, {"age": 41})


def test_kept_answers_outlive_changes_of_the_others(
    campaign: Campaign, age: Question, manager: User, citizen: Citizen, moderator: User
) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.KEEP)
    response = campaign.responses.first()
    assert response is not None
    changed = change(response, Sheet({"why": "therefore"}))
    assert (changed.answers, changed.staff_answers) == ({"why": "therefore"}, {"age": 41})

    contribution = make_contribution(
        campaign, category="survey", answers={"text": "here", "yes-no": True}, by=citizen
    )
    question = category_of(campaign, "survey").questions.get(slug="text")
    remove_question(question, actor=manager, answers=Answers.KEEP)
    sent = Submission("survey", point(), "It is dark.", {"yes-no": False})
    assert revise(contribution, sent).answers == {"yes-no": False, "text": "here"}
    edited = moderate.edit(contribution, moderator, answers={"yes-no": True})
    assert edited.answers == {"yes-no": True, "text": "here"}


def test_kept_answers_outlive_corrections_of_sheets_and_of_places_of_the_city(
    campaign: Campaign, manager: User
) -> None:
    sent = Submission("survey", point(), "It is dark.", {"text": "here", "yes-no": True})
    batch = open_batch(campaign, "1", actor=manager)
    on_paper = enter_place(batch, PaperPlace(sent, sheet=1), actor=manager).contribution
    of_city = city.put_up(campaign, sent, actor=manager)
    question = category_of(campaign, "survey").questions.get(slug="text")
    remove_question(question, actor=manager, answers=Answers.KEEP)
    corrected = replace(sent, text="It is bright.", answers={"yes-no": False})
    corrections = (
        correct_place(on_paper, PaperPlace(corrected, sheet=1), actor=manager),
        city.replace(of_city, corrected, actor=manager, precondition=lambda: None),
    )
    for stored in corrections:
        stored.refresh_from_db()
        assert (stored.text, stored.answers) == ("It is bright.", {"yes-no": False, "text": "here"})


def test_restored_question_is_counted_again(campaign: Campaign, age: Question, manager: User) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.KEEP)
    restored = restore_question(RemovedQuestion.objects.get(), actor=manager)
    assert (restored.slug, restored.audience, restored.position) == ("age", Audience.STAFF, 1)
    assert SurveyTally.objects.of(campaign.pk)["age"] == {"": 2, "41": 2}
    assert not RemovedQuestion.objects.exists()


def test_answers_are_deleted_if_so_decided(campaign: Campaign, age: Question, manager: User) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.DELETE)
    assert [one.all_answers for one in campaign.responses.all()] == [{"why": "because"}] * 2
    assert SurveyTally.objects.of(campaign.pk) == {"": {"": 2}, "why": {"": 2}}
    assert not RemovedQuestion.objects.exists()


def test_kept_answers_can_be_deleted_later(campaign: Campaign, age: Question, manager: User) -> None:
    Question.objects.filter(slug="why").update(show_if={})
    remove_question(age, actor=manager, answers=Answers.KEEP)
    forget_removed(RemovedQuestion.objects.get(), actor=manager)
    assert [one.all_answers for one in campaign.responses.all()] == [{"why": "because"}] * 2
    assert not RemovedQuestion.objects.exists()


def test_former_versions_of_contributions_lose_deleted_answers(campaign: Campaign, manager: User) -> None:
    contribution = make_contribution(campaign, category="survey", answers={"text": "me", "number": 4})
    ModerationEvent.objects.create(
        contribution=contribution,
        to_status="published",
        original={"answers": {"text": "my name", "number": 4}},
    )
    question = category_of(campaign, "survey").questions.get(slug="text")
    remove_question(question, actor=manager, answers=Answers.DELETE)
    contribution.refresh_from_db()
    assert contribution.answers == {"number": 4}
    event = contribution.moderation_events.exclude(original={}).get()
    assert event.original == {"answers": {"number": 4}}


def test_files_keep_the_column_of_a_removed_question(campaign: Campaign, manager: User) -> None:
    make_contribution(campaign, category="survey", answers={"single-choice": "day"})
    category = category_of(campaign, "survey")
    before = {field.name: field for field in campaign_fields(campaign)}
    remove_question(category.questions.get(slug="single-choice"), actor=manager, answers=Answers.KEEP)
    remove_question(category.questions.get(slug="multiple-choice"), actor=manager)
    after = {field.name: field for field in campaign_fields(campaign)}
    assert after["single-choice"] == before["single-choice"]
    assert set(before) - set(after) == {"multiple-choice"}


def test_only_managers_remove_questions(age: Question, analyst: User) -> None:
    with pytest.raises(NotAllowed):
        remove_question(age, actor=analyst, answers=Answers.DELETE)
