"""The filter by the city's reply: right in every way out, refused by name, offered on the page."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals
from mapping.filters.origins import REPLY
from mapping.models import Campaign, Contribution, Reply
from tests import personas
from tests.filtering import filtered
from tests.filters.ways import WAYS
from tests.personas import make_contribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(campaign: Campaign, manager: User) -> dict[str, Contribution]:
    """One contribution per reply, by its newest status; "none" has no reply."""
    made = {}
    for status in ("planned", "done", "none"):
        one = make_contribution(campaign, text=status)
        made[status] = one
        if status != "none":
            # The older reply says something else and counts no more.
            older = "done" if status == "planned" else "under_review"
            for said in (older, status):
                Reply.objects.create(contribution=one, author=manager, status=said, text="We look at it.")
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("answered")
def test_reply_filters_every_way_out(campaign: Campaign, client: Client, way: str) -> None:
    for query, number in (
        ("reply=planned", 1),
        ("reply=done", 1),
        ("reply=none", 1),
        ("reply=planned,none", 2),
        ("reply=not_possible", 0),
        ("reply=under_review", 0),
    ):
        assert WAYS[way](campaign, client, query) == number, query


@pytest.mark.usefixtures("answered")
def test_an_unknown_reply_is_refused_by_name(client: Client) -> None:
    for path in ("heatmap", "contributions/", "download.geojson", "statistics", "hotspots"):
        response = client.get(f"/api/v1/campaigns/fear-spaces/{path}?reply=perhaps")
        assert response.status_code == 400, path
        assert response.json()["errors"][0]["field"] == "reply", path


@pytest.mark.usefixtures("answered")
def test_the_page_offers_the_reply(campaign: Campaign, analyst: User) -> None:
    browser = personas.staff_browser(analyst)
    page = browser.get(f"/planning/{campaign.slug}/heatmap/?reply=none").content.decode()
    assert 'id="reply-none" checked' in page
    assert "noch keine Rückmeldung" in page
    wanted = filtered(("published",)).having(REPLY, ("none",))
    assert totals.per_category(HeatmapQuery(campaign.pk, filter=wanted))[0][1] == 1
