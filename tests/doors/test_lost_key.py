"""A SECRET_KEY that was replaced without a fallback: no code is right, and nothing breaks."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from doors.factors import keeping
from tests import personas
from tests.doors.factoring import code_now, give_app, type_code, type_password


@pytest.mark.parametrize("has_codes", [False, True])
def test_codes_of_a_lost_key_are_wrong(db: None, settings: Settings, has_codes: bool) -> None:
    planner = personas.make_user("planner@example.org")
    give_app(planner)
    code = keeping.new_recovery_codes(planner)[0] if has_codes else code_now()
    settings.SECRET_KEY = "another-key-of-fifty-letters-another-key-of-fifty-l"
    settings.SECRET_KEY_FALLBACKS = []
    browser = Client()
    type_password(browser, planner)
    assert type_code(browser, code).status_code == 422
    assert keeping.codes_left(planner) == (0 if has_codes else None)
