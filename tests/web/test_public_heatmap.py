"""The public heat map: the cells that are public, as picture, legend and table, and nothing else."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.geo.grid import cell_of
from mapping.models import Campaign, ContributionStatus, Release, ReleaseCell, ReleaseRhythm
from mapping.models.release import WHOLE
from mapping.services.identity import edit_token
from mapping.services.releases.times import next_time
from mapping.wording import in_words_day
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db

SOUTH_WEST, NORTH_EAST = 1, 8


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def released(cells_campaign: Campaign) -> Release:
    """A release of two regions: a square of 800 m, and two quadrants of another one."""
    release = Release.objects.create(
        campaign=cells_campaign,
        number=3,
        k=5,
        made_at=datetime(2026, 5, 4, 16, tzinfo=UTC),
        contributions=85,
        participants_at_least=60,
    )
    whole, parts = cell_of(4158000, 2927000, 800), cell_of(4160000, 2928000, 1600)
    for cell, mask, number, people in ((whole, WHOLE, 60, 40), (parts, SOUTH_WEST | NORTH_EAST, 25, 20)):
        ReleaseCell.objects.create(
            release=release,
            size=cell.size,
            cell=cell.key,
            mask=mask,
            contributions=number,
            participants_at_least=people,
        )
    return release


def page_of(client: Client, campaign: Campaign, query: str = "") -> str:
    response = client.get(f"/campaigns/{campaign.slug}/heatmap/{query}")
    assert response.status_code == 200
    return response.content.decode()


def rows_of(html: str) -> list[list[str]]:
    """The table, without its markup."""
    body = html.split("<tbody>", 1)[1].split("</tbody>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def overlay_of(html: str) -> dict[str, object]:
    found = re.search(r'<script id="heat-config" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    overlay: dict[str, object] = json.loads(found[1])
    return overlay


def words_of(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_page_shows_the_published_cells(reader: Client, campaign: Campaign) -> None:
    for place in (personas.TOWN_HALL, personas.TOWN_HALL, personas.STATION):
        personas.make_contribution(campaign, place)
    personas.make_contribution(campaign, None, category="idea")
    for status in (ContributionStatus.PENDING, ContributionStatus.REJECTED):
        personas.make_contribution(campaign, personas.UNIVERSITY, status=status)
    html = page_of(reader, campaign)
    found = heatmap(HeatmapQuery(campaign.pk))
    assert len(rows_of(html)) == len(found.rows) == html.count("data-cell=") == 2
    assert {row[0].split()[-1] for row in rows_of(html)} == {one.cell.id for one in found.cells}
    assert [row[1:] for row in rows_of(html)] == [["2", "2"], ["1", "1"]]
    assert overlay_of(html)["cells"] == [[2, 2], [1, 1]]
    assert "4 contributions from 4 people" in words_of(html)
    assert "1 of them has no place and is not on the map." in words_of(html)
    assert "Patterns may well be chance." in html


def test_size_and_category_can_be_chosen(reader: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, personas.TOWN_HALL)
    personas.make_contribution(campaign, personas.STATION, category="survey")
    assert "CRS3035RES500mN" in page_of(reader, campaign, "?size=500")
    only = page_of(reader, campaign, "?category=survey&size=1000")
    assert [row[1] for row in rows_of(only)] == ["1"]
    assert "category=survey&amp;f=geojson" in only
    for nonsense in ("?size=77", "?size=x&category=nothing", "?category=&size=", "?rows=1&status=pending"):
        assert len(rows_of(page_of(reader, campaign, nonsense))) == 2


def test_long_tables_are_shown_on_request(reader: Client, campaign: Campaign) -> None:
    west, north = personas.TOWN_HALL
    for index in range(52):
        personas.make_contribution(campaign, (west - 0.0004 * index * 8, north))
    html = page_of(reader, campaign)
    assert len(rows_of(html)) < html.count("data-cell=")
    assert "?rows=all#table" in html
    assert len(rows_of(page_of(reader, campaign, "?rows=all"))) == html.count("data-cell=")


def test_campaign_without_contributions_has_an_empty_map(reader: Client, campaign: Campaign) -> None:
    html = page_of(reader, campaign)
    assert "Nothing with a place was counted." in html
    campaign.area = None
    campaign.save()
    assert "Nothing with a place was counted." in page_of(reader, campaign)


def test_protected_campaign_shows_its_release_and_says_how_people_are_protected(
    reader: Client, released: Release
) -> None:
    html = page_of(reader, released.campaign)
    rows = rows_of(html)
    assert [row[1:] for row in rows] == [["60", "40", "0.64 km²", "93.8"], ["25", "20", "1.28 km²", "19.5"]]
    assert "0.64 km² 93.8 per km²" in rows[0][0]
    assert "CRS3035RES800mN2928000E4160000+CRS3035RES800mN2928800E4160800" in html
    words = words_of(html)
    assert (
        "85 contributions from at least 60 people Where too few people contributed, nothing is shown."
        in words
    )
    assert "contributions of at least 5 different people" in words
    assert "as of Mon 4 May 2026, 18:00" in words
    assert (
        html.count("M", html.index('data-cell="1"'), html.index("</svg>", html.index('data-cell="1"'))) == 2
    )


def test_protected_campaign_knows_no_filter(reader: Client, released: Release) -> None:
    campaign = released.campaign
    plain = page_of(reader, campaign)
    assert "?size=" not in plain
    assert "category=" not in plain
    for query in ("?size=500", "?category=spot", "?rows=all", "?status=pending"):
        assert page_of(reader, campaign, query).replace(query.replace("&", "&amp;"), "") == plain


def test_nothing_changes_between_releases(reader: Client, released: Release) -> None:
    campaign = released.campaign
    pages = ("/", f"/campaigns/{campaign.slug}/", f"/campaigns/{campaign.slug}/heatmap/")
    before = [reader.get(page).content for page in pages]
    contribution = personas.make_contribution(campaign)
    assert [reader.get(page).content for page in pages] == before
    contribution.delete()
    assert [reader.get(page).content for page in pages] == before


def test_before_the_first_release_there_is_no_map(reader: Client, cells_campaign: Campaign) -> None:
    personas.make_contribution(cells_campaign)
    html = page_of(reader, cells_campaign)
    assert "Too few people contributed so far." in html
    assert "data-cell" not in html
    assert "CRS3035" not in html


def test_draft_has_no_public_map_but_its_members_are_told_why(
    reader: Client, draft_campaign: Campaign
) -> None:
    personas.make_contribution(draft_campaign)
    assert reader.get(f"/campaigns/{draft_campaign.slug}/heatmap/").status_code == 404
    member = personas.make_user("member@example.org", draft_campaign, Role.ANALYST)
    html = personas.staff_browser(member).get(f"/campaigns/{draft_campaign.slug}/heatmap/").content.decode()
    assert "data-cell" not in html


def test_numbers_of_protected_campaigns_are_those_of_the_release(reader: Client, released: Release) -> None:
    personas.make_contribution(released.campaign)
    for page in ("/", f"/campaigns/{released.campaign.slug}/"):
        assert "At least 60 people contributed" in words_of(reader.get(page).content.decode())
    home = reader.get("/").content.decode()
    assert "85 contributions" in words_of(home)
    assert 'class="outline__cell heat-' in home


def test_both_kinds_of_campaigns_lead_to_their_map(
    reader: Client, campaign: Campaign, released: Release
) -> None:
    for one in (campaign, released.campaign):
        assert (
            f'href="/campaigns/{one.slug}/heatmap/"' in reader.get(f"/campaigns/{one.slug}/").content.decode()
        )


def test_page_asks_little(
    reader: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _index in range(5):
        personas.make_contribution(campaign)
    with django_assert_max_num_queries(8):
        page_of(reader, campaign)


def test_who_withdraws_is_told_when_areas_follow(
    reader: Client, cells_campaign: Campaign, citizen: Citizen
) -> None:
    own = personas.make_contribution(cells_campaign, by=citizen)
    address = f"/mine/{edit_token(own.pk)}/withdraw/"
    with translation.override("en"):
        following = in_words_day(next_time(ReleaseRhythm.DAILY, timezone.now()))
    words = words_of(reader.get(address).content.decode())
    assert f"Areas follow with the next release, on {following}." in words
    assert "An area vanishes with the next release where fewer than 5 people are left" in words
    Campaign.objects.update(release_rhythm=ReleaseRhythm.BY_HAND)
    words = words_of(reader.get(address).content.decode())
    assert "Areas follow with the next release, which the city makes by hand." in words


def test_who_withdraws_elsewhere_reads_nothing_about_areas(
    reader: Client, campaign: Campaign, citizen: Citizen
) -> None:
    own = personas.make_contribution(campaign, by=citizen)
    assert "next release" not in reader.get(f"/mine/{edit_token(own.pk)}/withdraw/").content.decode()
