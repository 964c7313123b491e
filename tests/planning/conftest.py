"""The planner at the import page of THE campaign."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign
from tests.personas import staff_browser
from tests.planning.import_desk import Desk


@pytest.fixture
def private_folder(settings: Settings, tmp_path: Path) -> Path:
    """Where uploads lie."""
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var" / "imports"


@pytest.fixture
def desk(campaign: Campaign, manager: User, private_folder: Path) -> Desk:
    """The manager of THE campaign at its import page."""
    return Desk(campaign, staff_browser(manager))
