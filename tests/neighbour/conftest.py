"""The app is there in these tests only; with them goes all that it entered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import modify_settings, override_settings
from procrastinate.contrib.django.apps import ProcrastinateConfig

from mapping.exports.metadata.dataset import DATASET_SOURCES
from mapping.models import Campaign
from mapping.models.change import revision_triggers
from mapping.ogc.collections import COLLECTION_KINDS
from mapping.planning.ways import PLANNING_SECTIONS, PLANNING_TABS
from mapping.registry import Registry
from mapping.services.retention import RETENTION
from mapping.web.campaign_tabs import CAMPAIGN_TABS
from mapping.web.overview.feeds import FEEDS
from mapping.web.overview.home import HOME_SECTIONS
from tests import personas
from tests.neighbour.models import Meeting

REGISTRIES: tuple[Registry[Any], ...] = (
    COLLECTION_KINDS,
    DATASET_SOURCES,
    HOME_SECTIONS,
    CAMPAIGN_TABS,
    PLANNING_TABS,
    PLANNING_SECTIONS,
    FEEDS,
    RETENTION,
)


@pytest.fixture
def neighbour_without_triggers(db: None) -> Iterator[None]:
    """The app and its table, whose changes nobody notes."""
    before = [(registry, dict(registry._entries)) for registry in REGISTRIES]
    with connection.schema_editor() as editor:
        editor.create_model(Meeting)
    # Django makes all apps ready again; procrastinate allows that once per process.
    with (
        patch.object(ProcrastinateConfig, "ready"),
        modify_settings(INSTALLED_APPS={"append": "tests.neighbour"}),
        override_settings(ROOT_URLCONF="tests.neighbour.urls"),
    ):
        yield
    for registry, entries in before:
        registry._entries.clear()
        registry._entries.update(entries)


@pytest.fixture
def neighbour(neighbour_without_triggers: None) -> None:
    """The app as its migrations would leave it."""
    create, _drop = revision_triggers("neighbour_meeting", "SELECT campaign_id FROM {rows}")
    with connection.cursor() as cursor:
        for statement in create:
            cursor.execute(statement)


@pytest.fixture
def meeting(neighbour: None, campaign: Campaign) -> Meeting:
    """A public meeting at the town hall."""
    return make_meeting(campaign, "walk", "A walk in the dark", personas.EPOCH)


@pytest.fixture
def hidden_meeting(neighbour: None, campaign: Campaign) -> Meeting:
    """A meeting that is still being prepared."""
    return make_meeting(
        campaign, "talk", "A talk about lamps", personas.EPOCH + timedelta(days=1), is_public=False
    )


def make_meeting(
    campaign: Campaign, code: str, title: str, begins_at: datetime, *, is_public: bool = True
) -> Meeting:
    """A meeting of two hours."""
    return Meeting.objects.create(
        code=code,
        campaign=campaign,
        title=title,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=2),
        place=Point(*personas.TOWN_HALL, srid=4326),
        is_public=is_public,
    )
