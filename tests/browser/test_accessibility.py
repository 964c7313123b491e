"""axe-core on every page and in every state of a page: WCAG 2.0 to 2.2, levels A and AA, and axe's best practices.

Each state is judged whole in light colours and for contrast once more in dark ones, on a phone and at a desk.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.fixtures import Settings

from doors import guesses, passwords, visitors
from doors.levels import Counter
from doors.models import LogInDoor
from mapping.models import Campaign, City, Reply, ReplyStatus
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.browser.judge import Judge
from tests.browser.steps import begin
from tests.personas import Citizen
from tests.surveys.every_kind import make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def topics(everything: Campaign) -> Campaign:
    """An open campaign with everything in it."""
    return everything


def ready(page: Page) -> Locator:
    """The map stands, and what lies on it."""
    found = page.locator("campaign-page.is-ready")
    expect(found).to_be_attached()
    return found


def test_pages_about_the_whole_site(visit: type_of_visit, device: str, topics: Campaign) -> None:
    personas.make_upcoming(title="Next year")
    personas.make_closed(title="Last year", outcome="Twelve lamps.")
    page = visit(device)
    page.watch.allow("status of 404")  # type: ignore[attr-defined]
    judge = Judge(page)
    for path in (
        "/",
        "/campaigns/",
        "/search/?q=fear",
        "/search/?q=nothing",
        "/help/",
        "/privacy/",
        "/privacy/versions/",
        "/imprint/",
    ):
        judge.open(path)
    for path in (
        "/accessibility/",
        "/accessibility/report/",
        "/accessibility/report/sent/",
        "/search/",
        "/accounts/login/",
        "/no/such/page/",
        "/mine/x/",
        "/mine/",
        "/mine/delete/",
        "/api/v1/docs/",
    ):
        judge.open(path)
    page.goto("/mine/delete/")
    page.get_by_role("button", name="Forget it in this browser").click()
    judge.judge("forgotten in this browser")
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.locator("input[type=password]").fill("wrong")
    page.locator("main .button--primary").click()
    judge.judge("/accounts/login/ after a wrong password")
    assert not judge.found, "\n".join(judge.found)


def test_report_of_a_barrier(
    visit: type_of_visit, device: str, transactional_db: None, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    City.objects.create(mail="city@example.org", name="Model City")
    page = visit(device, language="")
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open("/accessibility/report/")
    page.locator("[name=text]").fill(" ")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("a report with a mistake")
    assert not judge.found, "\n".join(judge.found)


def test_pages_that_ask_for_patience(visit: type_of_visit, device: str, topics: Campaign) -> None:
    page = visit(device)
    page.watch.allow("status of 429")  # type: ignore[attr-defined]
    for limit in (visitors.SEARCH.limit, guesses.LIMITS[LogInDoor.PRIVATE_LINK], passwords.NETWORK):
        door = (LogInDoor.PASSWORD.value,) if limit is passwords.NETWORK else ()
        counter = Counter(limit, (*door, bytes([ord("4"), 127, 0, 0])))
        counter.take(timezone.now() + timedelta(seconds=limit.most * limit.every, minutes=5))
    judge = Judge(page)
    for path in ("/search/?q=topics", "/mine/x/"):
        judge.open(path)
        expect(page.get_by_text("Please wait")).to_be_visible()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.locator("input[type=password]").fill("wrong")
    page.locator("main .button--primary").click()
    expect(page.get_by_text("Please wait")).to_be_visible()
    judge.judge("/accounts/login/ refused")
    assert not judge.found, "\n".join(judge.found)


def test_campaigns_of_every_kind(visit: type_of_visit, device: str, transactional_db: None) -> None:
    judge = Judge(page := visit(device))
    ideas = personas.make_campaign("ideas", title="Ideas")
    ideas.categories.exclude(slug="idea").delete()
    personas.make_contribution(ideas, None, category="idea", text="A market in the evening")
    for number in range(6):
        personas.make_contribution(ideas, None, category="idea", text=f"Idea {number}")
    closed = personas.make_closed(outcome="Twelve lamps were built.")
    Reply.objects.create(
        contribution=personas.make_contribution(closed), status=ReplyStatus.DONE, text="It shines since May."
    )
    cells = personas.make_campaign("night-routes", publication="cells")
    judge.open(f"/mine/{edit_token(personas.make_contribution(cells).pk)}/thanks/", "of a protected campaign")
    upcoming = personas.make_upcoming()
    for campaign, views in (
        (cells, ("", "#list")),
        (upcoming, ("", "contribute/")),
        (closed, ("", "#list", "contribute/")),
        (ideas, ("", "contribute/")),
    ):
        for view in views:
            page.goto("about:blank")  # another fragment alone would load nothing
            judge.open(
                f"/campaigns/{campaign.slug}/{view}",
                ready="h1" if view == "contribute/" else "campaign-page.is-ready",
            )
    page.goto(f"/campaigns/{ideas.slug}/")
    ready(page)
    page.get_by_role("link", name="Share an idea").click()
    judge.judge("sharing an idea")
    assert not judge.found, "\n".join(judge.found)


def test_taking_part_on_the_map(
    visit: type_of_visit, device: str, topics: Campaign, citizen: Citizen
) -> None:
    page = visit(device, citizen=citizen)
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    judge = Judge(page)
    page.goto(f"/campaigns/{topics.slug}/")
    ready(page)
    judge.judge("map")
    for view in ("List", "About"):
        page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=view).click()
        judge.judge(view)
    shown = topics.contributions.get(category__slug="survey")
    page.goto(f"/campaigns/{topics.slug}/?category=survey#c-{shown.pk}")
    ready(page)
    expect(page.get_by_role("article")).to_contain_text("A bench in the shade")
    judge.judge("a contribution")

    page.goto(f"/campaigns/{topics.slug}/")
    ready(page)
    begin(page)
    judge.judge("choosing the topic")
    page.get_by_role("button", name="Street").click()
    page.get_by_role("button", name="Point here").click()
    page.locator("#map").press("ArrowRight")
    page.get_by_role("button", name="Point here").click()
    judge.judge("drawing a line")
    page.get_by_role("button", name="Finish drawing").click()
    judge.judge("line drawn")
    page.get_by_role("button", name="Cancel").click()
    begin(page)
    page.get_by_role("button", name="Survey").click()
    page.get_by_role("combobox", name="Search for a street or a place").fill("pariser")
    expect(page.get_by_role("option", name="Pariser Straße")).to_be_visible()
    judge.judge("searching a place")
    page.get_by_role("option", name="Pariser Straße").click()
    judge.judge("place chosen")
    page.get_by_role("button", name="Continue").click()
    judge.judge("form")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("p.field__error", has_text="Please fill in this field.")).to_be_visible()
    judge.judge("form with a mistake")
    page.get_by_role("group", name="Yes or no").get_by_label("Yes").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    judge.judge("thanks")
    page.get_by_role("link", name="Back to the map").click()
    judge.judge("one's own on the map")
    assert not judge.found, "\n".join(judge.found)


def test_taking_part_by_plain_forms_and_coming_back(
    visit: type_of_visit, device: str, topics: Campaign, citizen: Citizen
) -> None:
    page = visit(device, citizen=citizen)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    form = f"/campaigns/{topics.slug}/contribute/"
    for query in ("", "?category=survey", "?category=anything"):
        judge.open(form + query)
    page.get_by_label("Search for a street or a place").fill("Pariser")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("button", name="Pariser Straße")).to_be_visible()
    judge.judge("plain form with places found")
    page.goto(f"{form}?category=survey")
    page.get_by_role("button", name="Send").click()
    judge.judge("plain form with mistakes")
    for one in topics.contributions.filter(participant=citizen.participant(topics)):
        judge.open(f"/campaigns/{topics.slug}/contributions/{one.pk}/", one.status)
        judge.open(f"/mine/{edit_token(one.pk)}/", one.status)
        judge.open(f"/mine/{edit_token(one.pk)}/thanks/", one.status)
    judge.open(f"/mine/{edit_token(one.pk)}/withdraw/")
    for room in ("", "delete/"):
        judge.open(f"/mine/{room}", "with a cookie")
    page.goto(f"/mine/{edit_token(one.pk)}/")
    page.get_by_text("Move the place").click()
    expect(page.locator("place-editor.is-ready")).to_be_visible()
    page.get_by_text("Open it on another device").click()
    judge.judge("correcting a place")
    stranger = topics.contributions.get(category__slug="street")
    judge.open(f"/campaigns/{topics.slug}/contributions/{stranger.pk}/", ready=".leaflet-container")
    shown = topics.contributions.get(category__slug="survey")
    page_of = f"/campaigns/{topics.slug}/contributions/{shown.pk}/"
    page.goto(page_of)
    page.get_by_text("Answer this comment").click()
    page.get_by_text("Share the link").click()
    judge.judge("answering a comment")
    judge.open(f"/campaigns/{topics.slug}/kiosk/")
    for query in ("", "?cookies=blocked"):
        judge.open(f"/campaigns/{topics.slug}/embed/{query}", ready="campaign-page.is-ready")
    judge.open(f"{page_of}report/")
    page.get_by_label("Another reason").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Please explain what is wrong with it.")).to_be_visible()
    judge.judge("a report without explanation")
    page.goto(f"/campaigns/{topics.slug}/contributions/{stranger.pk}/")
    page.get_by_label("Your comment").fill("In the shade, if possible")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("Yours, waiting for review")).to_be_visible()
    judge.judge("comment sent")
    assert not judge.found, "\n".join(judge.found)


def test_surveys(visit: type_of_visit, device: str, transactional_db: None, citizen: Citizen) -> None:
    campaign = personas.make_campaign("figures", title="Traffic lights", with_categories=False)
    make_survey(campaign)
    survey = f"/campaigns/{campaign.slug}/survey/"
    page = visit(device, citizen=citizen)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/campaigns/{campaign.slug}/", ready="campaign-page.is-ready")
    judge.open(survey, ready="survey-form.is-ready")
    forward = page.get_by_role("button", name="Next", exact=True)
    forward.click()
    judge.judge("a required question is open")
    page.get_by_label("Anderes", exact=True).check()
    step = 0
    while forward.is_visible():
        if (ranked := page.get_by_role("button", name="Rank next: Lamps")).is_visible():
            ranked.click()
        forward.click()
        if page.get_by_label("How old are you?").is_visible():
            page.get_by_label("How old are you?").fill("old")
        step += 1
        judge.judge(f"step {step}")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("alert").get_by_role("link", name="How old are you?")).to_be_visible()
    judge.judge("refused by the server")
    stored = respond(campaign, Sheet({"colour": "red"}), citizen.secret).response
    for room in ("", "thanks/", "change/", "withdraw/"):
        judge.open(f"/response/{edit_token(stored.pk)}/{room}")
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now())
    judge.open(survey, "after the end")
    judge.open(f"/response/{edit_token(stored.pk)}/", "after the end")
    assert not judge.found, "\n".join(judge.found)
