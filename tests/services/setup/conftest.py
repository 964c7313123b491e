"""A survey with a question and another one that depends on it."""

import pytest

from accounts.models import User
from mapping.models import Campaign, Question
from mapping.services.setup.questions import add_question
from tests.services.setup.world import draft


@pytest.fixture
def colour(campaign: Campaign, manager: User) -> Question:
    """A question of the survey with three choices."""
    return add_question(campaign, draft(), actor=manager)


@pytest.fixture
def why(campaign: Campaign, colour: Question, manager: User) -> Question:
    """A question that is asked where the colour is green."""
    condition = {"question": "welche-farbe", "is": "gruen"}
    return add_question(campaign, draft("Warum?", "text", show_if=condition), actor=manager)
