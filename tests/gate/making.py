"""The world of the walks, put up: everything that has a page, and everything that can be hidden."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

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


def number_rows_beyond_the_crowd() -> None:
    """Let no key of a row be one of the numbers that are looked for, however many rows earlier tests made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename), 20000) FROM pg_sequences"
            " WHERE coalesce(last_value, 0) < 20000 AND schemaname = current_schema()"
        )


def count_rows() -> None:
    """Update the planner's statistics, which may describe tables that were empty when they were last looked at.

    Queries would be planned for a single row and run for seconds on a thousand. Named one by one: without names ANALYZE
    locks the catalogues that all databases share, until the test is over.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(map(connection.ops.quote_name, tables)))


def make_world(settings: Settings, folder: Path) -> World:
    """Campaigns of every kind, everything that can be hidden, and files of it in a folder."""
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
    settings.VAR_DIR = folder
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
