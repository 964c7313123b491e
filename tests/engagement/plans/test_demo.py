"""The demo has plans, proposals and news, once."""

from typing import Any

import pytest

from engagement.demo import plans
from engagement.models import Plan, PlanProposal, Update
from mapping.demo import SLUGS
from tests import personas


@pytest.mark.slow
def test_demo_has_plans_and_news_of_every_campaign_once(db: None) -> None:
    for slug in SLUGS:
        personas.make_campaign(slug, with_categories=False)
    said: list[Any] = []
    plans.fill(said.append)
    assert Plan.objects.public().count() == 25
    assert PlanProposal.objects.count() == 5
    assert set(Update.objects.values_list("campaign__slug", flat=True)) == set(SLUGS)
    assert len(said) == 2
    plans.fill(said.append)
    assert Plan.objects.count() == 25
    assert len(said) == 2
