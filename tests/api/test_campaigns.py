"""Campaigns in JSON: their phases, and what people are asked for."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mapping.models import Campaign, Phase
from tests import personas
from tests.api.conftest import ROOT, campaign_url
from tests.surveys.world import ask

SLUG = "fear-spaces"


def test_campaign_tells_phases_and_formats(
    campaign: Campaign, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now().replace(microsecond=0)
    told = public.get(campaign_url(SLUG)).json()
    assert told["phases"] == []
    assert told["formats"] == ["places", "ideas", "discussion"]
    assert not {"survey", "responses"} & set(told["links"])
    for number, allows in enumerate([["contribute"], ["answer", "support"]]):
        Phase.objects.create(
            campaign=campaign,
            title=f"Phase {number}",
            opens_at=now + timedelta(days=number),
            closes_at=now + timedelta(days=number + 1),
            allows=allows,
        )
    campaign.categories.all().delete()
    ask(campaign, "colour", "single_choice")
    told = public.get(campaign_url(SLUG)).json()
    assert told["formats"] == ["survey"]
    assert [(one["title"], one["allows"], one["is_current"]) for one in told["phases"]] == [
        ("Phase 0", ["contribute"], True),
        ("Phase 1", ["answer", "support"], False),
    ]
    assert told["links"]["survey"] == f"http://testserver{campaign_url(SLUG, 'survey/')}"
    assert told["links"]["results"] == f"http://testserver{campaign_url(SLUG, 'survey/results/')}"
    assert told["links"]["responses"] == f"http://testserver{campaign_url(SLUG, 'responses/')}"
    make_second("second")
    with django_assert_num_queries(5):
        public.get(f"{ROOT}/campaigns/")
    make_second("third")
    with django_assert_num_queries(5):
        public.get(f"{ROOT}/campaigns/")


def make_second(slug: str) -> None:
    made = personas.make_campaign(slug)
    ask(made, "colour", "single_choice")
    now = timezone.now()
    Phase.objects.create(campaign=made, title="Now", opens_at=now, closes_at=now + timedelta(days=1))
