"""Planners make campaigns from nothing, as the guide describes, and a citizen takes part: actions are counted."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution, District, DistrictLayer, Publication, Response
from tests import personas
from tests.browser.steps import begin, open_campaign, saved, stored_contribution, tap_map
from tests.browser.test_setup_questions import picture
from tests.personas import TOWN_HALL
from tests.voting.making import options_of
from voting.models import Rule, Vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
MOST_ACTIONS = 15
"""From the list of campaigns to a public one: what the issue aims at. Questions and drawn lines come on top."""


@pytest.fixture
def wards(transactional_db: None) -> DistrictLayer:
    """A city of one ward."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    District.objects.create(layer=layer, code="1", name="Centre", geom=personas.area())
    return layer


class Actions:
    """What a planner does, counted: clicks, and fields that are filled in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, role: str, name: str | re.Pattern[str]) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]

    def choose(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("radio", name=re.compile(f"^{name}")).check()

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=False).first.fill(text)
        self.page.keyboard.press("Tab")

    def attach(self, label: str, colour: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).set_input_files(picture(colour))

    def step(self, name: str) -> None:
        """Go to a step of the setup."""
        self.count += 1
        steps = self.page.get_by_role("navigation", name="Steps of the campaign")
        steps.get_by_role("link", name=re.compile(f"^{name}")).click()

    def begin(self, title: str, template: str) -> None:
        """Make the draft."""
        self.page.goto("/planning/")
        self.click("link", "New campaign")
        self.fill("Title", title)
        self.choose(template)
        self.click("button", "Make a draft")
        expect(self.page.get_by_role("navigation", name="Steps of the campaign")).to_be_visible()

    def publish(self) -> None:
        """Fill in whom to write to and the last day, and publish."""
        self.step("Texts and picture")
        self.fill("Contact for questions", "stadt@example.org")
        saved(self.page)
        self.step("Period and phases")
        self.fill("Last day", f"{timezone.localdate().year + 1}-05-31")
        saved(self.page)
        self.step("Check and publish")
        # A preview that is asked for as a draft and answered as a public page is refused by the policy for frames.
        self.page.wait_for_load_state("networkidle")
        self.click("button", "Publish now")
        expect(self.page.get_by_role("heading", name="The campaign is public")).to_be_visible()


@pytest.fixture
def planner(visit: type_of_visit, wards: DistrictLayer) -> Actions:
    """Has never made a campaign."""
    maker = personas.make_user("maker@example.org", may_make_campaigns=True)
    return Actions(visit("desktop", user=maker))


@pytest.mark.parametrize(
    ("title", "template", "publication"),
    [
        ("Angsträume für alle", "Protected places", Publication.CELLS),
        ("Hitzepunkte", "Places", Publication.POINTS),
    ],
)
def test_places_from_nothing_to_the_first_one(
    visit: type_of_visit, planner: Actions, title: str, template: str, publication: str
) -> None:
    planner.begin(title, template)
    planner.choose("The whole city")
    saved(planner.page)
    planner.publish()
    campaign = Campaign.objects.get()
    assert (campaign.publication, campaign.is_draft) == (publication, False)
    citizen = visit("phone")
    open_campaign(citizen, campaign)
    begin(citizen)
    tap_map(citizen, TOWN_HALL)
    citizen.get_by_role("button", name="Continue").click()
    citizen.get_by_label("What would you like to tell us?").fill("Dark and lonely at night")
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(citizen.get_by_role("heading", name="Thank you!")).to_be_visible()
    _stored, geom = stored_contribution()
    assert campaign.area is not None
    assert geom.distance(campaign.area) == 0
    assert planner.count <= MOST_ACTIONS, planner.count


def test_survey_with_pictures_from_nothing_to_the_first_response(
    visit: type_of_visit, planner: Actions
) -> None:
    planner.begin("Ampelfiguren", "Survey")
    page = planner.page
    planner.step("Questions")
    planner.click("link", "Choice of a picture")
    expect(page.locator(".setup--scripted")).to_be_attached()
    planner.fill("Question", "Which figure?")
    for number, (title, colour) in enumerate((("Walker", "red"), ("Emperor", "blue")), 1):
        planner.fill(f"Answer {number}", title)
        planner.fill(f"What the picture shows ({number})", f"A {colour} field")
        planner.attach(f"Picture {number}", colour)
        expect(page.locator(".answer__picture img")).to_have_count(number)
    planner.count += 1
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Add a question")).to_be_visible()
    planner.publish()
    campaign = Campaign.objects.get()
    citizen = visit("phone")
    citizen.goto(f"/campaigns/{campaign.slug}/")
    citizen.get_by_role("link", name="Answer the survey").click()
    expect(citizen.locator("survey-form.is-ready")).to_be_attached()
    citizen.get_by_role("radio", name="Emperor").check()
    citizen.get_by_role("button", name="Send answers").click()
    expect(citizen.get_by_role("heading", name="Thank you!")).to_be_visible()
    [question] = campaign.survey_questions.all()
    assert Response.objects.get().answers == {question.slug: question.options["choices"][1]["value"]}
    # Ten of them write the question with its two pictures.
    assert planner.count == 20


def test_opinions_on_lines_from_nothing_to_the_first_support(visit: type_of_visit, planner: Actions) -> None:
    planner.begin("Fahrradstraßen", "Opinions on lines")
    page = planner.page
    planner.choose("The whole city")
    saved(page)
    planner.step("Categories")
    planner.count += 1
    page.locator("a.button", has_text="Places of the city").click()
    stage = page.locator(".geometry-field__map")
    expect(stage.locator(".leaflet-pm-draw")).to_be_visible()
    planner.count += 4
    page.locator(".leaflet-pm-icon-polyline").click()
    box = stage.bounding_box()
    assert box is not None
    for across, down in ((45, 45), (55, 55), (55, 55)):
        page.mouse.click(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100)
    expect(page.locator(".geometry-field textarea")).not_to_have_value("")
    planner.fill("Name", "North Street")
    planner.count += 1
    page.locator("form.panel button[type=submit]").first.click()
    expect(page.get_by_role("link", name="North Street", exact=True)).to_be_visible()
    planner.step("Questions")
    planner.click("link", re.compile("^Yes or no"))
    expect(page.locator(".setup--scripted")).to_be_attached()
    planner.fill("Question", "Do you live there?")
    planner.count += 1
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Add a question")).to_be_visible()
    planner.publish()
    line = Contribution.objects.select_related("campaign").get()
    assert [one.title for one in line.campaign.survey_questions.all()] == ["Do you live there?"]
    citizen = visit("phone")
    citizen.goto(f"/campaigns/{line.campaign.slug}/contributions/{line.pk}/")
    citizen.get_by_role("button", name=re.compile("^Support")).click()
    expect(citizen.get_by_role("button", name=re.compile("^Support"))).to_be_visible()
    line.refresh_from_db()
    assert (line.title, line.support_count) == ("North Street", 1)
    # Eight of them draw and name the line, four write the question.
    assert planner.count == 23


def put_up(page: Page, title: str, cost: str = "", *, button: str = "Save and put up another one") -> None:
    """Fill in the form of a proposal."""
    page.get_by_label("Title").fill(title)
    if cost:
        page.get_by_label("Cost in euros").fill(cost)
    page.get_by_label("Description").fill(f"What {title} is about.")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(f"“{title}” is saved.")).to_be_visible()


def test_budget_from_nothing_to_the_checklist(
    planner: Actions,
) -> None:
    planner.begin("Bürgerbudget 2027", "Citizens' budget")
    page = planner.page
    planner.step("Votes")
    expect(
        page.get_by_text("The vote “Projekt zur Abstimmung” has no proposals yet.").or_(
            page.get_by_text("The vote “Project to vote on” has no proposals yet.")
        )
    ).to_be_visible()
    page.get_by_role("link", name=re.compile("^Rule and results")).click()
    page.get_by_label("Sum of money in euros").fill("20000")
    expect(page.get_by_label("Points of each person")).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=re.compile("^Proposals")).click()
    page.get_by_role("link", name="Put up a proposal").click()
    put_up(page, "A fountain", "15000")
    put_up(page, "More benches", "8000", button="Save")
    expect(page.get_by_text("The proposals cost 23,000 € together; 20,000 € can be spent.")).to_be_visible()
    page.get_by_role("button", name="Move “More benches” up").click()
    expect(page.locator(".asked__row").first).to_contain_text("More benches")
    planner.step("Check and publish")
    expect(page.get_by_text("has no proposals yet")).to_have_count(0)
    vote = Vote.objects.get()
    assert (vote.rule, vote.budget) == (Rule.BUDGET, 20_000)
    assert [one.cost for one in options_of(vote)] == [15_000, 8_000]
