"""Looking at the pool of the database opens none: it would lead wherever the settings pointed at that moment."""

from __future__ import annotations

import pytest
from django.db import DEFAULT_DB_ALIAS

from geoparticipation.postgis.base import DatabaseWrapper
from geoparticipation.watching.counting import look_at_process

pytestmark = pytest.mark.unit


def test_looking_opens_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DatabaseWrapper, "_connection_pools", {})
    look_at_process()
    assert DatabaseWrapper.pool_in_use(DEFAULT_DB_ALIAS) is None
    assert DatabaseWrapper._connection_pools == {}
