"""The manager's browser, and a survey to change."""

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Campaign, Question
from tests.personas import staff_browser
from tests.surveys.world import COLOURS, ask


@pytest.fixture
def browser(campaign: Campaign, manager: User) -> Client:
    """The manager's browser, in English."""
    found = staff_browser(manager)
    found.cookies["django_language"] = "en"
    return found


@pytest.fixture
def colour(campaign: Campaign) -> Question:
    """A question of the survey."""
    return ask(campaign, "colour", "single_choice", title="Which colour?", options={"choices": COLOURS})
