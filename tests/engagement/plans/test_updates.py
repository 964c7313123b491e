"""News of a campaign: written by its managers, published at once or later, with pictures."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Drawing
from pytest_django.fixtures import Settings

from accounts.models import User
from engagement.models import Image, Update
from engagement.services.updates import add_picture, delete_update, save_update, version_of
from mapping.models import Campaign
from mapping.services.errors import Conflict, Invalid, NotAllowed
from tests import personas
from tests.engagement.making import make_update
from tests.personas import staff_browser, user_called

TEXTS = {"title": "The first bench stands", "text": "Come and **sit** down."}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def browser(manager: User) -> Client:
    return english(staff_browser(manager))


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def jpeg() -> bytes:
    file = io.BytesIO()
    Drawing.new("RGB", (40, 20), "teal").save(file, "JPEG")
    return file.getvalue()


def page_of(address: str, client: Client | None = None, status: int = 200) -> str:
    response = (client or english(Client())).get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_news_are_published_at_once_or_later(campaign: Campaign, manager: User) -> None:
    now = save_update(manager, campaign, None, TEXTS, is_public=True)
    later = timezone.now() + timedelta(days=1)
    save_update(manager, campaign, None, TEXTS, is_public=True, published_at=later)
    save_update(manager, campaign, None, TEXTS, is_public=False)
    assert list(Update.objects.public()) == [now]


def test_published_news_keep_their_moment_when_they_are_corrected(campaign: Campaign, manager: User) -> None:
    first = save_update(manager, campaign, None, TEXTS, is_public=True)
    corrected = save_update(
        manager, campaign, first, TEXTS | {"title": "A bench"}, is_public=True, expected=version_of(first)
    )
    assert corrected.published_at == first.published_at
    with pytest.raises(Conflict, match="step_changed"):
        save_update(manager, campaign, first, TEXTS, is_public=True, expected=version_of(first))


@pytest.mark.parametrize(
    "texts", [{"title": "", "text": "x"}, {"title": "x", "text": " "}, {"title": "x" * 161, "text": "x"}]
)
def test_news_need_a_title_and_a_text(campaign: Campaign, manager: User, texts: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        save_update(manager, campaign, None, texts, is_public=True)
    assert not Update.objects.exists()


def test_others_write_no_news(campaign: Campaign, moderator: User) -> None:
    update = make_update(campaign)
    for write in (
        lambda: save_update(moderator, campaign, None, TEXTS, is_public=True),
        lambda: delete_update(moderator, update),
        lambda: add_picture(moderator, update, jpeg(), "A bench"),
    ):
        with pytest.raises(NotAllowed, match="not_update_editor"):
            write()


@pytest.mark.django_db(transaction=True)
def test_pictures_go_with_their_news(campaign: Campaign, manager: User, media: Path) -> None:
    update = save_update(manager, campaign, None, TEXTS, is_public=True)
    add_picture(manager, update, jpeg(), "A bench")
    assert len(list(media.rglob("*.jpg"))) == 1
    delete_update(manager, update)
    assert not list(media.rglob("*.jpg"))
    assert not Image.objects.exists()


@pytest.mark.parametrize("page", ["", "new/", "{update}/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("outsider", 403),
        ("analyst", 403),
        ("moderator", 403),
        ("manager", 200),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_pages_are_for_managers(campaign: Campaign, who: str, status: int, page: str) -> None:
    update = make_update(campaign)
    user = user_called(who, campaign)
    client = staff_browser(user) if isinstance(user, User) else Client()
    assert (
        client.get(f"/planning/{campaign.slug}/updates/{page.format(update=update.pk)}").status_code == status
    )


def test_manager_writes_news_with_a_picture(campaign: Campaign, browser: Client) -> None:
    response = browser.post(f"/planning/{campaign.slug}/updates/new/", TEXTS | {"is_public": "on"})
    update = Update.objects.get()
    address = f"/planning/{campaign.slug}/updates/{update.pk}/"
    assert response.headers["Location"] == address
    picture = SimpleUploadedFile("bench.jpg", jpeg(), "image/jpeg")
    browser.post(f"{address}pictures/", {"picture": picture, "alt": "A green bench"})
    image = update.images.get()
    public = page_of(f"/campaigns/{campaign.slug}/updates/{update.pk}/")
    for words in (
        "The first bench stands",
        "<strong>sit</strong>",
        'alt="A green bench"',
        f"/images/{image.pk}.jpg",
    ):
        assert words in public
    assert Client().get(f"/images/{image.pk}.jpg").status_code == 200
    assert "The first bench stands" in page_of(f"/campaigns/{campaign.slug}/updates/")
    assert "A green bench" in page_of(address, browser)
    browser.post(f"{address}pictures/", {"remove": str(image.pk)})
    assert not update.images.exists()
    browser.post(f"{address}delete/")
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"picture": b"no picture", "alt": "x"}, "cannot be read as a picture|no picture|not a photo"),
        ({"alt": "x"}, "This field is required"),
        ({"picture": b"", "alt": "x"}, "empty"),
        ({"picture": "jpeg", "alt": ""}, "what the picture shows"),
        ({"remove": "nonsense"}, "This is not here any more"),
    ],
)
def test_wrong_pictures_are_refused_at_their_field(
    campaign: Campaign, browser: Client, sent: dict[str, object], words: str
) -> None:
    update = make_update(campaign)
    if "picture" in sent:
        data = jpeg() if sent["picture"] == "jpeg" else sent["picture"]
        assert isinstance(data, bytes)
        sent = sent | {"picture": SimpleUploadedFile("a.jpg", data, "image/jpeg")}
    response = browser.post(f"/planning/{campaign.slug}/updates/{update.pk}/pictures/", sent)
    assert response.status_code == 422
    assert "field__error" in response.content.decode() or words in response.content.decode()
    assert not update.images.exists()


def test_time_without_a_day_is_refused(campaign: Campaign, browser: Client) -> None:
    sent = TEXTS | {"is_public": "on", "time": "12:00"}
    response = browser.post(f"/planning/{campaign.slug}/updates/new/", sent)
    assert response.status_code == 422
    assert "Please choose a day, too." in response.content.decode()


def test_form_that_is_sent_back_as_it_came_changes_no_moment(campaign: Campaign, browser: Client) -> None:
    update = make_update(campaign)
    local = timezone.localtime(update.published_at)
    sent = TEXTS | {
        "is_public": "on",
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "expected": version_of(update),
    }
    browser.post(f"/planning/{campaign.slug}/updates/{update.pk}/", sent)
    before = update.published_at
    update.refresh_from_db()
    assert (update.title, update.published_at) == (TEXTS["title"], before)


def test_unpublished_news_are_for_those_who_write_them(campaign: Campaign, browser: Client) -> None:
    draft = make_update(campaign, title="Secret", is_draft=True)
    later = make_update(campaign, title="Tomorrow", published_at=timezone.now() + timedelta(days=1))
    for update in (draft, later):
        address = f"/campaigns/{campaign.slug}/updates/{update.pk}/"
        page_of(address, status=404)
        assert "not published" in page_of(address, browser)
    page = page_of(f"/campaigns/{campaign.slug}/updates/")
    assert "Secret" not in page
    assert "Tomorrow" not in page


def test_news_have_an_address_in_their_own_campaign_only(campaign: Campaign) -> None:
    update = make_update(personas.make_campaign("other", with_categories=False))
    page_of(f"/campaigns/{campaign.slug}/updates/{update.pk}/", status=404)
    page_of(f"/campaigns/other/updates/{uuid4()}/", status=404)
    page_of(f"/campaigns/other/updates/{update.pk}/")


def test_tab_appears_with_the_first_news(campaign: Campaign) -> None:
    link = f'href="/campaigns/{campaign.slug}/updates/"'
    update = make_update(campaign, is_draft=True)
    assert link not in page_of(f"/campaigns/{campaign.slug}/")
    Update.objects.filter(pk=update.pk).update(is_draft=False)
    assert link in page_of(f"/campaigns/{campaign.slug}/")


def test_feed_has_public_news(campaign: Campaign, draft_campaign: Campaign) -> None:
    make_update(campaign, title="Bench")
    make_update(campaign, title="Secret", is_draft=True)
    make_update(draft_campaign, title="Secret too")
    feed = Client().get("/feeds/updates").content.decode()
    assert "Bench" in feed
    assert "Secret" not in feed


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_unlikely_years_are_refused(browser: Client, campaign: Campaign, day: str) -> None:
    form = {"title": "A bench", "text": "It stands.", "is_public": "on", "day": day}
    answer = browser.post(f"/planning/{campaign.slug}/updates/new/", form)
    assert answer.status_code == 422
    assert "Please choose a day from 1990 to 2100." in answer.content.decode()
    assert not Update.objects.exists()
