"""The working group of the demo, made once."""

import pytest
from django.utils import timezone

from engagement.demo import papers
from engagement.models import AgendaItem, Body, Document, DocumentKind, DocumentPage, Session


@pytest.mark.slow
def test_working_group_with_eleven_sessions_is_made_once(db: None) -> None:
    reported: list[str] = []
    for _ in range(2):
        papers.fill(reported.append)
    assert len(reported) == 1
    assert Body.objects.public().get().members.count() == 8
    sessions = Session.objects.public()
    assert list(sessions.order_by("number").values_list("number", flat=True)) == list(range(1, 12))
    assert sessions.filter(event__dates__starts_at__gt=timezone.now()).exists()
    assert not AgendaItem.objects.filter(session__event__dates__starts_at__gt=timezone.now()).exclude(
        result=""
    )
    minutes = Document.objects.public().filter(kind=DocumentKind.MINUTES)
    assert minutes.count() == 9
    assert minutes.filter(versions__isnull=False).count() == 3
    assert DocumentPage.objects.filter(version__document__in=minutes, text__contains="Beispieldaten").exists()
    guideline = Document.objects.public().get(kind=DocumentKind.GUIDELINE)
    assert guideline.versions.count() == 2
