"""A session to read."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.gis.geos import Point

from engagement.models import Session
from tests.engagement.making import make_body, make_document, make_plan, make_session

START = datetime(2026, 7, 1, 16, tzinfo=UTC)


@pytest.fixture
def session(db: None) -> Session:
    """A session with everything: agenda, documents of every kind, a place, members."""
    body = make_body(name="Arbeitsgruppe", since=date(2025, 1, 1))
    body.members.create(name="Mina Muster", role="Vorsitz", since=date(2025, 2, 1))
    body.members.create(name="Otto Ortlos")
    made = make_session(body, START)
    made.event.title = "Sitzung 1"
    made.event.place, made.event.place_name, made.event.address = (
        Point(7.77, 49.44),
        "Rathaus",
        "Willy-Brandt-Platz 1",
    )
    made.event.save()
    item = made.agenda.create(title="Leitlinien", number="1", result="Beschlossen", position=1)
    make_document(title="Vorlage", agenda_item=item, reference="12/26", licence="https://example.org/licence")
    make_document(title="Protokoll", session=made, kind="minutes", text="Es war gut.")
    make_document(title="Anlage", session=made, text="Mehr.")
    plan = make_plan(place=Point(7.78, 49.45), place_name="Radweg")
    report = make_document(title="Bericht", plan=plan, body=body)
    for number in (1, 2):
        report.versions.create(
            number=number, name=f"bericht-{number}.pdf", bytes=1000 + number, digest=b"x", file="x.pdf"
        )
    return made
