"""Surveys as people answer them: on a phone, by the keyboard alone, without JavaScript, with a bad connection."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from mapping.models import Campaign, Publication, Response
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.browser.steps import tab_to
from tests.personas import Citizen
from tests.surveys.every_kind import make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def survey(transactional_db: None) -> Campaign:
    """A campaign whose only content is a survey."""
    campaign = personas.make_campaign("figures", title="Traffic lights", with_categories=False)
    make_survey(campaign)
    return campaign


def open_survey(page: Page, campaign: Campaign) -> None:
    page.goto(f"/campaigns/{campaign.slug}/survey/")
    expect(page.locator("survey-form.is-ready")).to_be_attached()


def forward(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).click()


def shows(page: Page, title: str, progress: str) -> None:
    """One question is shown, has the focus, and it is said how many there are."""
    expect(page.locator(":focus")).to_contain_text(title)
    expect(page.locator("[data-progress-words]")).to_have_text(progress)
    expect(page.locator("[data-step]:visible")).to_have_count(1)


def kept(page: Page, where: str = "localStorage") -> str:
    return str(page.evaluate(f"JSON.stringify({{...{where}}})"))


def test_survey_on_a_phone(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE)
    page.goto(f"/campaigns/{survey.slug}/")
    page.get_by_role("link", name="Answer the survey").click()
    expect(page.locator("survey-form.is-ready")).to_be_attached()
    # The page begins with the note and the first question; a required one is not skipped.
    expect(page.get_by_role("heading", name="The street")).to_be_visible()
    expect(page.locator("[data-progress-words]")).to_have_text("1 of 9")
    forward(page)
    expect(page.locator(".field__error")).to_have_text("Please answer this question.")
    # A condition shows one question more.
    page.get_by_label("Grün").check()
    expect(page.locator("[data-progress-words]")).to_have_text("1 of 10")
    forward(page)
    shows(page, "Why green?", "2 of 10")
    page.get_by_label("Why green?").fill("it is calm")
    forward(page)
    # Pictures are large enough to judge.
    shows(page, "Which figure?", "3 of 10")
    box = page.get_by_role("img", name="A figure, ampelfrau").bounding_box()
    assert box is not None
    assert box["width"] >= 140
    page.get_by_label("Ampelfrau").check()
    forward(page)
    # A ranking is tapped, then mended with buttons.
    shows(page, "What comes first?", "4 of 10")
    for choice in ("Trees", "Lamps"):
        page.get_by_role("button", name=f"Rank next: {choice}").click()
    page.get_by_role("button", name="Move up: Lamps").click()
    expect(page.locator(".ranking__title")).to_have_text(["Lamps", "Trees"])
    forward(page)
    shows(page, "What do you think?", "5 of 10")
    page.get_by_role("group", name="I feel safe there").get_by_label("partly").check()
    # Back by the button and by the browser: one step each, nothing is lost.
    page.get_by_role("button", name="Back", exact=True).click()
    shows(page, "What comes first?", "4 of 10")
    page.go_back()
    shows(page, "Which figure?", "3 of 10")
    expect(page.get_by_label("Ampelfrau")).to_be_checked()
    for _step in range(2):
        forward(page)
    expect(page.get_by_role("group", name="I feel safe there").get_by_label("partly")).to_be_checked()
    for _step in range(3):
        forward(page)
    # The place is chosen on a small map.
    shows(page, "Where do you cross?", "8 of 10")
    page.get_by_role("button", name="Choose the middle of the map").click()
    expect(page.get_by_label("Where do you cross?")).to_have_value(re.compile(r"^7\.\d+, 49\.\d+$"))
    for _step in range(3):
        forward(page)
    expect(page.get_by_role("heading", name="Nearly done")).to_be_visible()
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", name="Thank you! Your answers have arrived.")).to_be_visible()
    stored = Response.objects.get()
    assert stored.answers["wishes"] == ["lamps", "trees"]
    assert stored.answers["judged"] == {"safe": "partly"}
    assert stored.answers["home"]["type"] == "Point"
    assert "survey-draft" not in kept(page)


def test_survey_by_keyboard_alone(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE)
    open_survey(page, survey)
    page.get_by_label("Rot").focus()
    page.keyboard.press("Space")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    # The focus is on the new question: its first answer is one tab away.
    shows(page, "Which figure?", "2 of 9")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    shows(page, "What comes first?", "3 of 9")
    tab_to(page, "Rank next: Benches")
    page.keyboard.press("Enter")
    tab_to(page, "Rank next: Lamps")
    page.keyboard.press("Enter")
    # The new entry has the focus: it moves up at once.
    page.keyboard.press("Enter")
    expect(page.locator(".ranking__title")).to_have_text(["Lamps", "Benches"])
    for _step in range(6):
        tab_to(page, "Next")
        page.keyboard.press("Enter")
    expect(page.get_by_label("Anything else?")).to_be_visible()
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    tab_to(page, "Send answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert Response.objects.get().answers["wishes"] == ["lamps", "benches"]


def test_survey_without_javascript(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE, java_script_enabled=False)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(f"/campaigns/{survey.slug}/survey/")
    expect(page.get_by_text("Only if “Which colour?” is “Grün”.")).to_be_visible()
    page.get_by_label("Grün").check()
    page.get_by_label("Rank 1").select_option("Lamps")
    page.get_by_label("How old are you?").fill("old")
    page.get_by_role("button", name="Send answers").click()
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link", name="Why green?")).to_be_visible()
    summary.get_by_role("link", name="How old are you?").click()
    expect(page.get_by_label("How old are you?")).to_have_value("old")
    page.get_by_label("How old are you?").fill("41")
    page.get_by_label("Why green?").fill("it is calm")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    stored = Response.objects.get()
    assert (stored.answers["wishes"], stored.staff_answers) == (["lamps"], {"age": 41})
    page.get_by_role("link", name="Change answers").click()
    page.get_by_label("Rot").check()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    stored.refresh_from_db()
    assert stored.answers["colour"] == "red"
    page.get_by_role("link", name="Delete answers").click()
    page.get_by_role("button", name="Delete for good").click()
    assert not Response.objects.exists()


def test_sections_at_a_desk(desktop: Page, survey: Campaign) -> None:
    open_survey(desktop, survey)
    expect(desktop.locator("[data-progress-words]")).to_have_text("Part 1 of 3")
    expect(desktop.get_by_text("Which figure?")).to_be_visible()
    expect(desktop.get_by_label("Why green?")).to_be_hidden()
    desktop.get_by_label("Grün").check()
    desktop.get_by_label("Why green?").fill("it is calm")
    forward(desktop)
    expect(desktop.locator("[data-progress-words]")).to_have_text("Part 2 of 3")
    desktop.go_back()
    expect(desktop.locator("[data-progress-words]")).to_have_text("Part 1 of 3")
    expect(desktop.get_by_label("Why green?")).to_have_value("it is calm")


def test_errors_of_the_server_lead_to_their_question(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    open_survey(page, survey)
    page.get_by_label("Rot").check()
    while page.get_by_role("button", name="Next", exact=True).is_visible():
        if page.get_by_label("How old are you?").is_visible():
            page.get_by_label("How old are you?").fill("old")
        forward(page)
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("alert").get_by_role("link", name="How old are you?")).to_be_visible()
    expect(page.get_by_label("How old are you?")).to_have_value("old")
    page.get_by_label("How old are you?").fill("41")
    while page.get_by_role("button", name="Next", exact=True).is_visible():
        forward(page)
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert Response.objects.get().staff_answers == {"age": 41}


def test_lost_connection_loses_nothing_and_stores_nothing_twice(
    visit: type_of_visit, survey: Campaign
) -> None:
    page = visit("desktop")
    page.watch.allow("net::ERR")  # type: ignore[attr-defined]
    open_survey(page, survey)
    page.get_by_label("Rot").check()
    for _step in range(2):
        forward(page)
    page.get_by_label("Anything else?").fill("Keep me")
    lost: list[Request] = []

    def lose(route: Route) -> None:
        # The request arrives, its answer does not.
        lost.append(route.request)
        if len(lost) == 1:
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.fallback()

    page.route(
        re.compile("/survey/$"),
        lambda route: lose(route) if route.request.method == "POST" else route.fallback(),
    )
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_text("The connection failed. Your answers are still here")).to_be_visible()
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert Response.objects.get().answers["words"] == "Keep me"


def test_draft_outlives_the_tab_and_goes_with_sending(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE)
    open_survey(page, survey)
    page.get_by_label("Grün").check()
    forward(page)
    page.get_by_label("Why green?").fill("it is calm")
    context: BrowserContext = page.context
    later = context.new_page()
    open_survey(later, survey)
    expect(later.get_by_text("What you entered before is still here.")).to_be_visible()
    expect(later.get_by_label("Why green?")).to_have_value("it is calm")
    later.get_by_role("button", name="Forget it").click()
    expect(later.locator("[data-progress-words]")).to_have_text("1 of 9")
    expect(later.get_by_label("Grün")).not_to_be_checked()
    assert "survey-draft" not in kept(later)


def test_draft_of_a_protected_campaign_stays_in_its_tab(visit: type_of_visit, survey: Campaign) -> None:
    Campaign.objects.filter(pk=survey.pk).update(publication=Publication.CELLS)
    page = visit("phone", **PHONE)
    open_survey(page, survey)
    page.get_by_label("Grün").check()
    assert "survey-draft" not in kept(page)
    assert "survey-draft" in kept(page, "sessionStorage")


def test_who_answered_before_changes_the_answers(
    visit: type_of_visit, survey: Campaign, citizen: Citizen
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    page = visit("desktop", citizen=citizen)
    open_survey(page, survey)
    expect(page.get_by_role("heading", name="Change your answers")).to_be_visible()
    expect(page.get_by_label("Rot")).to_be_checked()
    page.get_by_label("Anderes", exact=True).check()
    page.get_by_label("In your words: Anderes").fill("violet")
    for _step in range(2):
        forward(page)
    page.get_by_role("button", name="Save changes").click()
    page.get_by_role("link", name="See your answers").click()
    expect(page.get_by_text("Anderes: “violet”")).to_be_visible()
    stored.refresh_from_db()
    assert stored.answers["colour:other"] == "violet"


def test_conditions_work_in_contributions_on_the_map(visit: type_of_visit, transactional_db: None) -> None:
    campaign = personas.make_campaign("topics", title="Topics")
    campaign.categories.exclude(slug="idea").delete()
    idea = campaign.categories.get()
    for position, (slug, kind, show_if) in enumerate(
        (("lives", "yes_no", {}), ("since", "number", {"question": "lives", "is": "true"}))
    ):
        idea.questions.create(slug=slug, title=slug, kind=kind, show_if=show_if, position=position)
    page = visit("phone", **PHONE)
    page.goto(f"/campaigns/{campaign.slug}/")
    page.get_by_role("link", name="Share an idea").click()
    expect(page.get_by_role("group", name="lives")).to_be_visible()
    expect(page.get_by_label("since")).to_be_hidden()
    page.get_by_label("Yes").check()
    page.get_by_label("since").fill("3")
    page.get_by_label("What would you like to tell us?").fill("A market")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert campaign.contributions.get().answers == {"lives": True, "since": 3}


def test_network_that_hangs_is_told_and_the_answers_stay(desktop: Page, survey: Campaign) -> None:
    desktop.clock.install()
    open_survey(desktop, survey)
    desktop.get_by_label("Rot").check()
    for _step in range(2):
        forward(desktop)
    desktop.get_by_label("Anything else?").fill("Keep me")
    held: list[Route] = []

    def hang(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.fallback()

    desktop.watch.allow("net::ERR")  # type: ignore[attr-defined]
    desktop.route(re.compile("/survey/$"), hang)
    with desktop.expect_request(lambda one: one.method == "POST"):
        desktop.get_by_role("button", name="Send answers").click()
    expect(desktop.get_by_role("button", name="Send answers")).to_be_disabled()
    desktop.clock.fast_forward(9_000)
    expect(desktop.locator("[data-said]")).to_have_text(
        "This takes longer than usual. Please leave this page open."
    )
    desktop.clock.fast_forward(25_000)
    expect(desktop.get_by_text("The connection failed. Your answers are still here")).to_be_visible()
    desktop.unroute_all()
    desktop.get_by_role("button", name="Send answers").click()
    expect(desktop.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert Response.objects.get().answers["words"] == "Keep me"


def test_device_without_room_for_a_draft_is_told(visit: type_of_visit, survey: Campaign) -> None:
    page = visit("phone", **PHONE)
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    open_survey(page, survey)
    page.get_by_label("Grün").check()
    expect(page.get_by_text("This device has no room for a draft").last).to_be_visible()
    expect(page.get_by_text("kept on this device, for 14 days")).to_be_hidden()
