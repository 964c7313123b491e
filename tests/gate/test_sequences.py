"""No public answer holds a number that counts across campaigns, or a moment finer than a second.

Whoever sees such a number before and after learns that a protected campaign got something in between, and when.
"""

import re
from datetime import datetime

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from mapping.models import Campaign
from tests.gate.walking import visits
from tests.gate.world import World
from tests.walk import words_of

FIRST = 770_000_000
FRACTION = 135_797
"""Microseconds of every moment in the database."""
COUNTED = re.compile(r"(?<![0-9a-f.])77[0-9]{7}(?![0-9a-f])")
FINE = re.compile(rf"[.]{FRACTION}(?![0-9])")


@pytest.fixture
def distant_sequences(db: None) -> None:
    """Every sequence of the database goes on at a number that nothing else has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for number, (name,) in enumerate(cursor.fetchall()):
            cursor.execute("SELECT setval(%s, %s)", [name, FIRST + number * 10_000])


@pytest.fixture
def numbered(distant_sequences: None, world: World) -> World:
    """The world of the walk with numbers and moments that are known again."""
    # When a campaign opens and closes is set by the city and public.
    for model in set(apps.get_app_config("mapping").get_models()) - {Campaign}:
        moments = [
            field.name for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)
        ]
        for row in model._default_manager.all() if moments else ():
            held = {name: getattr(row, name) for name in moments}
            model._default_manager.filter(pk=row.pk).update(
                **{
                    name: moment.replace(microsecond=FRACTION)
                    for name, moment in held.items()
                    if isinstance(moment, datetime)
                }
            )
    return world


def test_numbers_and_moments_of_the_database_are_known_again(numbered: World) -> None:
    """The walk would prove nothing otherwise."""
    contribution = numbered.contributions[0]
    contribution.refresh_from_db()
    assert contribution.created_at.microsecond == FRACTION
    for pk in (contribution.campaign_id, contribution.category_id, contribution.participant_id):
        assert COUNTED.search(str(pk))


def test_no_public_answer_holds_a_number_of_the_database_or_a_fine_moment(numbered: World) -> None:
    browser = Client()
    found = []
    # The administration names its rows by number, in addresses that lead everybody else to the log-in.
    for address in (one for one in visits(numbered) if not one.startswith("/admin/")):
        response = browser.get(address)
        words = (words_of(response) + str(dict(response.headers))).replace(address, "")
        found += [
            f"{address}: {words[max(0, one.start() - 60) : one.end() + 20]}"
            for one in (COUNTED.search(words), FINE.search(words))
            if one is not None
        ]
    assert found == []
