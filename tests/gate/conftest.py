"""The world of the walk and those who walk, who are not concerned."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Role
from geoparticipation.basemaps import Basemap
from mapping.aggregation import footprint
from mapping.models import Publication
from tests import personas
from tests.gate.calendar import put_up_events
from tests.gate.papers import put_up_papers
from tests.gate.plans import put_up_plans
from tests.gate.registrations import put_down_names
from tests.gate.subscriptions import subscribe
from tests.gate.texts import put_up_texts
from tests.gate.votes import put_up_votes
from tests.gate.world import (
    HIDDEN,
    World,
    answer_survey,
    crowd,
    fill,
    finish_exports,
    put_up_picture,
    take_away,
)
from tests.personas import Citizen


def number_rows_beyond_the_crowd() -> None:
    """Let no key of a row be one of the numbers that are looked for, however many rows earlier tests made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename), 20000) FROM pg_sequences"
            " WHERE coalesce(last_value, 0) < 20000 AND schemaname = current_schema()"
        )


def count_rows() -> None:
    """Update the planner's statistics, which may describe tables that were empty when they were last looked at.

    Queries would be planned for a single row and run for seconds on a thousand.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
    settings.BASEMAPS = {"colour": Basemap(template="", attribution="", maximum_zoom=20)}
    number_rows_beyond_the_crowd()
    period: dict[str, Any] = {
        "opens_at": timezone.now() - timedelta(days=9),
        "closes_at": timezone.now() - timedelta(days=2),
    }
    secret: dict[str, Any] = {"is_draft": True, "title": f"{HIDDEN} title", "summary": f"{HIDDEN} summary"}
    made = World(
        [
            personas.make_campaign("points-pre"),
            personas.make_open_at_once("points-post"),
            personas.make_upcoming("points-upcoming"),
            personas.make_closed("points-closed", outcome="What became of it"),
            personas.make_campaign("cells", publication=Publication.CELLS),
            personas.make_campaign("cells-closed", publication=Publication.CELLS, **period),
            personas.make_campaign("draft", **secret),
        ]
    )
    made.contributions = [one for campaign in made.campaigns for one in fill(campaign)]
    made.withdrawn = [take_away(campaign) for campaign in made.campaigns]
    crowd(made.campaigns[4])
    settings.VAR_DIR = tmp_path
    for campaign in made.campaigns:
        finish_exports(campaign)
        put_up_picture(campaign)
        answer_survey(campaign)
    subscribe(made.campaigns)
    put_up_events(made.campaigns)
    put_down_names()
    put_up_papers(made.campaigns[0], made.campaigns[-1])
    put_up_plans(made.campaigns)
    put_up_votes(made.campaigns)
    put_up_texts(made.campaigns)
    for campaign in made.campaigns:
        footprint.write_many(campaign)  # services write them, rows put past them do not
    count_rows()
    return made


@pytest.fixture
def visitors(world: World, another_citizen: Citizen) -> dict[str, Client]:
    """Nobody, and somebody who has all that may open doors elsewhere: cookie, role, a place in the administration."""
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    somebody = personas.make_user("somebody@example.org", elsewhere, Role.MANAGER, is_staff=True)
    personas.make_contribution(world.campaigns[0], by=another_citizen, text="A neighbour's")
    browser = another_citizen.browser()
    browser.force_login(somebody)
    return {"anonymous": Client(), "somebody from elsewhere": browser}
