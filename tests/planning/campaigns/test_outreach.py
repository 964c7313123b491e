"""Posters and links: who sees them, what they hold, which sites may embed."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.links.short import code_of
from mapping.models import Campaign, CampaignChange, Translation
from mapping.services.setup.copying import copied
from tests import personas

PAGE = "/planning/fear-spaces/outreach/"
POSTER = f"{PAGE}poster.pdf"


def browser_of(user: User) -> Client:
    browser = personas.staff_browser(user)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def browser(manager: User) -> Client:
    return browser_of(manager)


@pytest.mark.parametrize("role", Role)
def test_all_members_see_the_page_and_managers_choose_the_sites(campaign: Campaign, role: Role) -> None:
    answer = browser_of(personas.make_user("one@example.org", campaign, role)).get(PAGE)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f"{settings.SITE_URL}/k/{code_of(campaign.pk)}" in html
    assert ("Choose the sites" in html) is (role == Role.MANAGER)


@pytest.mark.parametrize("address", [PAGE, f"{POSTER}?size=A4&language=de"])
def test_others_do_not_come_in(
    campaign: Campaign, draft_campaign: Campaign, outsider: User, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 302
    assert personas.staff_browser(outsider).get(address).status_code == 403
    draft = address.replace("fear-spaces", draft_campaign.slug)
    assert personas.staff_browser(outsider).get(draft).status_code == 404


def test_posters_are_offered_by_category_language_and_size(campaign: Campaign, browser: Client) -> None:
    Campaign.objects.update(languages=["tr", "ar"])
    Translation.objects.create(
        campaign=campaign, language="ar", kind="campaign", object_id=campaign.pk, field="title", text="مدينة",
        original=campaign.title,
    )  # fmt: skip
    html = browser.get(PAGE).content.decode()
    offered = re.findall(r'href="([^"]*poster\.pdf[^"]*)"', html)
    assert len(offered) == 2 * 3 * (1 + campaign.categories.count())
    assert f"{POSTER}?size=A3&amp;language=tr&amp;category=idea" in offered
    assert "no letters for these languages" in html
    assert "Arabic" in html


@pytest.mark.parametrize(
    "query",
    ["", "?size=A5&language=de", "?size=A4&language=fr", "?size=A4&language=de&category=nothing", "?size=A4"],
)
def test_other_posters_are_not_found(campaign: Campaign, browser: Client, query: str) -> None:
    assert browser.get(POSTER + query).status_code == 404


def test_the_code_for_other_sites_is_one_element(campaign: Campaign, browser: Client) -> None:
    Campaign.objects.update(title='"Light" & <dark>')
    assert "&lt;iframe" not in browser.get(PAGE).content.decode()
    Campaign.objects.update(embed_origins=["https://www.city.example"])
    html = browser.get(PAGE).content.decode()
    assert f"&lt;iframe src=&quot;{settings.SITE_URL}/campaigns/fear-spaces/embed/&quot;" in html
    assert "&amp;quot;Light&amp;quot; &amp;amp; &amp;lt;dark&amp;gt;" in html


def values_of(browser: Client, address: str) -> dict[str, object]:
    form = browser.get(address).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}


def test_managers_enter_the_sites_that_may_embed(campaign: Campaign, browser: Client) -> None:
    step = reverse("planning:setup-publication", args=(campaign.slug,))
    sites = "https://www.city.example/page\nnews.example"
    answer = browser.post(step, values_of(browser, step) | {"embed_origins": sites})
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert campaign.embed_origins == ["https://www.city.example", "https://news.example"]
    assert values_of(browser, step)["embed_origins"] == "https://www.city.example\nhttps://news.example"
    change = CampaignChange.objects.first()
    assert change is not None
    assert change.after == {"embed_origins": ["https://www.city.example", "https://news.example"]}
    history = reverse("planning:setup-history", args=(campaign.slug,))
    assert "https://www.city.example, https://news.example" in browser.get(history).content.decode()
    browser.post(reverse("planning:setup-undo", args=(campaign.slug,)), {"change": change.pk})
    campaign.refresh_from_db()
    assert campaign.embed_origins == []


@pytest.mark.parametrize(
    ("sites", "words"),
    [
        ("http://www.city.example", "Only sites with https://"),
        ("https://*.city.example", "without wildcards"),
        ("\n".join(f"https://a{number}.example" for number in range(21)), "At most 20 sites"),
    ],
)
def test_other_sites_are_refused_in_words(
    campaign: Campaign, browser: Client, sites: str, words: str
) -> None:
    step = reverse("planning:setup-publication", args=(campaign.slug,))
    answer = browser.post(step, values_of(browser, step) | {"embed_origins": sites})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.embed_origins == []


def test_a_copy_permits_no_site(campaign: Campaign) -> None:
    campaign.embed_origins = ["https://www.city.example"]
    campaign.save()
    assert copied(campaign, slug="copy", title="Copy").embed_origins == []
