"""The preview of a draft is the page as everyone will see it, but for one line that says what it is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from mapping.models import Campaign, Response
from tests import personas
from tests.api.conftest import code, with_token
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db

PERIODS = {"before its begin": (10, 20), "open": (-10, 10), "over": (-20, -10), "without dates": None}


def make_draft(publication: str, moderation: str, period: str) -> Campaign:
    now, days = timezone.now(), PERIODS[period]
    dates = (None, None) if days is None else tuple(now + timedelta(days=one) for one in days)
    return personas.make_campaign(
        "draft",
        publication=publication,
        moderation=moderation,
        is_draft=True,
        opens_at=dates[0],
        closes_at=dates[1],
    )


def words_of(reader: Client, address: str) -> list[str]:
    """What a page says, without its frame; scripts, styles and the line of the preview left out."""
    response = reader.get(address)
    assert response.status_code == 200
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert main is not None
    html = re.sub(r"<script.*?</script>", "", main[0], flags=re.DOTALL)
    html = re.sub(r'<p class="message message--warning">.*?Preview:.*?</p>', "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "\n", html).split()


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize(
    ("publication", "moderation"), [("points", "pre"), ("points", "post"), ("cells", "pre")]
)
@pytest.mark.parametrize("page", ["", "contribute/", "contribute/?category=survey"])
def test_preview_says_what_the_public_page_will_say(
    publication: str, moderation: str, period: str, page: str
) -> None:
    campaign = make_draft(publication, moderation, period)
    member = personas.make_user("member@example.org", campaign, Role.MODERATOR)
    reader = personas.staff_browser(member)
    stranger = personas.staff_browser(personas.make_user("elsewhere@example.org"))
    for one in (reader, stranger):
        one.cookies["django_language"] = "en"
    address = f"/campaigns/{campaign.slug}/{page}"
    assert "Preview: only people who work on this campaign" in reader.get(address).content.decode()
    preview = words_of(reader, address)
    Campaign.objects.update(is_draft=False)
    assert " ".join(preview) == " ".join(words_of(stranger, address))
    assert "Preview: only" not in reader.get(address).content.decode()


@pytest.mark.parametrize("publication", ["points", "cells"])
def test_preview_of_the_campaigns_kind(publication: str) -> None:
    campaign = make_draft(publication, "pre", "open")
    reader = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.ANALYST))
    reader.cookies["django_language"] = "en"
    html = reader.get(f"/campaigns/{campaign.slug}/").content.decode()
    assert ("To protect people, this topic shows no single place" in html) is (publication == "cells")
    assert ("Nothing here yet. Yours can be the first." in html) is (publication == "points")


@pytest.mark.parametrize("publication", ["points", "cells"])
def test_preview_shows_nothing_of_what_a_draft_holds(publication: str) -> None:
    campaign = make_draft(publication, "pre", "open")
    personas.make_contribution(campaign, text="A secret")
    reader = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.MODERATOR))
    for page in ("", "heatmap/"):
        html = reader.get(f"/campaigns/{campaign.slug}/{page}").content.decode()
        assert "A secret" not in html
        assert "data-cell" not in html


def test_protected_preview_has_the_notice_of_its_heat_map() -> None:
    campaign = make_draft("cells", "pre", "open")
    reader = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.MODERATOR))
    reader.cookies["django_language"] = "en"
    html = reader.get(f"/campaigns/{campaign.slug}/heatmap/").content.decode()
    assert "This campaign is still being prepared." in html
    assert f"As soon as areas with at least {campaign.k} people can be shown" in html


def test_what_is_sent_in_a_preview_is_refused_and_kept_in_the_form() -> None:
    campaign = make_draft("points", "pre", "open")
    reader = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.MANAGER))
    reader.cookies["django_language"] = "en"
    response = reader.post(
        f"/campaigns/{campaign.slug}/contribute/",
        {"category": "idea", "text": "More benches, please.", "action": "send"},
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert "This campaign is still being prepared." in html
    assert "More benches, please." in html
    assert not campaign.contributions.exists()


def survey_draft() -> Campaign:
    campaign = make_draft("points", "pre", "open")
    ask(campaign, "why", "text")
    return campaign


SHOWN = ("", "contribute/", "survey/", "heatmap/", "data/")
NONE, SELF = ("DENY", "'none'"), ("SAMEORIGIN", "'self'")


def framing_of(reader: Client, address: str) -> tuple[str, str]:
    """What an answer permits of frames: the old header, and the directive of the policy."""
    response = reader.get(address)
    policy = response.headers["Content-Security-Policy"]
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found is not None
    return response.headers["X-Frame-Options"], found[1]


@pytest.mark.parametrize("page", SHOWN)
def test_pages_of_a_draft_stand_in_frames_of_this_site_for_members_only(page: str) -> None:
    campaign = survey_draft()
    member = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.MANAGER))
    stranger = personas.staff_browser(personas.make_user("elsewhere@example.org"))
    address = f"/campaigns/{campaign.slug}/{page}"
    assert framing_of(member, address) == SELF
    for reader in (stranger, Client()):
        assert reader.get(address).status_code == 404
        assert framing_of(reader, address) == NONE
    Campaign.objects.update(is_draft=False)
    for reader in (member, stranger, Client()):
        assert framing_of(reader, address) == NONE


def test_all_other_pages_refuse_frames() -> None:
    campaign = survey_draft()
    contribution = personas.make_contribution(campaign)
    member = personas.staff_browser(
        personas.make_user("member@example.org", campaign, Role.MANAGER, is_superuser=True, is_staff=True)
    )
    planning = f"/planning/{campaign.slug}/"
    for address in (
        "/",
        "/help/",
        "/planning/",
        "/planning/account/",
        "/admin/",
        f"/campaigns/{campaign.slug}/contributions/{contribution.pk}/",
        f"/api/v1/campaigns/{campaign.slug}/",
        *(f"{planning}{page}" for page in ("queue/", "numbers/", "survey/", "heatmap/")),
        *(
            f"{planning}setup/{page}/"
            for page in ("texts", "area", "people", "publish", "history", "preview")
        ),
    ):
        assert framing_of(member, address) == NONE, address


def test_only_the_setup_shows_frames() -> None:
    campaign = survey_draft()
    member = personas.staff_browser(personas.make_user("member@example.org", campaign, Role.MANAGER))
    for address, is_framing in (
        (f"/planning/{campaign.slug}/setup/texts/", True),
        (f"/planning/{campaign.slug}/setup/preview/", True),
        (f"/planning/{campaign.slug}/queue/", False),
        (f"/campaigns/{campaign.slug}/", False),
        ("/", False),
    ):
        policy = member.get(address).headers["Content-Security-Policy"]
        assert ("frame-src 'self'" in policy) is is_framing, address
        assert "default-src 'none'" in policy


def test_survey_that_is_sent_in_a_preview_is_refused_in_words() -> None:
    campaign = survey_draft()
    user = personas.make_user("member@example.org", campaign, Role.MANAGER)
    reader = personas.staff_browser(user)
    reader.cookies["django_language"] = "en"
    response = reader.post(
        f"/campaigns/{campaign.slug}/survey/", {"answers.why": "Because", "action": "send"}
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert "This campaign is still being prepared." in html
    assert "Because" in html
    assert framing_of(reader, f"/campaigns/{campaign.slug}/survey/") == SELF
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    sent = {"id": "0198c0de-0000-7000-8000-000000000001", "answers": {"why": "Because"}}
    by_script = with_token(user).post(
        f"/api/v1/campaigns/{campaign.slug}/responses/", sent, content_type="application/json"
    )
    assert (by_script.status_code, code(by_script)) == (403, "campaign_draft")
    assert not Response.objects.exists()
