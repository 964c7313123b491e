"""The world of the walk and those who walk, who are not concerned."""

import logging
from pathlib import Path

import pytest
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from pytest_django.fixtures import Settings

from accounts.models import Role
from tests import personas
from tests.gate.making import make_world
from tests.gate.world import World
from tests.personas import Citizen


@pytest.fixture(autouse=True)
def plain_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates are rendered as in production: for `response.context` Django copies the context of each part.

    No walk reads it, and pages of many parts take a third less time without.
    """
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def quiet_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line for each address that is refused: pytest would gather thousands of them, with tracebacks."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    """Campaigns of every kind, everything that can be hidden, and files of it."""
    return make_world(settings, tmp_path)


@pytest.fixture
def visitors(world: World, another_citizen: Citizen) -> dict[str, Client]:
    """Nobody, and somebody who has all that may open doors elsewhere: cookie, role, a place in the administration."""
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    somebody = personas.make_user("somebody@example.org", elsewhere, Role.MANAGER, is_staff=True)
    personas.make_contribution(world.campaigns[0], by=another_citizen, text="A neighbour's")
    browser = another_citizen.browser()
    browser.force_login(somebody)
    return {"anonymous": Client(), "somebody from elsewhere": browser}
