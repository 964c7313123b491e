"""How many people took part in public: those who contributed by the tally, and those who only reacted."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from mapping.models import Campaign, ContributionStatus
from mapping.services.identity import number_who_took_part
from mapping.web.overview.cards import public_numbers
from tests import personas

pytestmark = pytest.mark.django_db


def test_people_count_once_whatever_they_did(campaign: Campaign) -> None:
    contributing, both, waiting, reacting, commenting = (
        personas.make_participant(campaign) for _ in range(5)
    )
    first = personas.make_contribution(campaign, by=contributing)
    personas.make_contribution(campaign, by=contributing)
    personas.make_contribution(campaign, by=both)
    hidden = personas.make_contribution(campaign, by=waiting, status=ContributionStatus.PENDING)
    personas.make_support(first, by=both)
    personas.make_support(first, by=reacting)
    personas.make_comment(first, by=reacting)
    personas.make_comment_support(personas.make_comment(first, by=commenting), by=contributing)
    assert number_who_took_part(campaign, is_public=True) == 4
    assert number_who_took_part(campaign, is_public=False) == 5
    personas.make_support(first, by=waiting)
    personas.make_support(hidden, by=personas.make_participant(campaign))
    assert number_who_took_part(campaign, is_public=True) == 5
    other = personas.make_campaign("elsewhere")
    personas.make_support(personas.make_contribution(other, by=personas.make_participant(other)))
    assert number_who_took_part(campaign, is_public=True) == 5
    campaign.is_draft = True
    campaign.save()
    assert number_who_took_part(campaign, is_public=True) == 0


def test_one_request_in_a_minute_counts_and_the_others_take_its_number(campaign: Campaign) -> None:
    personas.make_contribution(campaign, by=personas.make_participant(campaign))
    cache.set(f"took-part:{campaign.pk}", 7)
    cache.add(f"took-part:{campaign.pk}:counted", True)
    numbers = public_numbers(campaign, has_survey=False)
    assert numbers is not None
    assert numbers.participants == 7
    cache.delete(f"took-part:{campaign.pk}:counted")
    for _ in range(2):
        numbers = public_numbers(campaign, has_survey=False)
        assert numbers is not None
        assert numbers.participants == 1
