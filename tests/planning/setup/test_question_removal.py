"""Removal of questions and choices that were answered."""

from django.test import Client

from mapping.models import Campaign, Question, RemovedQuestion
from mapping.services.surveys.responses import Sheet, respond
from tests.planning.setup.world import address, rows, typed


def test_removal_says_how_many_answers_it_touches(
    campaign: Campaign, browser: Client, colour: Question
) -> None:
    respond(campaign, Sheet({"colour": "red"}), "a" * 43)
    page = browser.get(address(campaign, "question-remove", "colour"))
    assert page.context["number"] == 1
    undecided = browser.post(address(campaign, "question-remove", "colour"))
    assert undecided.status_code == 422
    browser.post(address(campaign, "question-remove", "colour"), {"answers": "keep"})
    assert RemovedQuestion.objects.get().slug == "colour"
    assert "Asked no more" in browser.get(address(campaign)).content.decode()
    browser.post(address(campaign), {"do": "restore:colour"})
    assert Question.objects.get(campaign=campaign).slug == "colour"
    browser.post(address(campaign, "question-remove", "colour"), {"answers": "keep"})
    browser.post(address(campaign), {"do": "forget:colour"})
    assert campaign.responses.get().all_answers == {}


def test_removed_choice_needs_a_decision(campaign: Campaign, browser: Client, colour: Question) -> None:
    respond(campaign, Sheet({"colour": "red"}), "a" * 43)
    data = typed() | rows("Grün") | {"choices.0.value": "green"}
    page = browser.post(address(campaign, "question", "colour"), data)
    assert page.status_code == 422
    assert "What becomes of the answers?" in page.content.decode()
    assert (
        browser.post(address(campaign, "question", "colour"), data | {"answers": "delete"}).status_code == 302
    )
    assert campaign.responses.get().all_answers == {}


def test_kind_of_an_answered_question_stays(campaign: Campaign, browser: Client, colour: Question) -> None:
    respond(campaign, Sheet({"colour": "red"}), "a" * 43)
    page = browser.get(address(campaign, "question", "colour"))
    assert "People have answered already, so that it stays." in page.content.decode()
    refused = browser.post(
        address(campaign, "question", "colour"), typed(kind="multiple_choice") | rows("Rot")
    )
    assert refused.status_code == 422
