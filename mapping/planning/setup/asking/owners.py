"""Addresses of the pages about questions, which exist for the survey and for each category."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from mapping.aggregation.given_answers import Owner
from mapping.models import Campaign, Category, Question
from mapping.services.setup.asking.owners import campaign_of, questions_of


def owner_called(campaign: Campaign, category: str | None) -> Owner:
    """The category with this short name, or the campaign for its survey; raises Http404."""
    if category is None:
        return campaign
    found = Category.objects.filter(campaign=campaign, slug=category).first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


def question_called(owner: Owner, slug: str) -> Question:
    """The question with this short name; raises Http404."""
    found = next((one for one in questions_of(owner) if one.slug == slug), None)
    if found is None:
        raise Http404
    if isinstance(owner, Category):
        found.category = owner
    else:
        found.campaign = owner
    return found


def list_address(owner: Owner) -> str:
    """The list of the questions."""
    return _address(owner, "questions")


def new_address(owner: Owner) -> str:
    """The editor of another question."""
    return _address(owner, "question-new")


def question_address(owner: Owner, question: Question, page: str = "question") -> str:
    """The editor of a question, or its page of removal ("question-remove")."""
    return _address(owner, page, question.slug)


def _address(owner: Owner, page: str, *more: str) -> str:
    campaign = campaign_of(owner)
    if isinstance(owner, Category):
        return reverse(f"planning:setup-category-{page}", args=(campaign.slug, owner.slug, *more))
    return reverse(f"planning:setup-{page}", args=(campaign.slug, *more))
