"""Plans, news and outcomes in a browser: a proposal from form to reply, a plan on its map, pages judged by axe."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Polygon
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagement.models import Plan, PlanChange, PlanDecision
from mapping.models import Campaign
from tests.browser.judge import Judge
from tests.engagement.making import make_document, make_editor, make_event, make_plan, make_update

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def plan(campaign: Campaign) -> Plan:
    """A plan with everything, open for proposals, whose campaign has news, documents and dates."""
    plan = make_plan(
        title="New square",
        description="It becomes **green**.",
        place=Polygon.from_bbox((7.765, 49.443, 7.770, 49.446)),
        campaign=campaign,
        stage="decided",
        takes_proposals_until=timezone.localdate() + timedelta(days=9),
    )
    PlanDecision.objects.create(plan=plan, decided_on=date(2026, 2, 1), title="Decision 12")
    PlanChange.objects.create(plan=plan, text="It was decided.", stage_before="idea", stage_after="decided")
    make_document(title="Sketch", campaign=campaign)
    make_event(timezone.now() + timedelta(days=5), campaign, title="A walk")
    make_update(campaign, title="A bench stands")
    return plan


def test_citizen_proposes_participation_and_reads_the_reply(visit: type_of_visit, plan: Plan) -> None:
    page = visit("phone")
    judge = Judge(page)
    judge.open("/plans/", ready=".leaflet-container")
    page.get_by_role("link", name="New square").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New square")
    judge.judge("a plan")
    page.get_by_label("Whom should the city ask").fill("Please ask the pupils.")
    page.get_by_role("button", name="Propose participation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your proposal")
    judge.judge("a proposal")
    staff = visit("desktop", user=make_editor())
    at_work = Judge(staff)
    at_work.open("/planning/plans/")
    staff.get_by_role("link", name="Proposals of citizens").click()
    staff.get_by_role("link", name="New square").click()
    staff.get_by_label("Accepted").check()
    staff.get_by_label("Reply of the city").fill("We will.")
    at_work.judge("the form of a reply")
    staff.get_by_role("button", name="Publish the reply").click()
    expect(staff.get_by_text("The reply is public.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("We will.")).to_be_visible()
    page.get_by_role("button", name="Take the proposal back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your proposal is deleted")


def test_pages_about_what_became_of_it_pass_axe(visit: type_of_visit, plan: Plan, campaign: Campaign) -> None:
    judge = Judge(visit("phone"))
    judge.open(f"/campaigns/{campaign.slug}/outcome/")
    judge.open("/outcomes/")
    judge.open(f"/campaigns/{campaign.slug}/updates/")


def test_planner_sees_the_place_on_a_map_and_writes_news(
    visit: type_of_visit, plan: Plan, campaign: Campaign
) -> None:
    page = visit("desktop", user=make_editor(is_superuser=True))
    judge = Judge(page)
    judge.open(f"/planning/plans/{plan.slug}/", ready=".leaflet-pm-toolbar")
    page.get_by_label("Planned period").fill("2027")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    judge.open(f"/planning/{campaign.slug}/updates/new/")
    page.get_by_label("Title").fill("The second bench stands")
    page.get_by_label("Text").fill("Come and sit down.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    judge.judge("news with the form of pictures")
    page.goto(f"/campaigns/{campaign.slug}/updates/")
    expect(page.get_by_role("link", name="The second bench stands")).to_be_visible()


def test_planner_draws_a_point_of_a_new_plan(visit: type_of_visit) -> None:
    """The marker is the site's own: Geoman's is a picture that nobody serves, and an error in the console."""
    page = visit("desktop", user=make_editor())
    page.goto("/planning/plans/new/")
    page.get_by_label("Title").first.fill("New bench")
    page.get_by_role("button", name="Set a point").click()
    stage = page.locator(".geometry-field__map")
    stage.click(position={"x": 300, "y": 150})
    expect(stage.locator(".plain-marker").first).to_be_visible()
    expect(stage.locator("img.leaflet-marker-icon")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    stored = Plan.objects.get()
    assert stored.place is not None
    assert stored.admitted_on == timezone.localdate()
