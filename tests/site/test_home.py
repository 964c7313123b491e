import gzip
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.models import Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from mapping.services import feedback
from tests import personas
from tests.personas import Citizen


def page(client: Client) -> str:
    client.cookies["django_language"] = "en"
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_home_shows_campaigns_by_where_they_stand(
    client: Client, campaign: Campaign, upcoming_campaign: Campaign, closed_campaign: Campaign
) -> None:
    shown = page(client)
    running, upcoming, closed = (
        shown.index(f">{one.title}<") for one in (campaign, upcoming_campaign, closed_campaign)
    )
    assert running < shown.index("Coming soon") < upcoming < shown.index("Completed") < closed
    assert "30 days left" in shown
    assert "Begins in 10 days" in shown


def test_drafts_are_not_shown(client: Client, draft_campaign: Campaign) -> None:
    assert draft_campaign.title not in page(client)


def test_old_address_of_the_search_leads_to_the_new_one(client: Client, db: None) -> None:
    response = client.get("/", {"q": "TREES & shade"})
    assert (response.status_code, response["Location"]) == (302, "/search/?q=TREES+%26+shade")


def test_field_of_the_search_leads_to_everything_public(client: Client, db: None) -> None:
    assert 'action="/search/"' in page(client)


def test_card_counts_people_and_contributions_with_what_is_public_alone(
    client: Client, campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> None:
    liked = personas.make_contribution(campaign, by=citizen)
    personas.make_contribution(campaign, by=citizen)
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    feedback.set_support(liked, 1, another_citizen.secret)
    shown = page(client)
    assert "3 people took part" in shown
    assert "3 contributions" in shown


def test_cells_campaign_shows_neither_totals_nor_places(client: Client, cells_campaign: Campaign) -> None:
    for _ in range(7):
        personas.make_contribution(cells_campaign)
    shown = page(client)
    assert "Single places stay protected" in shown
    assert "took part" not in shown
    assert "outline__point" not in shown


def test_map_of_a_card_draws_published_contributions_only(client: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    personas.make_contribution(campaign, status=ContributionStatus.REJECTED)
    assert "outline__point" not in page(client)
    personas.make_contribution(campaign, "LINESTRING(7.75 49.44, 7.77 49.45)", category="street")
    assert "outline__line category-orange" in page(client)


def test_answers_of_the_city_are_shown_for_public_contributions(
    client: Client, published: Contribution, pending: Contribution
) -> None:
    Reply.objects.create(contribution=published, status=ReplyStatus.DONE, text="The lamp shines again.")
    Reply.objects.create(contribution=pending, status=ReplyStatus.PLANNED, text="Not yet public.")
    shown = page(client)
    assert "The lamp shines again." in shown
    assert "Not yet public." not in shown


def test_home_without_any_campaign_is_friendly(client: Client, db: None) -> None:
    assert "Nothing is open at the moment" in page(client)


def test_reading_sets_no_cookie(client: Client, campaign: Campaign) -> None:
    assert not client.get("/").cookies


def test_language_switch_needs_no_cookie_before(campaign: Campaign) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/language/", {"language": "en", "next": "/imprint/"})
    assert (response.status_code, response["Location"]) == (302, "/imprint/")
    assert browser.cookies["django_language"].value == "en"
    assert 'lang="en"' in browser.get("/imprint/").content.decode()
    assert browser.get("/language/").status_code == 405


def test_language_switch_leads_to_no_other_site(db: None) -> None:
    response = Client().post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def queries_of(client: Client) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    return len(captured)


def make_many(number: int, start: int = 0) -> None:
    """Campaigns that run, come and are over, with an area."""
    now, week = timezone.now(), timedelta(days=7)
    area = personas.make_campaign(f"model-{start}").area
    periods = ((now - week, now + week), (now + week, now + 2 * week), (now - 2 * week, now - week))
    Campaign.objects.bulk_create(
        Campaign(
            slug=f"c-{start + index}",
            title=f"Campaign {start + index}",
            summary="What should change here?",
            area=area,
            opens_at=periods[index % 3][0],
            closes_at=periods[index % 3][1],
        )
        for index in range(number)
    )


def test_number_of_queries_and_size_are_the_same_with_500_campaigns(client: Client, db: None) -> None:
    make_many(21)
    queries_of(client)  # what is drawn once per process
    few = queries_of(client)
    make_many(480, start=100)
    queries_of(client)
    assert queries_of(client) == few < 50
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert len(gzip.compress(answer.content)) <= 60_000


def test_what_has_no_room_is_on_a_page_of_its_own(client: Client, db: None) -> None:
    make_many(60)
    shown = page(client)
    assert "Show all 21" in shown
    assert "/campaigns/?state=running" in shown
    titles = set()
    for number in (1, 2):
        response = client.get("/campaigns/", {"state": "upcoming", "page": number})
        titles |= {card.campaign.title for card in response.context["cards"]}
    assert len(titles) == 20


@pytest.mark.parametrize("query", ["state=draft", "page=0", "page=3", "page=x", "page=99999999999", "page=²"])
def test_pages_of_campaigns_that_are_none_are_not_found(
    client: Client, campaign: Campaign, query: str
) -> None:
    assert client.get(f"/campaigns/?{query}").status_code == 404


def test_drafts_are_on_no_page_of_campaigns(client: Client, draft_campaign: Campaign) -> None:
    for state in ("running", "upcoming", "closed"):
        response = client.get("/campaigns/", {"state": state})
        assert response.status_code == 200
        assert draft_campaign.title not in response.content.decode()


def test_numbers_count_what_is_public_alone(
    client: Client,
    campaign: Campaign,
    cells_campaign: Campaign,
    published: Contribution,
    pending: Contribution,
) -> None:
    cache.clear()
    personas.make_contribution(cells_campaign)
    Reply.objects.create(contribution=pending, status=ReplyStatus.PLANNED, text="Not yet public.")
    values = {one.name: one.content.values for one in client.get("/").context["sections"]}
    assert values["numbers"] == {"campaigns": 2, "contributions": 1, "replies": 0}


def test_map_of_a_card_follows_its_contributions(client: Client, campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    assert "outline__point" in page(client)
    Contribution.objects.filter(pk=contribution.pk).update(status=ContributionStatus.REJECTED)
    assert "outline__point" not in page(client)
