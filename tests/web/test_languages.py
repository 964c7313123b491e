"""Campaigns in further languages, on the pages of citizens: the choice, the switch, the marks."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.models import Action, Campaign, Contribution, Phase, Response
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.surveys.every_kind import make_survey
from tests.translated.world import LANGUAGES, offer, translate

pytestmark = pytest.mark.django_db


def words(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def title_of(page: str) -> str:
    found = re.search(r'<h1 class="campaign__title"([^>]*)>([^<]*)', page)
    assert found is not None
    return "".join(found.groups())


@pytest.fixture
def spoken(campaign: Campaign) -> Campaign:
    """A campaign that is wholly translated into Turkish and Arabic, into English as far as its title."""
    make_survey(campaign)
    campaign.summary = "Wo es dunkel ist"
    campaign.save(update_fields=["summary"])
    now = timezone.now()
    Phase.objects.create(
        campaign=campaign,
        title="Ideen",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        allows=list(Action.values),
    )
    offer(campaign)
    for language in ("tr", "ar"):
        translate(campaign, language)
    translate(campaign, "en", "title")
    return campaign


def test_address_chooses_the_language_and_the_choice_is_kept(client: Client, spoken: Campaign) -> None:
    page = client.get(f"{spoken.get_absolute_url()}?language=tr")
    assert title_of(page.content.decode()) == f' lang="tr"tr {spoken.title}'
    cookie = page.cookies["content_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "tr",
        True,
        "Lax",
        "",
    )
    assert "Cookie" in page.headers["Vary"]
    assert title_of(words(client, spoken.get_absolute_url())) == f' lang="tr"tr {spoken.title}'
    assert '<html lang="de">' in words(client, spoken.get_absolute_url())


def test_without_a_choice_texts_are_in_the_language_of_the_page(client: Client, spoken: Campaign) -> None:
    page = client.get(spoken.get_absolute_url())
    assert "content_language" not in page.cookies
    assert title_of(page.content.decode()) == spoken.title
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert title_of(words(client, spoken.get_absolute_url())) == f"en {spoken.title}"
    offer(spoken, "tr")
    assert title_of(words(client, spoken.get_absolute_url())) == f' lang="de"{spoken.title}'


@pytest.mark.parametrize("language", ["fr", "xx", "", "../tr", "TR"])
def test_language_that_is_not_offered_changes_nothing(
    client: Client, spoken: Campaign, language: str
) -> None:
    page = client.get(spoken.get_absolute_url(), {"language": language})
    assert title_of(page.content.decode()) == spoken.title
    assert "content_language" not in page.cookies


def test_untranslated_texts_are_marked_as_they_were_written(client: Client, spoken: Campaign) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = words(client, spoken.get_absolute_url())
    assert f'<p class="lead" lang="de">{spoken.summary}' in page
    assert "en Fear spaces" in page


def test_texts_from_right_to_left_are_laid_out_so_and_others_within_them_are_not(
    client: Client, spoken: Campaign
) -> None:
    spoken.translations.filter(field="summary").delete()
    page = words(client, f"{spoken.get_absolute_url()}?language=ar")
    assert title_of(page) == f' lang="ar" dir="rtl"ar {spoken.title}'
    assert f'<p class="lead" lang="de" dir="ltr">{spoken.summary}' in page
    survey = words(client, reverse("survey", args=(spoken.slug,)))
    assert re.search(r'<fieldset class="field" dir="rtl" data-question="colour"', survey)
    assert '<span lang="ar" dir="rtl">ar Rot</span>' in survey


def test_categories_in_the_table_of_opinions_are_marked(client: Client, spoken: Campaign) -> None:
    for text in ("Dark", ""):
        personas.make_support(personas.make_contribution(spoken, category="spot", text=text), 1)
    title = f"tr {personas.category_of(spoken, 'spot').title}"
    page = words(client, f"{reverse('results', args=(spoken.slug,))}?language=tr")
    table = page[page.index('class="opinions__name"') :]
    assert table.count(f'<span lang="tr">{title}</span>') == 3
    assert f'<option value="spot" lang="tr">{title}' in page


def test_switch_lists_the_languages_of_the_campaign_in_their_own_names(
    client: Client, spoken: Campaign
) -> None:
    page = words(client, f"{spoken.get_absolute_url()}?category=spot")
    links = re.findall(
        r'<a class="languages__choice"\s+href="([^"]*)"\s+lang="([^"]*)"\s+hreflang="([^"]*)"\s+dir="([^"]*)"',
        page,
    )
    assert [language for _address, language, _same, _dir in links] == ["de", *LANGUAGES]
    assert all(language == same for _address, language, same, _dir in links)
    assert ("?category=spot&amp;language=ar", "ar", "ar", "rtl") in links
    assert "العربية" in page
    assert "Leichte Sprache" in page
    assert "languages__choice" not in words(client, personas.make_campaign("single").get_absolute_url())


def test_pages_that_links_lead_to_have_the_switch_but_forms_that_were_refused_have_not(
    client: Client, spoken: Campaign
) -> None:
    stored = personas.make_contribution(spoken, text="Dark")
    sent = respond(spoken, Sheet({"colour": "red"}), "a" * 43).response
    contribute = reverse("contribute", args=(spoken.slug,))
    for address in (
        contribute,
        reverse("contribution", args=(spoken.slug, stored.pk)),
        reverse("my-contribution", args=(edit_token(stored.pk),)),
        reverse("my-response", args=(edit_token(sent.pk),)),
        reverse("change-response", args=(edit_token(sent.pk),)),
    ):
        page = words(client, address)
        assert 'href="?language=tr"' in page, address
        assert "css/languages-" in page, address
    refused = client.post(f"{contribute}?category=spot", {"category": "spot"})
    assert refused.status_code == 422
    assert "languages__choice" not in refused.content.decode()
    Phase.objects.filter(campaign=spoken).update(allows=[Action.CONTRIBUTE])
    page = words(client, reverse("survey", args=(spoken.slug,)))
    assert 'href="?language=tr"' in page
    assert "css/languages-" in page


def test_switch_of_the_site_takes_texts_along_that_were_read_in_the_other_language(
    client: Client, spoken: Campaign
) -> None:
    address = f"{spoken.get_absolute_url()}?category=spot&language=de"
    client.get(address)
    answer = client.post("/language/", {"language": "en", "next": address})
    assert answer.headers["Location"] == f"{spoken.get_absolute_url()}?category=spot"
    assert title_of(words(client, answer.headers["Location"])).startswith("en ")
    client.get(f"{spoken.get_absolute_url()}?language=tr")
    client.post("/language/", {"language": "de", "next": "/"})
    assert "tr Fear spaces" in words(client, spoken.get_absolute_url())


def test_every_page_of_a_campaign_speaks_the_language(client: Client, spoken: Campaign) -> None:
    stored = personas.make_contribution(spoken, text="Dark")
    sent = respond(spoken, Sheet({"colour": "red", "wishes": ["lamps", "trees"]}), "a" * 43).response
    client.get(f"{spoken.get_absolute_url()}?language=tr")
    category = stored.category.title
    for address, shown in {
        spoken.get_absolute_url(): ("tr Ideen", f"tr {category}"),
        reverse("contribute", args=(spoken.slug,)): (f"tr {spoken.title}", f"tr {category}"),
        f"{reverse('contribute', args=(spoken.slug,))}?category=spot": (f"tr {category}",),
        reverse("survey", args=(spoken.slug,)): ("tr Which colour?", "tr Rot", "tr A figure, ampelfrau"),
        reverse("results", args=(spoken.slug,)): (f"tr {spoken.title}",),
        reverse("public-heatmap", args=(spoken.slug,)): (f"tr {spoken.title}",),
        reverse("data", args=(spoken.slug,)): (f"tr {spoken.title}",),
        reverse("contribution", args=(spoken.slug, stored.pk)): (f"tr {category}", f"tr {spoken.title}"),
        reverse("my-contribution", args=(edit_token(stored.pk),)): (f"tr {category}",),
        reverse("withdraw-mine", args=(edit_token(stored.pk),)): (f"tr {category}",),
        reverse("my-response", args=(edit_token(sent.pk),)): ("tr Which colour?", "tr Rot", "tr Lamps"),
        reverse("change-response", args=(edit_token(sent.pk),)): ("tr Which colour?",),
        reverse("withdraw-response", args=(edit_token(sent.pk),)): (f"tr {spoken.title}",),
    }.items():
        page = words(client, address)
        for one in shown:
            assert one in page, (address, one)


def test_cards_are_in_the_language_of_the_page(client: Client, spoken: Campaign) -> None:
    client.get(f"{spoken.get_absolute_url()}?language=tr")
    assert f"tr {spoken.title}" not in words(client, "/")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert f"en {spoken.title}" in words(client, "/")
    found = re.sub("<[^>]*>", "", words(client, "/search/?q=Fear"))
    assert f"en {spoken.title}" in found
    assert f"tr {spoken.title}" not in found


def test_answers_are_the_same_in_every_language(client: Client, spoken: Campaign) -> None:
    address = reverse("survey", args=(spoken.slug,))
    client.post(f"{address}?language=ar", {"answers.colour": "red", "answers.fear": "4"})
    stored = Response.objects.get(campaign=spoken)
    assert stored.answers == {"colour": "red", "fear": 4}


def test_contributions_are_the_same_in_every_language(client: Client, spoken: Campaign) -> None:
    address = f"{reverse('contribute', args=(spoken.slug,))}?language=tr"
    sent = {"category": "idea", "text": "Bir fikir"}
    assert client.post(address, sent).status_code == 303
    stored = Contribution.objects.get(campaign=spoken)
    assert (stored.category.slug, stored.text) == ("idea", "Bir fikir")
    assert not stored.category.title.startswith("tr")
