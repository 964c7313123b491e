"""The planners' page of a survey's texts: read, searched, tagged, counted."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Audience, Campaign, Response, TaggedText, TextTag
from mapping.services.surveys.tags import SeenText, digest_of
from tests.personas import staff_browser
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Colour")
    ask(campaign, "why", "long_text", title="Why")
    ask(campaign, "whom", "text", title="Whom", audience=Audience.STAFF)
    answer(campaign, *times(3, colour="red", why="because it is warm", whom="my neighbour"))
    answer(campaign, {"colour": "other", "colour:other": "lila", "why": "no reason"})
    return campaign


def browser_of(user: User) -> Client:
    browser = staff_browser(user)
    browser.cookies["django_language"] = "en"
    return browser


def page(user: User, campaign: Campaign, **query: str | int) -> str:
    response = browser_of(user).get(f"/planning/{campaign.slug}/survey/texts/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def boxes(*responses: Response, writing: str = "why") -> list[str]:
    return [str(SeenText(one.pk, digest_of(one.all_answers[writing]))) for one in responses]


def post(user: User, campaign: Campaign, **fields: object) -> str:
    address = f"/planning/{campaign.slug}/survey/texts/tag/"
    response = browser_of(user).post(address, {"text": "why", "action": "add", **fields}, follow=True)
    return " ".join(response.content.decode().split())


def numbers(text: str) -> list[str]:
    """The table of tags: its numbers row by row."""
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [part.partition("<")[0] for part in table.split('<td class="number">')[1:]]


def test_texts_are_searched_and_paged(survey: Campaign, analyst: User) -> None:
    answer(survey, *[{"why": f"reason {number}"} for number in range(70)])
    first = page(analyst, survey, text="why")
    way = first.partition('href="?text=why&amp;after=')[2].partition("#")[0]
    assert way
    after = way.replace("%3A", ":").replace("%2B", "+").replace("%7E", "~")
    older = page(analyst, survey, text="why", after=after)
    assert "because it is warm" in older
    assert older.count(">reason ") + first.count(">reason ") == 70
    found = page(analyst, survey, text="why", q="WARM")
    assert found.count(">because") == 3
    assert ">reason" not in found
    assert "lila" in page(analyst, survey, text="colour:other")
    assert "my neighbour" in page(analyst, survey, text="whom")
    assert page(analyst, survey, text="why", after="nonsense", tag="x", q="\0").count(">reason") == 50


def test_ticked_texts_are_tagged_and_counted(survey: Campaign, analyst: User) -> None:
    warm, another, *_others = Response.objects.filter(answers__why="because it is warm")
    text = post(analyst, survey, selected=boxes(warm, another), name="Warm")
    assert "2 texts were tagged." in text
    assert numbers(text) == ["2", "50%", "0"]
    assert "2 texts have no tag." in text
    tag = TextTag.objects.get()
    assert page(analyst, survey, text="why", tag=tag.pk).count(">because") == 2
    assert page(analyst, survey, text="why", tag="untagged").count(">because") == 1
    text = post(analyst, survey, selected=boxes(warm), tags=[tag.pk], action="remove")
    assert "The tags were taken off 1 text." in text
    assert numbers(text) == ["1", "25%", "0"]


def test_changed_texts_are_found_and_do_not_count(survey: Campaign, analyst: User) -> None:
    (warm,) = Response.objects.filter(answers__why="no reason")
    post(analyst, survey, selected=boxes(warm), name="Nothing")
    Response.objects.filter(pk=warm.pk).update(answers={"why": "because it is red"})
    text = page(analyst, survey, text="why", tag="stale")
    assert "because it is red" in text
    assert "text changed since" in text
    assert numbers(text) == ["0", "0%", "1"]
    old = post(analyst, survey, selected=boxes(warm), name="Nothing")
    assert "1 text was changed or withdrawn meanwhile. Please read it again." in old


def test_tags_of_one_question_do_not_count_for_another(survey: Campaign, analyst: User) -> None:
    warm = Response.objects.filter(answers__why="because it is warm").first()
    assert warm is not None
    post(analyst, survey, selected=boxes(warm), name="Warm")
    assert numbers(page(analyst, survey, text="whom")) == ["0", "0%", "0"]


def test_faults_are_told_and_nothing_is_stored(survey: Campaign, analyst: User) -> None:
    warm = Response.objects.filter(answers__why="because it is warm").first()
    assert warm is not None
    assert "Nothing was selected." in post(analyst, survey, name="Warm")
    assert "choose at least one tag" in post(analyst, survey, selected=boxes(warm))
    assert "at most 60 characters" in post(analyst, survey, selected=boxes(warm), name="x" * 61).lower()
    for junk in ("x", "~", "\0~\0", f"{warm.pk}~", f"{warm.pk}"):
        post(analyst, survey, selected=[junk], name="Warm", tags=["x", "9" * 30], after="\0", tag="\0")
    assert not TaggedText.objects.exists()


def test_page_keeps_its_state_after_tagging(survey: Campaign, analyst: User) -> None:
    warm = Response.objects.filter(answers__why="because it is warm").first()
    assert warm is not None
    address = f"/planning/{survey.slug}/survey/texts/tag/"
    fields = {"text": "why", "q": "warm", "tag": "untagged", "selected": boxes(warm), "name": "Warm"}
    response = browser_of(analyst).post(address, fields)
    assert response["Location"] == f"/planning/{survey.slug}/survey/texts/?text=why&q=warm&tag=untagged#texts"


def test_tags_are_made_renamed_merged_and_deleted(survey: Campaign, analyst: User) -> None:
    browser = browser_of(analyst)
    address = f"/planning/{survey.slug}/survey/tags/"
    assert "There is no tag yet." in browser.get(address).content.decode()
    for name in ("Warm", "Hot"):
        assert browser.post(address, {"name": name}).status_code == 302
    refused = browser.post(address, {"name": "warm"})
    assert refused.status_code == 422
    assert "This survey has a tag with this name already." in refused.content.decode()
    warm, hot = (TextTag.objects.get(name=name) for name in ("Warm", "Hot"))
    browser.post(f"{address}{warm.pk}/", {"name": "Warmth", "mark": "drop"})
    warm.refresh_from_db()
    assert (warm.name, warm.mark) == ("Warmth", "drop")
    (response, *_others) = Response.objects.filter(answers__why="because it is warm")
    post(analyst, survey, selected=boxes(response), tags=[hot.pk])
    browser.post(f"{address}{hot.pk}/merge/", {"into": warm.pk})
    assert list(TaggedText.objects.values_list("tag__name", flat=True)) == ["Warmth"]
    found = browser.post(f"{address}{warm.pk}/merge/", {"into": "x"}, follow=True)
    assert "Please choose another tag of this survey." in found.content.decode()
    browser.post(f"{address}{warm.pk}/delete/")
    assert not TextTag.objects.exists()
    assert browser.post(f"{address}{warm.pk}/delete/").status_code == 404


def test_pages_are_for_those_who_may_read_responses(
    survey: Campaign, moderator: User, outsider: User, analyst: User
) -> None:
    tag = TextTag.objects.create(campaign=survey, name="Warm")
    base = f"/planning/{survey.slug}/survey/"
    reads = ("texts/", "tags/")
    writes = ("texts/tag/", "tags/", f"tags/{tag.pk}/", f"tags/{tag.pk}/merge/", f"tags/{tag.pk}/delete/")
    for user in (moderator, outsider):
        browser = staff_browser(user)
        assert {browser.get(f"{base}{name}").status_code for name in reads} == {403}
        assert {browser.post(f"{base}{name}", {"name": "x"}).status_code for name in writes} == {403}
    assert {Client().get(f"{base}{name}").status_code for name in reads} == {302}
    assert [one.name for one in TextTag.objects.all()] == ["Warm"]
    assert staff_browser(analyst).get(f"{base}texts/tag/").status_code == 405


def test_pages_exist_only_where_texts_are_asked_for(campaign: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    base = f"/planning/{campaign.slug}/survey/"
    for name in ("texts/", "tags/"):
        assert browser.get(f"{base}{name}").status_code == 404
    ask(campaign, "colour", "yes_no")
    assert browser.get(f"{base}texts/").status_code == 404
    assert "survey/texts/" not in browser.get(base).content.decode()
    ask(campaign, "why", "text")
    assert browser.get(f"{base}texts/").status_code == 200
    assert "survey/texts/" in browser.get(base).content.decode()


def test_foreign_tags_are_not_found(survey: Campaign, analyst: User) -> None:
    from tests import personas

    foreign = TextTag.objects.create(campaign=personas.make_campaign("elsewhere"), name="Foreign")
    browser = staff_browser(analyst)
    address = f"/planning/{survey.slug}/survey/tags/{foreign.pk}/"
    assert browser.post(address, {"name": "Mine", "mark": "drop"}).status_code == 404
    assert browser.post(f"{address}delete/").status_code == 404
    assert "Foreign" not in page(analyst, survey, tag=foreign.pk)


def test_number_of_queries_is_constant(
    survey: Campaign, analyst: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = staff_browser(analyst)
    texts, tags = (f"/planning/{survey.slug}/survey/{name}/" for name in ("texts", "tags"))
    post(analyst, survey, selected=boxes(*Response.objects.filter(answers__why="no reason")), name="Tag")
    with django_assert_max_num_queries(24) as of_texts:
        browser.get(f"{texts}?text=why")
    number_of_texts = len(of_texts)
    with django_assert_max_num_queries(24) as of_tags:
        browser.get(tags)
    number_of_tags = len(of_tags)
    for number in range(5):
        more = answer(survey, {"why": f"more {number}"}, {"why": f"even more {number}"})
        post(analyst, survey, selected=boxes(*more), name=f"Tag {number}")
    with django_assert_num_queries(number_of_texts):
        browser.get(f"{texts}?text=why")
    with django_assert_num_queries(number_of_tags):
        browser.get(tags)


def test_each_look_at_a_protected_campaign_is_logged(
    cells_campaign: Campaign, administrator: User, caplog: pytest.LogCaptureFixture
) -> None:
    ask(cells_campaign, "why", "text")
    ask(cells_campaign, "colour", "yes_no")
    answer(cells_campaign, {"why": "dark", "colour": True})
    browser = staff_browser(administrator)
    base = f"/planning/{cells_campaign.slug}/survey/"
    for way in ("texts/", "tags/", "table.csv?first=colour&second=colour"):
        caplog.clear()
        with caplog.at_level("INFO", logger="geoparticipation.access"):
            assert browser.get(f"{base}{way}").status_code == 200
        assert f"campaign={cells_campaign.slug} " in caplog.text, way
