"""A council and the account that reads it."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.engagement.council.server import Council, running
from tests.engagement.making import make_editor


@pytest.fixture
def council(settings: Settings) -> Iterator[Council]:
    with running() as found:
        found.furnish()
        settings.OPARL_SOURCES = [found.body]
        yield found


@pytest.fixture
def editor(settings: Settings) -> User:
    made = make_editor()
    settings.OPARL_READS_AS = made.email
    return made
