"""The steps in which a campaign is set up, as forms without JavaScript."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Membership, Role, User
from mapping.models import Campaign, CampaignChange, Publication
from mapping.services.setup.changes import change
from tests import personas
from tests.personas import staff_browser
from tests.services.photos.test_pictures import jpeg_with_secrets

STEPS = ("texts", "area", "period", "publication", "languages", "people", "publish", "history")
WHOLE = {
    "title": "Fear spaces",
    "summary": "",
    "description": "",
    "outcome": "",
    "organiser": "",
    "contact": "",
    "attribution": "",
}


@pytest.fixture
def browser(campaign: Campaign, manager: User) -> Client:
    """The manager's browser."""
    return staff_browser(manager)


@pytest.fixture
def maker(db: None) -> Client:
    """The browser of somebody who may make campaigns."""
    return staff_browser(personas.make_user("maker@example.org", may_make_campaigns=True))


def address(campaign: Campaign, step: str) -> str:
    """The page of a step."""
    return f"/planning/{campaign.slug}/setup/{step}/"


def square(east: float) -> MultiPolygon:
    """An area."""
    return MultiPolygon(Polygon.from_bbox((7.7, 49.4, east, 49.5)), srid=4326)


def fresh(campaign: Campaign) -> Campaign:
    """The campaign as stored."""
    return Campaign.objects.get(pk=campaign.pk)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("analyst", 403),
        ("moderator", 403),
        ("outsider", 403),
        ("manager", 200),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_steps_are_for_managers(campaign: Campaign, who: str, status: int, step: str) -> None:
    user = personas.user_called(who, campaign)
    assert isinstance(user, User)
    assert staff_browser(user).get(address(campaign, step)).status_code == status


def test_strangers_learn_nothing_of_a_draft(campaign: Campaign, outsider: User) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(is_draft=True)
    assert Client().get(address(campaign, "texts")).status_code == 302
    assert staff_browser(outsider).get(address(campaign, "texts")).status_code == 404


def test_start_goes_to_the_first_step_that_lacks_something(browser: Client, campaign: Campaign) -> None:
    assert browser.get(f"/planning/{campaign.slug}/setup/")["Location"] == address(campaign, "texts")
    Campaign.objects.update(area=None)
    assert browser.get(f"/planning/{campaign.slug}/setup/")["Location"] == address(campaign, "area")


@pytest.mark.parametrize("step", STEPS)
def test_number_of_queries_does_not_grow(
    browser: Client, campaign: Campaign, manager: User, step: str, django_assert_num_queries: Any
) -> None:
    CampaignChange.objects.create(campaign=campaign, actor=manager, step="new")
    browser.get(address(campaign, step))
    with django_assert_num_queries(40, exact=False) as first:
        browser.get(address(campaign, step))
    for number in range(3):
        CampaignChange.objects.create(campaign=campaign, actor=manager, step="new")
        personas.make_user(f"more{number}@example.org", campaign, Role.ANALYST)
    with django_assert_num_queries(len(first)):
        browser.get(address(campaign, step))


# --- new ------------------------------------------------------------------------------------------------------------


def test_only_makers_find_the_button_and_the_page(maker: Client, analyst: User) -> None:
    assert b"/planning/new/" in maker.get("/planning/").content
    assert b"/planning/new/" not in staff_browser(analyst).get("/planning/").content
    assert staff_browser(analyst).get("/planning/new/").status_code == 403
    assert Client().get("/planning/new/").status_code == 302


def test_new_campaign_begins_as_a_draft(maker: Client) -> None:
    answer = maker.post("/planning/new/", {"title": "Angsträume für alle", "start": "protected"})
    assert answer["Location"] == "/planning/angstraeume-fuer-alle/setup/"
    made = Campaign.objects.get()
    assert (made.is_draft, made.publication) == (True, Publication.CELLS)
    assert Client().get("/campaigns/angstraeume-fuer-alle/").status_code == 404
    assert maker.get("/campaigns/angstraeume-fuer-alle/").status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"title": "", "start": "places"},
        {"title": "A", "start": ""},
        {"title": "A", "start": "nonsense"},
        {"title": "x" * 161, "start": "places"},
        {"title": "A", "start": "copy"},
    ],
)
def test_wrong_beginnings_keep_what_was_typed(maker: Client, data: dict[str, str]) -> None:
    answer = maker.post("/planning/new/", data)
    assert answer.status_code == 422
    assert f'value="{data["title"]}"' in answer.content.decode() or not data["title"]
    assert not Campaign.objects.exists()


def test_only_own_campaigns_are_offered_for_copies(maker: Client, campaign: Campaign) -> None:
    assert campaign.title not in maker.get("/planning/new/").content.decode()
    assert (
        maker.post("/planning/new/", {"title": "A", "start": "copy", "source": campaign.slug}).status_code
        == 422
    )
    user = User.objects.get(email="maker@example.org")
    Membership.objects.create(user=user, campaign=campaign, role=Role.MANAGER)
    maker.post("/planning/new/", {"title": "A", "start": "copy", "source": campaign.slug})
    assert Campaign.objects.get(slug="a").area == campaign.area


# --- texts ----------------------------------------------------------------------------------------------------------


def test_texts_and_picture_are_stored_and_shown_safely(browser: Client, campaign: Campaign) -> None:
    picture = SimpleUploadedFile("a.jpg", jpeg_with_secrets(), "image/jpeg")
    description = "# Ablauf\n\n**Wichtig** <script>alert(1)</script>"
    data = WHOLE | {"description": description, "picture": picture, "alt": "Ein Baum"}
    assert browser.post(address(campaign, "texts"), data).status_code == 302
    stored = fresh(campaign)
    assert stored.picture is not None
    assert stored.picture.alt == "Ein Baum"
    html = Client().get(f"/campaigns/{campaign.slug}/").content.decode()
    assert "<h3>Ablauf</h3>" in html
    assert "<script>alert" not in html
    browser.post(address(campaign, "texts"), WHOLE | {"alt": "Eine Linde"})
    stored.picture.refresh_from_db()
    assert stored.picture.alt == "Eine Linde"
    browser.post(address(campaign, "texts"), WHOLE | {"alt": "Eine Linde", "remove_picture": "on"})
    assert fresh(campaign).picture is None


@pytest.mark.parametrize("step", ["texts", "area", "period", "publication"])
def test_change_made_meanwhile_is_not_overwritten_unseen(
    browser: Client, campaign: Campaign, manager: User, step: str
) -> None:
    page = address(campaign, step)
    read = browser.get(page).context["form"]["expected"].value()
    sent = {
        "texts": WHOLE | {"summary": "Mine"},
        "area": {"way": "drawn", "drawn": square(7.8).geojson},
        "period": {"closes_on": "2031-05-01"},
        "publication": {"publication": "points", "k": "9", "release_rhythm": "daily", "moderation": "pre"},
    }[step] | {"expected": read}
    changes: dict[str, dict[str, object]] = {
        "texts": {"title": "Theirs"},
        "area": {"area": square(7.75)},
        "period": {"closes_at": None},
        "publication": {"k": 7},
    }
    change(campaign, manager, step, changes[step])
    before = CampaignChange.objects.count()
    refused = browser.post(page, sent)
    assert refused.status_code == 422
    assert CampaignChange.objects.count() == before
    now = refused.context["form"]["expected"].value()
    assert now != read
    assert browser.post(page, sent | {"expected": now}).status_code == 302
    assert CampaignChange.objects.count() == before + 1
    # Sent once more, it overwrites nothing.
    assert browser.post(page, sent).status_code == 302


def test_picture_needs_words(browser: Client, campaign: Campaign) -> None:
    picture = SimpleUploadedFile("a.jpg", jpeg_with_secrets(), "image/jpeg")
    answer = browser.post(
        address(campaign, "texts"), WHOLE | {"summary": "Kept", "picture": picture, "alt": ""}
    )
    assert answer.status_code == 422
    assert 'id="id_alt_error"' in answer.content.decode()
    assert "Kept" in answer.content.decode()
    assert fresh(campaign).summary == ""


@pytest.mark.parametrize(("name", "value"), [("title", ""), ("title", "x" * 161), ("summary", "x" * 301)])
def test_wrong_texts_are_told_at_their_field(
    browser: Client, campaign: Campaign, name: str, value: str
) -> None:
    answer = browser.post(address(campaign, "texts"), WHOLE | {name: value})
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in answer.content.decode()


# --- period ---------------------------------------------------------------------------------------------------------


def span(first: str, last: str, prefix: str = "", **more: str) -> dict[str, str]:
    """The fields of a span."""
    return {f"{prefix}opens_on": first, f"{prefix}closes_on": last} | {prefix + k: v for k, v in more.items()}


def test_last_day_belongs_to_the_period(browser: Client, campaign: Campaign) -> None:
    data = span("2027-05-01", "2027-05-31") | span("2027-05-01", "2027-05-10", "phase-0-", title="Eins")
    data |= {"phase-0-allows": "contribute", "phase-1-title": ""}
    assert browser.post(address(campaign, "period"), data).status_code == 302
    stored = fresh(campaign)
    assert (str(stored.opens_at), str(stored.closes_at)) == (
        "2027-04-30 22:00:00+00:00",
        "2027-05-31 22:00:00+00:00",
    )
    assert [(one.title, one.allows) for one in stored.phases.all()] == [("Eins", ["contribute"])]
    html = browser.get(address(campaign, "period")).content.decode()
    for value in ("2027-05-01", "2027-05-31", "2027-05-10", "Eins"):
        assert value in html
    data |= {"phase-0-remove": "on"}
    browser.post(address(campaign, "period"), data)
    assert not stored.phases.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (span("2027-05-31", "2027-05-01"), "closes_on"),
        (span("", "", opens_time="10:00"), "opens_on"),
        (span("2027-13-01", ""), "opens_on"),
        (span("2027-05-01", "", "phase-0-", title="A"), "phase-0-closes_on"),
        (span("2027-05-01", "2027-05-02", "phase-0-", title=""), "phase-0-title"),
        (span("2027-05-03", "2027-05-02", "phase-0-", title="A"), "phase-0-closes_on"),
        (
            span("2027-05-01", "2027-05-09", "phase-0-", title="A")
            | span("2027-05-09", "2027-05-12", "phase-1-", title="B"),
            "phase-1-opens_on",
        ),
    ],
)
def test_wrong_dates_are_told_at_their_field(
    browser: Client, campaign: Campaign, more: dict[str, str], field: str
) -> None:
    answer = browser.post(address(campaign, "period"), more)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert fresh(campaign).closes_at == campaign.closes_at


# --- publication, people, publish, history ----------------------------------------------------------------------------


def test_protected_areas_are_always_reviewed_first(browser: Client, campaign: Campaign) -> None:
    data = {"publication": "cells", "k": "7", "release_rhythm": "weekly", "moderation": "post"}
    assert browser.post(address(campaign, "publication"), data).status_code == 302
    stored = fresh(campaign)
    assert (stored.publication, stored.k, stored.moderation, stored.allows_comments) == (
        "cells",
        7,
        "pre",
        False,
    )


def test_promised_protection_is_explained_at_its_field(browser: Client, campaign: Campaign) -> None:
    Campaign.objects.update(publication="cells")
    personas.make_contribution(campaign)
    data = {"publication": "points", "k": "5", "release_rhythm": "daily", "moderation": "pre"}
    answer = browser.post(address(campaign, "publication"), data)
    assert answer.status_code == 422
    assert 'id="id_publication_error"' in answer.content.decode()


def test_people_come_and_go(browser: Client, campaign: Campaign, manager: User) -> None:
    personas.make_user("anna@example.org")
    assert (
        browser.post(address(campaign, "people"), {"email": "x@example.org", "role": "analyst"}).status_code
        == 422
    )
    browser.post(address(campaign, "people"), {"email": "anna@example.org", "role": "analyst"})
    membership = Membership.objects.get(user__email="anna@example.org")
    browser.post(f"/planning/{campaign.slug}/setup/people/{membership.pk}/remove/")
    assert not Membership.objects.filter(pk=membership.pk).exists()
    own = Membership.objects.get(user=manager)
    browser.post(f"/planning/{campaign.slug}/setup/people/{own.pk}/remove/")
    assert Membership.objects.filter(pk=own.pk).exists()


def test_roles_of_other_campaigns_are_not_taken(browser: Client, campaign: Campaign, outsider: User) -> None:
    other = outsider.memberships.get()
    assert browser.post(f"/planning/{campaign.slug}/setup/people/{other.pk}/remove/").status_code == 404


def test_invitation_is_accepted_by_a_button(browser: Client, campaign: Campaign) -> None:
    html = browser.post(
        f"/planning/{campaign.slug}/setup/people/invite/", {"role": "analyst"}
    ).content.decode()
    path = "/planning/invitation/" + html.split("/planning/invitation/")[1].split('"')[0]
    anna = personas.make_user("anna@example.org")
    guest = staff_browser(anna)
    assert Client().get(path).status_code == 302
    assert guest.get(path).status_code == 200
    assert not anna.memberships.exists()
    assert guest.post(path).status_code == 302
    assert anna.memberships.get().role == Role.ANALYST
    assert guest.get("/planning/invitation/forged/").status_code == 410


def test_publishing_is_a_post_of_its_own(browser: Client, campaign: Campaign) -> None:
    Campaign.objects.update(is_draft=True)
    now = f"/planning/{campaign.slug}/setup/publish/now/"
    assert browser.get(now).status_code == 405
    assert fresh(campaign).is_draft
    browser.post(now)
    assert not fresh(campaign).is_draft
    browser.post(f"/planning/{campaign.slug}/setup/publish/back/")
    assert fresh(campaign).is_draft


def test_history_shows_who_changed_what_and_takes_back(
    browser: Client, campaign: Campaign, manager: User
) -> None:
    browser.post(address(campaign, "texts"), WHOLE | {"summary": "A <b>new</b> one"})
    html = browser.get(address(campaign, "history")).content.decode()
    assert str(manager) in html
    assert "A &lt;b&gt;new&lt;/b&gt; one" in html
    change = CampaignChange.objects.get()
    undo = f"/planning/{campaign.slug}/setup/history/undo/"
    for number in ("", "x", "9" * 30, "0"):
        browser.post(undo, {"change": number})
        assert fresh(campaign).summary != ""
    browser.post(undo, {"change": str(change.pk)})
    assert fresh(campaign).summary == ""
