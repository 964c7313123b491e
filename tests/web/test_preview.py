"""The preview of a draft is the page as everyone will see it, but for one line that says what it is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from mapping.models import Campaign
from tests import personas

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
