"""The step of retention: what managers choose, what citizens read of it, who is warned."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from engagement.models import Letter
from engagement.services.subscriptions import staff
from mapping.models import Campaign, CampaignChange, Contribution, RetentionSpan
from mapping.services.retained import removing, spans
from mapping.services.retained.defaults import months_of
from mapping.services.setup.checklist import findings
from mapping.wording import in_words_day
from tests import personas

PAGE = "/planning/fear-spaces/setup/retention/"


@pytest.fixture
def browser(manager: User) -> Client:
    made = personas.staff_browser(manager)
    made.cookies["django_language"] = "en"
    return made


@pytest.fixture
def citizen_browser() -> Client:
    made = Client()
    made.cookies["django_language"] = "en"
    return made


def come_near(campaign: Campaign) -> None:
    """The date of texts is two weeks away."""
    RetentionSpan.objects.create(campaign=campaign, subject="texts", months=1)
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now() - timedelta(days=1))


def about(browser: Client) -> str:
    return browser.get("/campaigns/fear-spaces/").content.decode()


def test_chosen_spans_are_stored_noted_and_told_to_citizens(
    campaign: Campaign, browser: Client, citizen_browser: Client
) -> None:
    assert "Until you delete it, or the city deletes this project." in about(citizen_browser)
    sent = {"texts": "24", "photos": "24", "people": "12", "places": "", "staff_answers": ""}
    assert browser.post(PAGE, sent).status_code == 302
    assert months_of(campaign) == {
        "texts": 24, "photos": 24, "people": 12, "places": None, "staff_answers": None
    }  # fmt: skip
    told = {one.subject.value: one.until for one in spans.promises(campaign)}
    page = about(citizen_browser)
    assert told["texts"] is not None
    with translation.override("en"):
        assert f"Will be deleted on {in_words_day(told['texts'])}: texts and comments, photos." in page
    assert ": the link to your browser." in page
    history = browser.get("/planning/fear-spaces/setup/history/").content.decode()
    assert "2 years after the end" in history
    assert CampaignChange.objects.get(campaign=campaign).step == "retention"


def test_later_dates_are_not_offered_once_somebody_took_part(campaign: Campaign, browser: Client) -> None:
    RetentionSpan.objects.create(campaign=campaign, subject="texts", months=12)
    assert '<option value="24"' in browser.get(PAGE).content.decode()
    personas.make_participant(campaign)
    form = browser.get(PAGE).content.decode().split('name="photos"')[0]
    assert '<option value="24"' not in form
    refused = browser.post(PAGE, {"texts": "24"})
    assert refused.status_code == 422
    assert months_of(campaign)["texts"] == 12


def test_managers_alone_come_in(campaign: Campaign, outsider: User) -> None:
    for role in (Role.MODERATOR, Role.ANALYST):
        other = personas.staff_browser(personas.make_user(f"{role}@example.org", campaign, role))
        assert other.get(PAGE).status_code == 403
    assert personas.staff_browser(outsider).post(PAGE, {"texts": "1"}).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_preview_counts_what_would_go(campaign: Campaign, browser: Client) -> None:
    for _ in range(3):
        personas.make_contribution(campaign, text="Mine")
    assert "Texts of contributions" not in browser.get(PAGE).content.decode()
    page = browser.get(f"{PAGE}?preview").content.decode()
    row = page.split("Texts of contributions")[1].split("</tr>")[0]
    assert ">3<" in row
    assert Contribution.objects.filter(text="Mine").count() == 3


def test_what_was_removed_stands_in_the_record(
    campaign: Campaign, browser: Client, citizen_browser: Client
) -> None:
    own = personas.make_contribution(campaign, text="Mine")
    come_near(campaign)
    removing.remove_due(timezone.localdate() + timedelta(days=60))
    assert "What was deleted" in browser.get(PAGE).content.decode()
    assert "Deleted since" in about(citizen_browser)
    page = citizen_browser.get(f"/campaigns/fear-spaces/contributions/{own.pk}/").content.decode()
    assert "Texts of this project were deleted" in page


def test_managers_are_warned_on_their_pages_and_by_letter_once(
    campaign: Campaign, browser: Client, manager: User, analyst: User, settings: Settings
) -> None:
    come_near(campaign)
    assert "Data are deleted" in browser.get("/planning/").content.decode()
    assert "setup_retention_soon" in {one.code for one in findings(campaign)}
    settings.SENDS_MAIL = False
    assert staff.warn_of_deletion() == 0
    settings.SENDS_MAIL = True
    assert staff.warn_of_deletion() == 1
    assert Letter.objects.get().user == manager
    with translation.override("de"):
        content = staff.staff_content(manager)
    assert content is not None
    assert "Texte und Kommentare" in content.items[0].lines[0]
    assert content.items[0].address.endswith(PAGE)
    assert staff.warn_of_deletion() == 0


def test_nobody_is_warned_long_before(campaign: Campaign, browser: Client, settings: Settings) -> None:
    RetentionSpan.objects.create(campaign=campaign, subject="texts", months=12)
    settings.SENDS_MAIL = True
    assert staff.warn_of_deletion() == 0
    assert "Data are deleted" not in browser.get("/planning/").content.decode()


def test_command_counts_before_it_deletes(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    personas.make_contribution(campaign, text="Mine")
    come_near(campaign)
    RetentionSpan.objects.update(months=1)
    call_command("apply_retention")
    assert "campaigns: 0" in capsys.readouterr().out
