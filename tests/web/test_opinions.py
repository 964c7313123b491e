"""Support, opposition and balance per line: the order, the map, the file, and where none of it is public."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from accounts.models import Role, User
from mapping.aggregation.opinions import standing
from mapping.filters.contribution_filter import ContributionFilter
from mapping.models import Campaign, Contribution, District, DistrictLayer
from tests import personas
from tests.personas import make_contribution, make_participant, make_support

pytestmark = pytest.mark.django_db

WEST, EAST = "LINESTRING(7.74 49.44, 7.75 49.44)", "LINESTRING(7.78 49.44, 7.79 49.44)"
RESULTS = "/campaigns/fear-spaces/results/"
FILE = f"{RESULTS}opinions.csv"


def judge(contribution: Contribution, support: int, opposition: int) -> Contribution:
    for value, number in ((1, support), (-1, opposition)):
        for _ in range(number):
            make_support(contribution, value)
    return contribution


@pytest.fixture
def lines(campaign: Campaign) -> dict[str, Contribution]:
    """Four judged lines, two of them alike, one judged by nobody, and one that is not public."""
    found = {
        name: judge(make_contribution(campaign, place, category="street", text=name), support, opposition)
        for name, place, support, opposition in (
            ("Worst", WEST, 1, 4),
            ("Best", EAST, 5, 1),
            ("Second", EAST, 2, 0),
            ("Also second", WEST, 4, 2),
        )
    }
    make_contribution(campaign, WEST, category="street", text="Unjudged")
    hidden = make_contribution(campaign, WEST, category="street", text="Hidden", status=personas.PENDING)
    judge(hidden, 9, 0)
    return found


def rows(client: Client, address: str = FILE) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:]


@pytest.mark.usefixtures("lines")
def test_lines_stand_in_order_of_balance_and_ties_share_a_rank(campaign: Campaign) -> None:
    found = standing(campaign, ContributionFilter(), 10)
    assert [(one.rank, one.is_tied, one.text, one.balance, one.people) for one in found.rows] == [
        (1, False, "Best", 4, 6),
        (2, True, "Also second", 2, 6),
        (2, True, "Second", 2, 2),
        (4, False, "Worst", -3, 5),
    ]
    assert (found.number, found.people) == (4, 19)


def test_people_who_judge_several_lines_count_once(campaign: Campaign) -> None:
    one = make_participant(campaign)
    for place in (WEST, EAST):
        make_support(make_contribution(campaign, place, category="street"), by=one)
    found = standing(campaign, ContributionFilter(), 1)
    assert (len(found.rows), found.number, found.people) == (1, 2, 1)


@pytest.mark.usefixtures("lines")
def test_page_has_table_and_map_of_what_is_public(client: Client) -> None:
    page = client.get(RESULTS).content.decode()
    assert page.index("Best") < page.index("Also second") < page.index("Worst")
    assert page.count("gleichauf") == 2
    assert "Hidden" not in page
    assert "Unjudged" not in page
    found = re.search(r'<script id="opinions-features"[^>]*>(.*?)</script>', page)
    assert found is not None
    features = json.loads(found[1])
    assert [(one["rank"], one["balance"], one["isOpposed"]) for one in features] == [
        (1, "+4", False),
        (2, "+2", False),
        (2, "+2", False),
        (4, "−3", True),
    ]
    assert {one["geometry"]["type"] for one in features} == {"LineString"}


@pytest.mark.usefixtures("lines")
def test_file_has_every_line(client: Client) -> None:
    assert [(row[0], row[1], row[3], *row[6:]) for row in rows(client)] == [
        ("1", "nein", "Best", "5", "1", "4", "6"),
        ("2", "ja", "Also second", "4", "2", "2", "6"),
        ("2", "ja", "Second", "2", "0", "2", "2"),
        ("4", "nein", "Worst", "1", "4", "-3", "5"),
    ]


def test_file_holds_no_formulas(campaign: Campaign, client: Client) -> None:
    judge(make_contribution(campaign, WEST, category="street", text='=HYPERLINK("x")'), 1, 0)
    assert rows(client)[0][3].startswith("'=")


@pytest.mark.usefixtures("lines")
def test_district_and_category_narrow_the_order(campaign: Campaign, client: Client) -> None:
    layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    for code, west in (("1", 7.73), ("2", 7.77)):
        area = MultiPolygon(Polygon.from_bbox((west, 49.43, west + 0.03, 49.45)), srid=4326)
        District.objects.create(layer=layer, code=code, name=f"Quarter {code}", geom=area)
    campaign.district_layer = layer
    campaign.save()
    assert [(row[0], row[3], row[5]) for row in rows(client, f"{FILE}?district=1")] == [
        ("1", "Also second", "Quarter 1"),
        ("2", "Worst", "Quarter 1"),
    ]
    assert rows(client, f"{FILE}?category=spot") == []
    assert len(rows(client, f"{FILE}?district=nowhere")) == 4
    page = client.get(f"{RESULTS}?district=1").content.decode()
    assert f"{FILE}?district=1" in page
    assert '<option value="1" selected>' in page


@pytest.mark.parametrize("fields", [{"publication": "cells"}, {"is_draft": True}])
def test_protected_campaigns_and_drafts_show_no_opinions(fields: dict[str, Any]) -> None:
    campaign = personas.make_campaign("night", **fields)
    judge(make_contribution(campaign, WEST, category="street", text="Secret"), 3, 0)
    for address in ("results/", "results/opinions.csv"):
        answer = Client().get(f"/campaigns/night/{address}")
        assert answer.status_code == 404
        assert "Secret" not in answer.content.decode()


def test_campaigns_without_opinions_have_no_results(campaign: Campaign, client: Client) -> None:
    make_contribution(campaign, WEST, category="street")
    assert client.get(RESULTS).status_code == 404
    assert client.get(FILE).status_code == 404
    assert RESULTS not in client.get(f"/campaigns/{campaign.slug}/").content.decode()


@pytest.mark.parametrize(("opposition", "columns"), [(0, 3), (1, 6)])
def test_opposition_is_named_where_it_is_allowed_or_was_given(opposition: int, columns: int) -> None:
    campaign = personas.make_campaign("trees", allows_opposition=False)
    judge(make_contribution(campaign, WEST, category="street", text="Oak"), 3, opposition)
    page = Client().get("/campaigns/trees/results/").content.decode()
    section = page[page.index('id="opinions"') : page.index("</section>", page.index('id="opinions"'))]
    assert section.count('scope="col"') == columns
    assert ("Gegenstimmen" in section) is ("Saldo" in section) is bool(opposition)


@pytest.mark.usefixtures("lines")
def test_campaigns_page_leads_to_the_results(campaign: Campaign, client: Client) -> None:
    assert RESULTS in client.get(f"/campaigns/{campaign.slug}/").content.decode()


def test_staff_see_opinions_of_protected_campaigns(caplog: pytest.LogCaptureFixture) -> None:
    campaign = personas.make_campaign("night", publication="cells")
    judge(make_contribution(campaign, WEST, category="street", text="Secret"), 3, 1)
    users: dict[str, User] = {
        role: personas.make_user(f"{role}@example.org", campaign, role)
        for role in (Role.ANALYST, Role.MODERATOR)
    }
    analyst = personas.staff_browser(users[Role.ANALYST])
    assert "Secret" in analyst.get("/planning/night/numbers/").content.decode()
    with caplog.at_level("INFO", logger="geoparticipation.access"):
        assert rows(analyst, "/planning/night/numbers/opinions.csv")[0][3] == "Secret"
    assert "view=opinions" in caplog.text
    moderator = personas.staff_browser(users[Role.MODERATOR])
    assert moderator.get("/planning/night/numbers/opinions.csv").status_code == 403
    assert Client().get("/planning/night/numbers/opinions.csv").status_code == 302


def test_number_of_queries_does_not_grow(
    campaign: Campaign, client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        judge(make_contribution(campaign, WEST, category="street", text=str(number)), 1, number % 3)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(RESULTS)
