"""Report and picture of the planners' heat map: the same view, for the same people, recorded where it is exact."""

import io
import logging

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from mapping.models import Campaign, ContributionStatus, Release
from tests import personas

pytestmark = pytest.mark.django_db

BOTH = ("report.html", "picture.png")


@pytest.fixture
def browser(analyst: User) -> Client:
    client = personas.staff_browser(analyst)
    client.cookies["django_language"] = "en"
    return client


def test_report_is_a_file_of_the_view(browser: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, personas.TOWN_HALL)
    personas.make_contribution(campaign, personas.STATION, category="survey")
    response = browser.get(f"/planning/{campaign.slug}/heatmap/report.html?category=survey&size=500")
    assert response.status_code == 200
    disposition = response["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="{campaign.slug}-heatmap-')
    assert disposition.endswith('.html"')
    text = response.content.decode()
    assert "Categories: Survey" in text
    assert text.count("CRS3035RES500mN") == 1
    assert "no-cache" in response["Cache-Control"]


def test_picture_is_a_slide(browser: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign)
    response = browser.get(f"/planning/{campaign.slug}/heatmap/picture.png")
    assert response["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (1920, 1080)


def test_what_others_may_not_analyse_they_may_not_take_along(
    campaign: Campaign, outsider: User, moderator: User
) -> None:
    for file in BOTH:
        address = f"/planning/{campaign.slug}/heatmap/{file}"
        assert Client().get(address).status_code == 302
        for user in (outsider, moderator):
            assert personas.staff_browser(user).get(address).status_code == 403


def test_exact_view_of_a_protected_campaign_is_recorded(
    campaign: Campaign, browser: Client, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    campaign.publication = "cells"
    campaign.save()
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        text = browser.get(f"/planning/{campaign.slug}/heatmap/report.html?status=pending").content.decode()
        browser.get(f"/planning/{campaign.slug}/heatmap/picture.png")
    assert "Not for publication." in text
    assert [
        message for message in caplog.messages if f"user={analyst.pk} campaign={campaign.slug}" in message
    ] == [f"user={analyst.pk} campaign={campaign.slug} view=heatmap-{what}" for what in ("report", "picture")]


def test_release_can_be_taken_along_for_passing_on(
    campaign: Campaign, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"/planning/{campaign.slug}/heatmap/report.html?release=current"
    assert browser.get(address).status_code == 404  # it publishes points
    campaign.publication = "cells"
    campaign.save()
    assert browser.get(address).status_code == 404  # nothing is released yet
    Release.objects.create(campaign=campaign, number=1, k=5, contributions=9, participants_at_least=5)
    personas.make_contribution(campaign)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        text = browser.get(address).content.decode()
    assert not [record for record in caplog.records if record.name == "geoparticipation.access"]
    assert "Not for publication." not in text
    assert "Where too few people contributed, nothing is shown" in text


def test_view_that_cannot_be_counted_leads_back_to_its_page(
    browser: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.aggregation.heatmap.counts.MOST_CELLS", 0)
    personas.make_contribution(campaign)
    for file in BOTH:
        response = browser.get(f"/planning/{campaign.slug}/heatmap/{file}?size=100&grid=hexagon")
        assert response.status_code == 302
        assert response["Location"] == f"/planning/{campaign.slug}/heatmap/?size=100&grid=hexagon"
