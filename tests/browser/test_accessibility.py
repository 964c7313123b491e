"""axe-core on every page and in every state of a page: WCAG 2.0 to 2.2, levels A and AA, and axe's best practices.

Each state is judged whole in light colours and for contrast once more in dark ones, on a phone and at a desk.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.utils import timezone, translation
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Locator, Page, expect
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from doors import guesses, passwords, visitors
from doors.levels import Counter
from doors.models import LogInDoor
from mapping.demo.pictures import draw
from mapping.models import Address, Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.background import work
from tests.browser.judge import Judge
from tests.personas import GOOD_ANSWERS, PENDING, REJECTED, STATION, UNIVERSITY, Citizen
from tests.surveys.every_kind import make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def topics(transactional_db: None, citizen: Citizen) -> Campaign:
    """An open campaign with everything in it."""
    with translation.override("en"):  # the questions are titled with translated words
        campaign = personas.make_campaign(
            "topics", title="All topics", summary="What it is about.", contact="stadt@example.org"
        )
    shown = personas.make_contribution(
        campaign, category="survey", answers=GOOD_ANSWERS, text="A bench in the shade, please.", by=citizen
    )
    for number in range(2):
        data = ContentFile(draw_picture(number), name=f"{number}.jpg")
        shown.photos.create(file=data, width=960, height=720, digest=bytes([number]), position=number)
    personas.make_comment(shown, "Good idea.")
    personas.make_support(shown)
    Reply.objects.create(contribution=shown, status=ReplyStatus.PLANNED, text="It comes in May.")
    personas.make_contribution(campaign, STATION, text="Waiting", status=PENDING, by=citizen)
    personas.make_contribution(campaign, UNIVERSITY, text="Refused", status=REJECTED, by=citizen)
    for category, place in (
        ("street", "LINESTRING(7.75 49.44, 7.78 49.45)"),
        ("meadow", "POLYGON((7.74 49.43, 7.75 49.43, 7.75 49.44, 7.74 49.43))"),
        ("idea", None),
    ):
        personas.make_contribution(campaign, place, category=category)
    Address.objects.create(name="Pariser Straße", kind="street", geom=Point(*STATION, srid=4326))
    return campaign


def draw_picture(seed: int) -> bytes:
    from random import Random

    return draw(Random(seed))  # noqa: S311 - a picture, no secret


@pytest.fixture(params=["phone", "desktop"])
def device(request: pytest.FixtureRequest) -> str:
    """Each page is judged twice."""
    return str(request.param)


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
    for path in ("/", "/?q=topics", "/?q=nothing", "/help/", "/privacy/", "/accessibility/", "/imprint/"):
        judge.open(path)
    for path in ("/accounts/login/", "/no/such/page/", "/mine/x/", "/api/v1/docs/"):
        judge.open(path)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.locator("input[type=password]").fill("wrong")
    page.locator("main button[type=submit]").click()
    judge.judge("/accounts/login/ after a wrong password")
    assert not judge.found, "\n".join(judge.found)


def test_pages_that_ask_for_patience(visit: type_of_visit, device: str, topics: Campaign) -> None:
    page = visit(device)
    page.watch.allow("status of 429")  # type: ignore[attr-defined]
    for limit in (visitors.SEARCH.limit, guesses.LIMITS[LogInDoor.PRIVATE_LINK], passwords.NETWORK):
        door = (LogInDoor.PASSWORD.value,) if limit is passwords.NETWORK else ()
        counter = Counter(limit, (*door, bytes([ord("4"), 127, 0, 0])))
        counter.take(timezone.now() + timedelta(seconds=limit.most * limit.every, minutes=5))
    judge = Judge(page)
    for path in ("/?q=topics", "/mine/x/"):
        judge.open(path)
        expect(page.get_by_text("Please wait")).to_be_visible()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.locator("input[type=password]").fill("wrong")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text("Please wait")).to_be_visible()
    judge.judge("/accounts/login/ refused")
    assert not judge.found, "\n".join(judge.found)


def test_campaigns_of_every_kind(visit: type_of_visit, device: str, transactional_db: None) -> None:
    judge = Judge(page := visit(device))
    ideas = personas.make_campaign("ideas", title="Ideas")
    ideas.categories.exclude(slug="idea").delete()
    personas.make_contribution(ideas, None, category="idea", text="A market in the evening")
    closed = personas.make_closed(outcome="Twelve lamps were built.")
    Reply.objects.create(
        contribution=personas.make_contribution(closed), status=ReplyStatus.DONE, text="It shines since May."
    )
    cells = personas.make_campaign("night-routes", publication="cells")
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
    page.get_by_role("link", name="Mark a place").click()
    judge.judge("choosing the topic")
    page.get_by_role("button", name="Street").click()
    page.get_by_role("button", name="Point here").click()
    page.locator("#map").press("ArrowRight")
    page.get_by_role("button", name="Point here").click()
    judge.judge("drawing a line")
    page.get_by_role("button", name="Finish drawing").click()
    judge.judge("line drawn")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Mark a place").click()
    page.get_by_role("button", name="Survey").click()
    page.get_by_role("searchbox", name="Search for a street or a place").fill("pariser")
    expect(page.get_by_role("button", name="Pariser Straße")).to_be_visible()
    judge.judge("searching a place")
    page.get_by_role("button", name="Pariser Straße").click()
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
    page.get_by_role("button", name="Back to the map").click()
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
    judge.open(f"/mine/{edit_token(one.pk)}/withdraw/")
    stranger = topics.contributions.get(category__slug="street")
    judge.open(f"/campaigns/{topics.slug}/contributions/{stranger.pk}/", ready=".leaflet-container")
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
    for room in ("", "change/", "withdraw/"):
        judge.open(f"/response/{edit_token(stored.pk)}/{room}")
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now())
    judge.open(survey, "after the end")
    judge.open(f"/response/{edit_token(stored.pk)}/", "after the end")
    assert not judge.found, "\n".join(judge.found)


@pytest.fixture
def planner(topics: Campaign) -> User:
    """Runs the campaign."""
    return personas.make_user("planner@example.org", topics, Role.MANAGER)


def test_planning(visit: type_of_visit, device: str, topics: Campaign, planner: User) -> None:
    waiting = topics.contributions.get(status=ContributionStatus.PENDING)
    waiting.photos.create(file=ContentFile(draw_picture(7), name="7.jpg"), width=960, height=720, digest=b"7")
    page = visit(device, user=planner)
    page.watch.allow("status of 403")  # type: ignore[attr-defined]
    judge = Judge(page)
    queue, heatmap = f"/planning/{topics.slug}/queue/", f"/planning/{topics.slug}/heatmap/"
    judge.open("/planning/")
    judge.open(queue)
    for _ in range(25):
        personas.make_contribution(topics, STATION, text="Much at once", status=PENDING, footprint=False)
    judge.open(queue, "with a burst")
    page.get_by_role("link", name="Show only these").click()
    expect(page.get_by_role("link", name="Show all")).to_be_visible()
    judge.judge("a burst alone")
    judge.open(f"{queue}?item={waiting.pk}", ready=".leaflet-container")
    page.keyboard.press("r")
    expect(page.locator("#item-reason-template")).to_be_visible()
    judge.judge("rejecting")
    page.keyboard.press("Escape")
    page.locator("details[data-reply] summary").click()
    judge.judge("replying")
    page.keyboard.press("p")
    expect(page.locator("form.undo")).to_be_visible()
    judge.judge("with a decision to take back")
    page.keyboard.press("z")
    expect(page.locator("form.undo")).to_be_hidden()
    judge.open(f"{queue}?status=published&item={topics.contributions.get(category__slug='survey').pk}")
    judge.open(f"{queue}?kind=comments&status=published")
    judge.open(f"{queue}{waiting.pk}/edit/")
    judge.open(heatmap, ready="[data-legend-classes] li")
    page.get_by_role("button", name="Next emptier cell").click()
    judge.judge("a cell of the heat map")
    judge.open(f"{heatmap}?view=table")
    judge.open(f"/planning/{topics.slug}/numbers/")
    protected = personas.make_campaign("night-routes", publication="cells", release_rhythm="by_hand")
    planner.memberships.create(campaign=protected, role=Role.MANAGER)
    judge.open(f"/planning/{protected.slug}/areas/")
    elsewhere = personas.make_campaign("elsewhere")
    judge.open(f"/planning/{elsewhere.slug}/queue/", "refused")
    assert not judge.found, "\n".join(judge.found)


def test_setup(visit: type_of_visit, device: str, topics: Campaign, planner: User) -> None:
    User.objects.filter(pk=planner.pk).update(may_make_campaigns=True)
    page = visit(device, user=planner)
    page.watch.allow("status of 4")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open("/planning/new/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("a beginning with errors")
    setup = f"/planning/{topics.slug}/setup/"
    now = timezone.now()
    topics.phases.create(
        title="First", opens_at=now, closes_at=now + timedelta(days=3), allows=["contribute"]
    )
    judge.open(f"{setup}texts/", ready=".formatting")
    judge.open(f"{setup}area/", ready=".leaflet-pm-toolbar")
    judge.open(f"{setup}period/")
    page.locator("[data-row] summary").first.click()
    judge.judge("a phase")
    for step in ("publication", "people", "publish"):
        judge.open(f"{setup}{step}/")
    page.goto(f"{setup}people/")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Invitation link").input_value()
    judge.judge("an invitation")
    judge.open(link)
    page.goto(f"{setup}texts/")
    page.get_by_label("Summary").fill("What it is about now")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-saved")).to_have_text("Saved.")
    judge.open(f"{setup}history/")
    assert not judge.found, "\n".join(judge.found)


def test_account(visit: type_of_visit, device: str, planner: User, settings: Settings) -> None:
    page = visit(device, user=planner)
    judge = Judge(page)
    page.watch.allow("status of 4")  # type: ignore[attr-defined]
    judge.open("/planning/account/")
    page.locator("[name=name]").fill("Nightly script")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("#token-words")).to_be_visible()
    judge.judge("a new token")
    judge.open("/planning/account/password/")
    for field in page.locator("main input[type=password]").all():
        field.fill("short")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("a password that is refused")
    outside = Judge(visit(device))
    outside.page.watch.allow("status of 404")  # type: ignore[attr-defined]
    outside.open("/accounts/reset/")
    settings.SENDS_MAIL = True
    number, secret = urlsafe_base64_encode(b"%d" % planner.pk), default_token_generator.make_token(planner)
    for path in ("", "asked/", "MQ/x-y/", f"{number}/{secret}/"):
        outside.open(f"/accounts/reset/{path}")
    assert not judge.found + outside.found, "\n".join(judge.found + outside.found)


def test_administration(visit: type_of_visit, device: str, topics: Campaign, administrator: User) -> None:
    judge = Judge(visit(device, user=administrator))
    contribution: Contribution = topics.contributions.get(category__slug="survey")
    judge.open("/admin/")
    judge.open("/admin/mapping/contribution/")
    judge.open(f"/admin/mapping/campaign/{topics.pk}/change/", ready=".leaflet-container")
    judge.open(f"/admin/mapping/contribution/{contribution.pk}/change/")
    assert not judge.found, "\n".join(judge.found)


def test_administration_of_a_manager(
    visit: type_of_visit, device: str, topics: Campaign, planner: User
) -> None:
    judge = Judge(visit(device, user=planner))
    judge.open(f"/admin/mapping/campaign/{topics.pk}/change/", ready=".leaflet-container")
    assert not judge.found, "\n".join(judge.found)


def test_taking_the_data_home(
    visit: type_of_visit, device: str, topics: Campaign, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    settings.EXPORTS_AT_ONCE = 2
    cells = personas.make_campaign("night-routes", publication="cells")
    judge = Judge(page := visit(device))
    judge.open(f"/campaigns/{cells.slug}/data/")
    judge.open(f"/campaigns/{topics.slug}/data/")
    page.get_by_label("Comments", exact=True).check()
    page.get_by_role("button", name="GeoPackage").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    judge.judge("a file that waits")
    # Playwright's event loop runs in this thread.
    worker = Thread(target=work)
    worker.start()
    worker.join()
    expect(page.get_by_role("link", name="Fetch the file")).to_be_visible()
    judge.judge("a file that is ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Fetch the file").click()
    assert download.value.suggested_filename.endswith(".gpkg")
    assert not judge.found, "\n".join(judge.found)
