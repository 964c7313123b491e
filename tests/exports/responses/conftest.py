"""A survey of every kind with its responses."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from mapping.models import Campaign
from tests.exports.responses.world import respond_to_every_kind, survey_of_every_kind


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """THE campaign with a survey of every kind and responses to it."""
    survey_of_every_kind(campaign)
    respond_to_every_kind(campaign)
    return campaign
