"""People who answered a survey, and contributions with answers for staff."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mapping.models import Campaign, Contribution, Participant, Response
from tests.filters.world import OLDER, QUESTIONS, YOUNG, ask_for_staff
from tests.personas import STATION, TOWN_HALL, make_contribution, make_participant
from tests.surveys.world import ask


@pytest.fixture
def people(campaign: Campaign) -> dict[str, Participant]:
    """Two people who answered, one whose response is a draft, one without; the young one placed three points."""
    for slug, (kind, fields) in QUESTIONS.items():
        ask(campaign, slug, kind, **fields)
    found = {name: make_participant(campaign) for name in ("young", "older", "draft", "silent")}
    for name, answers in (("young", YOUNG), ("older", OLDER), ("draft", YOUNG)):
        sent = None if name == "draft" else timezone.now()
        Response.objects.create(
            campaign=campaign, participant=found[name], answers=answers, completed_at=sent
        )
    Response.objects.create(campaign=campaign, answers=YOUNG, completed_at=timezone.now(), source="paper")
    for name, number in (("young", 3), ("older", 1), ("draft", 1), ("silent", 1)):
        for _ in range(number):
            make_contribution(campaign, TOWN_HALL, by=found[name])
    make_contribution(campaign, STATION, by=found["older"])
    return found


@pytest.fixture
def answered(campaign: Campaign) -> None:
    """Two contributions with answers for staff; the trigger keeps these apart."""
    ask_for_staff(campaign)
    for band, weight in (("18-25", 5), ("26-40", 2)):
        make_contribution(campaign, STATION, category="survey", answers={"band": band, "weight": weight})
    assert not Contribution.objects.filter(answers__has_key="band").exists()
