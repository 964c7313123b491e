"""Numbers and moments of the database that are known again wherever they appear.

Whoever sees such a number before and after learns that a protected campaign got something in between, and when: no
public answer may hold a number that counts across campaigns, or a moment finer than a second.
"""

import re
from datetime import datetime

from django.apps import apps
from django.db import connection, models

from mapping.models import Campaign
from tests.gate.walking import FRACTION

FIRST = 770_000_000
COUNTED = re.compile(r"(?<![0-9a-f.])77[0-9]{7}(?![0-9a-f])")
FINE = re.compile(rf"[.]{FRACTION}(?![0-9])")


def go_on_far_away() -> None:
    """Every sequence of the database goes on at a number that nothing else has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for number, (name,) in enumerate(cursor.fetchall()):
            cursor.execute("SELECT setval(%s, %s)", [name, FIRST + number * 10_000])


def make_moments_fine() -> None:
    """Every moment of the database gets the same microseconds."""
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


class Numbers:
    """Gathers where numbers and moments of the database are met."""

    def __init__(self) -> None:
        self.answers = 0
        self.found: list[str] = []

    def look(self, address: str, words: str) -> None:
        """The administration names its rows by number, in addresses that lead everybody else to the log-in."""
        if address.startswith("/admin/"):
            return
        self.answers += 1
        words = words.replace(address, "")
        self.found += [
            f"{address}: {words[max(0, one.start() - 60) : one.end() + 20]}"
            for one in (COUNTED.search(words), FINE.search(words))
            if one is not None
        ]
