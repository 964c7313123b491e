"""The list of a campaign's page: sorted, searched, filtered, turned page by page, without JavaScript."""

import html
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, District, DistrictLayer, Reply
from tests import personas
from tests.personas import STATION, TOWN_HALL, make_comment, make_contribution, make_support
from tests.web.test_campaign_page import listed, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def ideas(campaign: Campaign, manager: User) -> Campaign:
    """Seven ideas: the first is supported most, the second discussed most, the third is answered."""
    made = [make_contribution(campaign, text=f"Idea {number}", footprint=False) for number in range(7)]
    for _time in range(2):
        make_support(made[0])
        make_comment(made[1])
    make_support(made[1])
    make_support(made[2], -1)
    make_comment(made[0])
    for number, status in ((2, "under_review"), (2, "planned"), (3, "done")):
        Reply.objects.create(contribution=made[number], author=manager, status=status, text="Soon.")
    return campaign


def links_of(page: str) -> list[str]:
    """The queries of all links that stay on the page."""
    return [html.unescape(found) for found in re.findall(r'href="(\?[^"]*)"', page)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [6, 5, 4, 3, 2, 1, 0]),
        ("ordering=new", [6, 5, 4, 3, 2, 1, 0]),
        ("ordering=supported", [0, 1, 6, 5, 4, 3, 2]),
        ("ordering=discussed", [1, 0, 6, 5, 4, 3, 2]),
        ("ordering=unanswered", [6, 5, 4, 1, 0, 3, 2]),
        ("ordering=loudest", [6, 5, 4, 3, 2, 1, 0]),
        ("reply=planned", [2]),
        ("reply=none", [6, 5, 4, 1, 0]),
        ("reply=none&ordering=supported", [0, 1, 6, 5, 4]),
        ("reply=someday", [6, 5, 4, 3, 2, 1, 0]),
        ("q=idea+3", [3]),
        ("q=IDEA", [6, 5, 4, 3, 2, 1, 0]),
        ("q=3&reply=planned", []),
        ("status=pending", [6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_the_list_is_sorted_searched_and_filtered(
    reader: Client, ideas: Campaign, query: str, numbers: list[int]
) -> None:
    make_contribution(ideas, text="Idea 9, hidden", status=ContributionStatus.PENDING)
    page = page_of(reader, ideas, f"?{query}")
    assert listed(page) == [f"Idea {number}" for number in numbers]
    assert f'data-matched="{len(numbers)}"' in page


def test_the_list_is_filtered_by_district(reader: Client, ideas: Campaign) -> None:
    west, south = STATION
    square = Polygon.from_bbox((west - 0.001, south - 0.001, west + 0.001, south + 0.001))
    layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    District.objects.create(
        layer=layer, code="1", name="At the station", geom=MultiPolygon(square, srid=4326)
    )
    District.objects.create(layer=layer, code="2", name="Empty", geom=MultiPolygon(_far(), srid=4326))
    ideas.district_layer = layer
    ideas.save()
    make_contribution(ideas, STATION, text="A bench")
    page = page_of(reader, ideas, "?district=1")
    assert listed(page) == ["A bench"]
    assert re.search(r'<option value="1" selected>\s*At the station', page)
    assert len(listed(page_of(reader, ideas, "?district=99"))) == 8


def _far() -> Polygon:
    return Polygon.from_bbox((9.0, 50.0, 9.1, 50.1))


@pytest.mark.parametrize("ordering", ["new", "supported", "discussed", "unanswered"])
def test_pages_in_every_order_follow_each_other_without_gap_or_repetition(
    reader: Client, campaign: Campaign, ordering: str
) -> None:
    for index in range(45):
        make_contribution(campaign, footprint=False, text=f"Spot {index}")
    Contribution.objects.update(created_at=personas.EPOCH)
    for index, stored in enumerate(Contribution.objects.order_by("pk")):
        Contribution.objects.filter(pk=stored.pk).update(support_count=index % 4, comment_count=index % 3)
        if index % 2:
            Reply.objects.create(contribution=stored, status="planned", text="Soon.")
    seen: list[str] = []
    query = f"?q=spot&ordering={ordering}"
    while query:
        page = page_of(reader, campaign, query)
        seen += listed(page)
        more = re.search(r'href="(\?[^"]*)#list" data-more', page)
        query = html.unescape(more[1]) if more else ""
        assert not query or "q=spot" in query
    assert len(seen) == len(set(seen)) == 45


def test_every_link_of_the_list_keeps_its_state(reader: Client, ideas: Campaign) -> None:
    page = page_of(reader, ideas, "?category=spot&q=idea&reply=none&ordering=discussed")
    chips = [link for link in links_of(page) if "category=" in link]
    assert chips
    assert all("q=idea" in link and "reply=none" in link for link in chips)
    assert all("ordering=discussed" in link for link in chips)
    tools = page[page.index("data-list-tools") :]
    assert '<input type="hidden" name="category" value="spot">' in tools


def test_a_cursor_of_another_order_begins_anew(reader: Client, campaign: Campaign) -> None:
    for index in range(25):
        make_contribution(campaign, footprint=False, text=f"Spot {index}")
    more = re.search(r"after=([^&\"#]+)#list", page_of(reader, campaign, "?ordering=supported"))
    assert more is not None
    assert listed(page_of(reader, campaign, f"?after={more[1]}"))[0] == "Spot 24"


def test_few_contributions_need_no_tools(reader: Client, campaign: Campaign) -> None:
    for index in range(5):
        make_contribution(campaign, footprint=False, text=f"Spot {index}")
    assert "data-list-tools" not in page_of(reader, campaign)
    assert "data-list-tools" in page_of(reader, campaign, "?q=nothing")
    make_contribution(campaign, footprint=False)
    assert "data-list-tools" in page_of(reader, campaign)


def test_searched_words_are_never_html(reader: Client, campaign: Campaign) -> None:
    page = page_of(reader, campaign, "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%00")
    assert "<script>alert" not in page
    assert "Nothing in this selection yet." in page


def test_sorting_and_filtering_takes_a_constant_number_of_queries(
    reader: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _index in range(25):
        stored = make_contribution(campaign, TOWN_HALL, footprint=False)
        Reply.objects.create(contribution=stored, status="planned", text="Soon.")
    with django_assert_max_num_queries(19):
        page_of(reader, campaign, "?ordering=unanswered&reply=planned&q=a")
