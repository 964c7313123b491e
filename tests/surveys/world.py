"""A campaign with a survey, for the tests of surveys."""

from typing import Any

from mapping.models import Campaign, Question
from tests import personas

COLOURS = [
    {"value": "red", "title": "Rot"},
    {"value": "green", "title": "Grün"},
    {"value": "other", "title": "Anderes", "other": True},
]


def ask(campaign: Campaign, slug: str, kind: str, **fields: Any) -> Question:
    """A question of a campaign's survey, after those that it has."""
    position = Question.objects.filter(campaign=campaign).count()
    options = fields.pop("options", personas.QUESTION_OPTIONS.get(kind, {}))
    question = Question(
        campaign=campaign,
        slug=slug,
        title=fields.pop("title", slug),
        kind=kind,
        options=options,
        position=position,
        **fields,
    )
    question.full_clean()
    question.save()
    return question
