"""axe-core on the pages of staff, as `test_accessibility` does on those of everybody."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from geoparticipation.tasks import send_barrier_report
from geoparticipation.watching.models import FailedJob
from mapping.demo.city import fill_city
from mapping.models import Campaign, Contribution, ContributionStatus
from tests import personas
from tests.background import work
from tests.browser.judge import Judge
from tests.browser.steps import draw_picture
from tests.personas import PENDING, STATION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def topics(everything: Campaign) -> Campaign:
    """An open campaign with everything in it."""
    return everything


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
    personas.make_flag(topics.contributions.get(category__slug="survey"))
    judge.open(f"{queue}?status=reported")
    judge.open(f"{queue}{waiting.pk}/edit/")
    judge.open(heatmap, ready="[data-legend-classes] li")
    page.get_by_role("button", name="Next emptier cell").click()
    judge.judge("a cell of the heat map")
    judge.open(f"{heatmap}?view=table")
    judge.open(f"/planning/{topics.slug}/numbers/")
    Campaign.objects.filter(pk=topics.pk).update(embed_origins=["https://www.city.example"])
    judge.open(f"/planning/{topics.slug}/outreach/")
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
    for step in ("publication", "retention", "languages", "people", "publish"):
        judge.open(f"{setup}{step}/")
    judge.open(f"{setup}preview/", "of a public campaign")
    Campaign.objects.filter(pk=topics.pk).update(is_draft=True)
    judge.open(f"{setup}preview/", ready="iframe[data-preview]")
    # A frame that is asked for as a draft and answered as a public page is refused by the policy for frames.
    page.wait_for_load_state("networkidle")
    Campaign.objects.filter(pk=topics.pk).update(is_draft=False)
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


def test_what_superusers_and_accounts_have(visit: type_of_visit, device: str) -> None:
    now = timezone.now()
    FailedJob.objects.create(hour=now, task="mapping.write_export", times=3, last_at=now)
    send_barrier_report.defer(page="/", text="", email="")
    judge = Judge(visit(device, user=personas.make_user("chief@example.org", is_superuser=True)))
    for path in ("/planning/operation/", "/planning/audit/", "/planning/account/", "/accounts/again/"):
        judge.open(path)
    assert not judge.found, "\n".join(judge.found)


def test_city(visit: type_of_visit, device: str) -> None:
    editor = personas.make_user("city@example.org", may_edit_city=True)
    page = visit(device, user=editor)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open("/planning/")
    judge.open("/planning/city/", ready=".formatting")
    page.get_by_label("Colour (optional)").fill("#ffcc00")
    expect(page.locator("#city-preview .city-look")).to_contain_text("hard to read on light ground")
    judge.judge("a colour that is tried out")
    page.get_by_label("E-mail address").fill("nobody")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("with an error")
    fill_city(editor, personas.area(), "Land survey")
    judge.open("/planning/city/", "filled in", ready=".formatting")
    judge.open("/planning/city/boundary/", ready=".leaflet-pm-toolbar")
    judge.open("/planning/city/history/")
    for path in ("/", "/imprint/", "/privacy/"):
        judge.open(path, "with a logo")
    assert not judge.found, "\n".join(judge.found)


def test_account(visit: type_of_visit, device: str, planner: User, settings: Settings) -> None:
    settings.SENDS_MAIL = True
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
    settings.SENDS_MAIL = False
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
