"""The list of plans and the page of a plan, as everybody reads them."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from engagement.models import Expected, Plan, PlanChange, PlanDecision, Stage, Topic
from engagement.services.plans.proposals import answer, propose, token_of
from mapping.base_map import ground_source
from mapping.models import Campaign, District, DistrictLayer
from mapping.services.identity import new_secret
from tests import personas
from tests.engagement.making import make_document, make_editor, make_plan
from tests.personas import staff_browser


@pytest.fixture
def browser(db: None) -> Client:
    return english(Client())


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def open_for_proposals(**fields: object) -> Plan:
    return make_plan(takes_proposals_until=timezone.localdate() + timedelta(days=7), **fields)


def test_list_has_public_plans_only(browser: Client) -> None:
    make_plan(title="A new square", summary="With trees.", stage=Stage.PLANNING)
    make_plan(title="A secret", is_draft=True)
    page = text(browser, "/plans/")
    assert "A new square" in page
    assert "In planning" in page
    assert "1 plan" in page
    assert "A secret" not in page


def test_list_is_filtered(browser: Client) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    north = District.objects.create(layer=layer, code="1", name="North", geom=personas.area())
    make_plan(title="Square", stage=Stage.IDEA, topic=Topic.CENTRE, district=north)
    make_plan(title="Bridge", stage=Stage.DONE, topic=Topic.MOBILITY, expected=Expected.FORMAL)
    for query, kept, left_out in (
        ("stage=idea", "Square", "Bridge"),
        ("topic=mobility", "Bridge", "Square"),
        (f"district={north.pk}", "Square", "Bridge"),
        ("expected=formal", "Bridge", "Square"),
        ("q=bri", "Bridge", "Square"),
    ):
        page = text(browser, f"/plans/?{query}")
        assert kept in page
        assert left_out not in page
    assert "No plan fits" in text(browser, "/plans/?stage=idea&topic=mobility")


@pytest.mark.parametrize(
    "query", ["stage=maybe", "topic=x", "district=x", "district=999", "expected=%00", "q=%00"]
)
def test_filters_that_do_not_exist_are_refused_at_their_field(browser: Client, query: str) -> None:
    make_plan(title="Square")
    page = text(browser, f"/plans/?{query}", 422)
    assert "field--wrong" in page
    assert "Square" in page


def test_list_goes_on_on_further_pages(browser: Client) -> None:
    for number in range(45):
        make_plan(title=f"Plan number {number}", admitted_on=date(2026, 1, 1) + timedelta(days=number))
    page = text(browser, "/plans/?topic=other")
    assert 'href="?topic=other&amp;page=2"' in page
    assert "Plan number 44" in page
    assert "Plan number 4<" not in page
    assert "Plan number 4<" in text(browser, "/plans/?topic=other&page=2")


def test_number_of_queries_is_the_same_however_many_plans_there_are(
    browser: Client, campaign: Campaign
) -> None:
    def queries(number: int) -> int:
        for _plan in range(number):
            make_plan(place=Point(7.77, 49.44, srid=4326), campaign=campaign)
        with CaptureQueriesContext(connection) as counted:
            browser.get("/plans/")
        return len(counted)

    ground_source()  # is kept for a while by the first map
    browser.get("/plans/")
    assert queries(1) == queries(30)


def test_page_has_everything_that_lists_of_plans_have(browser: Client, campaign: Campaign) -> None:
    plan = make_plan(
        title="Neue Mitte",
        description="It becomes **green**.",
        place=Point(7.77, 49.44, srid=4326),
        place_name="Pfaffplatz",
        affected="Everybody who lives there",
        costs_euros=1_250_000,
        begins="2027 to 2028",
        next_steps="- first a sketch",
        responsible="Department of building",
        contact="bau@example.org",
        campaign=campaign,
        expected=Expected.NONE,
        reason_without="It is too small.",
        admitted_on=date(2026, 3, 2),
    )
    PlanDecision.objects.create(
        plan=plan, decided_on=date(2026, 2, 1), title="Decision 12", link="https://council.example.org/12"
    )
    PlanChange.objects.create(plan=plan, text="It was decided.", stage_before="idea", stage_after="decided")
    make_document(title="Sketch", plan=plan)
    make_document(title="Secret sketch", plan=plan, is_draft=True)
    page = text(browser, f"/plans/{plan.slug}/")
    for words in (
        *("<strong>green</strong>", "Pfaffplatz", "Everybody who lives there", "1,250,000 €", "2027 to 2028"),
        *("first a sketch", "Department of building", "It is too small.", "Mon 2 March 2026"),
        *(
            'href="https://council.example.org/12"',
            "It was decided.",
            ">Sketch<",
            f"/campaigns/{campaign.slug}/",
        ),
    ):
        assert words in page, words
    assert "Secret sketch" not in page


def test_drafts_are_for_those_who_edit_plans(browser: Client, editor: User) -> None:
    plan = make_plan(is_draft=True)
    address = f"/plans/{plan.slug}/"
    assert browser.get(address).status_code == 404
    assert browser.get("/plans/nothing/").status_code == 404
    assert "This plan is a draft" in text(english(staff_browser(editor)), address)


def test_plan_of_a_draft_campaign_does_not_name_it(browser: Client, draft_campaign: Campaign) -> None:
    plan = make_plan(campaign=draft_campaign)
    assert draft_campaign.title not in text(browser, f"/plans/{plan.slug}/")


def test_citizen_proposes_participation_without_account(browser: Client) -> None:
    plan = open_for_proposals()
    address = f"/plans/{plan.slug}/"
    assert "visitor" not in browser.cookies
    assert "Propose participation" in text(browser, address)
    response = browser.post(f"{address}propose/", {"text": "Please ask the pupils."})
    assert response.status_code == 303
    made = plan.proposals.get()
    mine = response.headers["Location"]
    assert mine == f"/proposal/{token_of(made)}/"
    page = text(browser, mine)
    assert "Please ask the pupils." in page
    assert "Please ask the pupils." not in text(Client(), address)
    again = browser.post(f"{address}propose/", {"text": "Another one."})
    assert again.status_code == 403
    assert "already proposed" in again.content.decode()
    assert browser.post(mine).status_code == 200
    assert not plan.proposals.exists()
    assert browser.get(mine).status_code == 404


def test_wrong_proposal_stays_in_the_form(browser: Client) -> None:
    plan = open_for_proposals()
    response = browser.post(f"/plans/{plan.slug}/propose/", {"text": "long " * 1000})
    assert response.status_code == 422
    page = response.content.decode()
    assert "This is too long" in page
    assert "long long" in page
    assert browser.post(f"/plans/{plan.slug}/propose/", {}).status_code == 422


def test_nothing_is_proposed_for_plans_that_take_no_proposals(browser: Client) -> None:
    plan = make_plan()
    assert "Propose participation" not in text(browser, f"/plans/{plan.slug}/")
    assert browser.post(f"/plans/{plan.slug}/propose/", {"text": "x"}).status_code == 403
    draft = open_for_proposals(is_draft=True)
    assert browser.post(f"/plans/{draft.slug}/propose/", {"text": "x"}).status_code == 404


def test_reply_and_proposal_are_public_together(browser: Client, editor: User) -> None:
    plan = open_for_proposals()
    answer(propose(plan, "Ask the pupils.", new_secret()), editor, "declined", "There are none.")
    page = text(browser, f"/plans/{plan.slug}/")
    assert "Ask the pupils." in page
    assert "There are none." in page
    assert "Declined" in page


def test_downloads_have_what_the_list_has(browser: Client) -> None:
    area = Polygon(((7.7, 49.4), (7.8, 49.4), (7.8, 49.5), (7.7, 49.4)), srid=4326)
    make_plan(title="=cmd", place=area, topic=Topic.GREEN)
    make_plan(title="Bridge", topic=Topic.MOBILITY)
    make_plan(title="Secret", is_draft=True)
    rows = list(csv.DictReader(io.StringIO(browser.get("/plans.csv").content.decode("utf-8-sig"))))
    assert {one["title"] for one in rows} == {"'=cmd", "Bridge"}
    assert {one["lon"][:3] for one in rows} == {"7.7", ""}
    found = json.loads(browser.get("/plans.geojson?topic=green").content)
    assert [one["properties"]["title"] for one in found["features"]] == ["=cmd"]
    assert found["features"][0]["geometry"]["type"] == "Polygon"


def test_home_page_shows_the_newest_plans_and_finds_them(browser: Client) -> None:
    for number in range(6):
        make_plan(title=f"Plan {number} of the bridge", admitted_on=date(2026, 1, 1 + number))
    make_plan(title="Secret bridge", is_draft=True)
    page = text(browser, "/")
    assert "Plan 5 of the bridge" in page
    assert "Plan 1 of the bridge" not in page
    found = text(browser, "/search/?q=bridge")
    assert "Plan 0 of the <mark>bridge</mark>" in found
    assert "Secret" not in found
