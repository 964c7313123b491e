"""The campaign's page without JavaScript: what it says, what it lists, and the gate."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.base_map import can_follow, ground_source
from mapping.models import Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def page_of(client: Client, campaign: Campaign, query: str = "", status: int = 200) -> str:
    response = client.get(f"/campaigns/{campaign.slug}/{query}")
    assert response.status_code == status
    return response.content.decode()


def listed(html: str) -> list[str]:
    """The texts of the public list."""
    whole = html.split("data-list>", 1)
    return re.findall(r'contribution-item__link" href="[^"]*">([^<]*)<', whole[1]) if len(whole) > 1 else []


def config_of(html: str) -> dict[str, object]:
    found = re.search(r'<script id="campaign-config" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    config: dict[str, object] = json.loads(found[1])
    return config


def test_published_contributions_are_listed_newest_first(reader: Client, campaign: Campaign) -> None:
    for index in range(3):
        personas.make_contribution(campaign, text=f"Spot {index}")
    html = page_of(reader, campaign)
    assert listed(html) == ["Spot 2", "Spot 1", "Spot 0"]
    assert "3 contributions" in html
    assert "3 people took part" in html


def test_pending_and_rejected_contributions_are_on_no_page(reader: Client, campaign: Campaign) -> None:
    for status in (ContributionStatus.PENDING, ContributionStatus.REJECTED):
        hidden = personas.make_contribution(campaign, text="A secret", status=status)
        assert reader.get(f"/campaigns/{campaign.slug}/contributions/{hidden.pk}/").status_code == 404
    html = page_of(reader, campaign)
    assert "A secret" not in html
    assert config_of(html)["total"] == 0


def test_a_campaign_of_cells_shows_no_contribution_and_no_number(
    reader: Client, cells_campaign: Campaign
) -> None:
    published = personas.make_contribution(cells_campaign, text="A secret")
    html = page_of(reader, cells_campaign)
    assert "A secret" not in html
    assert "took part</span>" not in html
    assert config_of(html)["total"] == 0
    assert "To protect people" in html
    assert "Mark a place" in html
    assert reader.get(f"/campaigns/{cells_campaign.slug}/contributions/{published.pk}/").status_code == 404


def test_a_draft_exists_for_members_only(
    reader: Client, draft_campaign: Campaign, administrator: User
) -> None:
    page_of(reader, draft_campaign, status=404)
    assert reader.get(f"/campaigns/{draft_campaign.slug}/contribute/").status_code == 404
    page_of(personas.staff_browser(administrator), draft_campaign)


def test_ones_own_are_shown_to_oneself_with_their_status(
    citizen: Citizen, another_citizen: Citizen, cells_campaign: Campaign
) -> None:
    personas.make_contribution(cells_campaign, by=citizen, text="Mine", status=ContributionStatus.PENDING)
    own, foreign = (
        page_of(citizen.browser(), cells_campaign),
        page_of(another_citizen.browser(), cells_campaign),
    )
    assert "Mine" in own
    assert re.search(r'href="/mine/[\w-]{20,}/"', own)
    assert "Mine" not in foreign


def test_the_page_may_not_be_kept_by_caches(reader: Client, campaign: Campaign) -> None:
    response = reader.get(f"/campaigns/{campaign.slug}/")
    assert "no-store" in response.headers["Cache-Control"]


def test_reading_sets_no_participant_cookie(reader: Client, campaign: Campaign) -> None:
    assert "participant" not in reader.get(f"/campaigns/{campaign.slug}/").cookies


def test_the_list_is_filtered_by_category_and_unknown_ones_are_ignored(
    reader: Client, campaign: Campaign
) -> None:
    personas.make_contribution(campaign, text="A spot")
    personas.make_contribution(campaign, text="A survey", category="survey")
    personas.make_contribution(campaign, text="An idea", category="idea", place=None)
    assert listed(page_of(reader, campaign, "?category=spot")) == ["A spot"]
    assert listed(page_of(reader, campaign, "?category=spot&category=idea")) == ["An idea", "A spot"]
    assert len(listed(page_of(reader, campaign, "?category=unknown"))) == 3


def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(
    reader: Client, campaign: Campaign
) -> None:
    for index in range(45):
        personas.make_contribution(campaign, footprint=False, text=f"Spot {index}")
    Contribution.objects.update(created_at=personas.EPOCH)
    seen: list[str] = []
    query = ""
    while True:
        html = page_of(reader, campaign, query)
        seen += listed(html)
        more = re.search(r'href="(\?[^"]*)#list" data-more', html)
        if more is None:
            break
        query = more[1].replace("&amp;", "&")
    assert len(seen) == 45
    assert len(set(seen)) == 45


@pytest.mark.parametrize(
    "cursor", ["x", "-1-" + "0" * 32, "9" * 30 + "-" + "0" * 32, "%00", "1" * 17 + "-" + "f" * 32, "%C3%A4"]
)
def test_a_damaged_cursor_is_no_error(reader: Client, campaign: Campaign, cursor: str) -> None:
    personas.make_contribution(campaign)
    page_of(reader, campaign, f"?after={cursor}")


def test_the_number_of_queries_does_not_grow_with_the_list(
    reader: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _index in range(20):
        contribution = personas.make_contribution(campaign)
        Reply.objects.create(contribution=contribution, status=ReplyStatus.PLANNED, text="Soon.")
    ground_source()  # kept for half a minute, whichever page asked
    can_follow(campaign)
    with django_assert_max_num_queries(18):
        page_of(reader, campaign)


def test_texts_of_people_keep_their_direction(reader: Client, campaign: Campaign) -> None:
    arabic = "الشارع مظلم جدا."
    contribution = personas.make_contribution(campaign, text=arabic)
    personas.make_comment(contribution, arabic)
    direction = re.compile(rf'dir="auto"[^>]*>(?:\s|<p>|<a [^>]*>)*{arabic}')
    assert direction.search(page_of(reader, campaign))
    assert len(direction.findall(page_of(reader, campaign, f"contributions/{contribution.pk}/"))) == 2
    assert 'dir="auto"' in page_of(reader, campaign, "contribute/?category=spot").split("<textarea", 1)[1]


def test_texts_of_people_are_never_html(reader: Client, campaign: Campaign) -> None:
    evil = personas.make_contribution(campaign, text="<script>alert(1)</script>")
    for address in (f"/campaigns/{campaign.slug}/", f"/campaigns/{campaign.slug}/contributions/{evil.pk}/"):
        html = reader.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


def test_upcoming_and_closed_campaigns_explain_themselves(
    reader: Client, upcoming_campaign: Campaign, closed_campaign: Campaign
) -> None:
    closed_campaign.outcome = "Twelve lamps were built."
    closed_campaign.save()
    upcoming, closed = page_of(reader, upcoming_campaign), page_of(reader, closed_campaign)
    assert "Taking part is possible from" in upcoming
    assert "Taking part ended on" in closed
    assert "Twelve lamps were built." in closed
    assert "Mark a place" not in upcoming + closed


def test_the_map_of_a_campaign_without_area_begins_where_its_contributions_lie(
    reader: Client, campaign: Campaign
) -> None:
    campaign.area = None
    campaign.save()
    for place in (personas.TOWN_HALL, personas.UNIVERSITY):
        personas.make_contribution(campaign, place)
    found = re.search(
        r'<script id="map-config" type="application/json">(.*?)</script>', page_of(reader, campaign)
    )
    assert found is not None
    assert json.loads(found[1])["bounds"] == pytest.approx([7.753, 49.424, 7.7689, 49.4447])


def test_the_page_loads_nothing_from_elsewhere(reader: Client, campaign: Campaign) -> None:
    # Its own address stands there for search engines.
    html = page_of(reader, campaign).replace('<link rel="canonical" href="http://testserver/', "")
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    assert " style=" not in html
    assert "onclick" not in html
