"""The city's own places are drawn on the web, listed, edited and deleted."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.models import Campaign, Contribution, ContributionStatus, ModerationEvent, Source
from mapping.planning.setup import places as pages
from mapping.services.erase import withdraw
from mapping.services.setup import places as setup_places
from mapping.services.setup.places import places_of
from mapping.services.submit import Submission, submit_city
from tests import personas
from tests.personas import line, point, staff_browser


@pytest.fixture
def browser(manager: User) -> Client:
    return staff_browser(manager)


def address(campaign: Campaign) -> str:
    return reverse("planning:setup-places", args=(campaign.slug,))


def test_drawn_line_is_public_at_once(campaign: Campaign, browser: Client, client: Client) -> None:
    data = {"category": "plan", "geometry": json.dumps(line()), "text": "Radweg Nord"}
    answer = browser.post(address(campaign), data)
    assert answer.status_code == 302
    stored = Contribution.objects.get()
    assert (stored.source, stored.status, stored.text) == (
        Source.CITY,
        ContributionStatus.PUBLISHED,
        "Radweg Nord",
    )
    assert stored.participant is None
    public = client.get(reverse("contribution", args=(campaign.slug, stored.pk)))
    assert "Radweg Nord" in public.content.decode()


def test_wrong_drawing_keeps_what_was_typed(campaign: Campaign, browser: Client) -> None:
    data = {"category": "plan", "geometry": json.dumps(point()), "text": "Radweg Nord"}
    page = browser.post(address(campaign), data)
    assert page.status_code == 422
    words = page.content.decode()
    assert "Radweg Nord" in words
    assert "coordinates" in words
    assert not Contribution.objects.exists()


def test_broken_geometry_is_refused_in_words(campaign: Campaign, browser: Client) -> None:
    page = browser.post(address(campaign), {"category": "plan", "geometry": "{", "text": "A"})
    assert page.status_code == 422
    assert "war nicht lesbar" in page.content.decode()


def test_place_of_the_city_is_deleted_and_those_of_people_are_not(
    campaign: Campaign, browser: Client
) -> None:
    browser.post(address(campaign), {"category": "plan", "geometry": json.dumps(line()), "text": "A"})
    drawn, theirs = Contribution.objects.get(), personas.make_contribution(campaign)
    for one, status in ((drawn, 302), (theirs, 404)):
        answer = browser.post(reverse("planning:setup-place-delete", args=(campaign.slug, one.pk)))
        assert answer.status_code == status
    assert list(Contribution.objects.all()) == [theirs]


def drawn(campaign: Campaign, browser: Client, *titles: str) -> list[Contribution]:
    for title in titles:
        data = {"category": "plan", "geometry": json.dumps(line()), "title": title, "text": "Why"}
        assert browser.post(address(campaign), data).status_code == 302
    return places_of(campaign)


def names(campaign: Campaign) -> list[str]:
    return [one.title for one in places_of(campaign)]


def moved(campaign: Campaign, browser: Client, do: str) -> int:
    return browser.post(reverse("planning:setup-places-order", args=(campaign.slug,)), {"do": do}).status_code


def test_places_have_names_and_an_order_that_buttons_and_dragging_change(
    campaign: Campaign, browser: Client
) -> None:
    north, _south, west = drawn(campaign, browser, "North", "South", "West")
    assert names(campaign) == ["North", "South", "West"]
    assert moved(campaign, browser, f"up:{west.pk}") == 302
    assert names(campaign) == ["North", "West", "South"]
    moved(campaign, browser, f"down:{north.pk}")
    assert names(campaign) == ["West", "North", "South"]
    moved(campaign, browser, f"place:{west.pk}:2")
    assert names(campaign) == ["North", "South", "West"]
    for nonsense in (
        f"place:{west.pk}:{'9' * 30}",
        f"place:{west.pk}:-1",
        "up:nothing",
        "",
        f"up:{north.pk}",
    ):
        assert moved(campaign, browser, nonsense) == 302
    assert names(campaign) == ["North", "South", "West"]
    page = browser.get(address(campaign)).content.decode()
    assert [page.index(f">{name}<") for name in names(campaign)] == sorted(
        page.index(f">{name}<") for name in names(campaign)
    )


def test_citizens_and_programs_see_the_order(campaign: Campaign, browser: Client, client: Client) -> None:
    personas.make_contribution(campaign, text="From a citizen")
    *_others, west = drawn(campaign, browser, "North", "South", "West")
    moved(campaign, browser, f"place:{west.pk}:0")
    listing = client.get(campaign.get_absolute_url()).context["listing"]
    assert [one.title for one in listing.contributions] == ["West", "North", "South", ""]
    api = reverse("api:contributions", args=(campaign.slug,))
    found = client.get(api, {"source": "city", "limit": "2"}).json()
    first = [(one["properties"]["title"], one["properties"]["position"]) for one in found["features"]]
    following = client.get(next(link["href"] for link in found["links"] if link["rel"] == "next")).json()
    second = [(one["properties"]["title"], one["properties"]["position"]) for one in following["features"]]
    assert first + second == [("West", 0), ("North", 1), ("South", 2)]
    [citizens] = client.get(api, {"source": "online"}).json()["features"]
    assert (citizens["properties"]["title"], citizens["properties"]["position"]) == ("", None)


def test_list_goes_on_behind_the_places_of_the_city(
    campaign: Campaign, browser: Client, client: Client
) -> None:
    drawn(campaign, browser, *(f"Street {number:02}" for number in range(23)))
    for _ in range(20):
        personas.make_contribution(campaign, text="From a citizen")
    query = "?"
    seen: list[str] = []
    while query:
        listing = client.get(campaign.get_absolute_url() + query).context["listing"]
        seen += [one.title for one in listing.contributions]
        query = listing.next_query
    assert seen == [f"Street {number:02}" for number in range(23)] + [""] * 20


def test_place_is_edited_with_its_name(campaign: Campaign, browser: Client) -> None:
    [stored] = drawn(campaign, browser, "Nroth")
    edit = reverse("planning:setup-place", args=(campaign.slug, stored.pk))
    page = browser.get(edit).content.decode()
    assert 'value="Nroth"' in page
    assert "LineString" in page
    assert stored.geom is not None
    sent = {"title": "North", "text": "Why", "geometry": stored.geom.json, "category": "plan"}
    assert browser.post(edit, sent).status_code == 302
    stored.refresh_from_db()
    assert (stored.title, stored.position) == ("North", 0)
    event = ModerationEvent.objects.filter(contribution=stored).order_by("pk").last()
    assert event is not None
    assert event.original == {"title": "Nroth"}
    page_with_error = browser.post(edit, sent | {"title": "x" * 121})
    assert page_with_error.status_code == 422
    theirs = personas.make_contribution(campaign)
    assert browser.get(reverse("planning:setup-place", args=(campaign.slug, theirs.pk))).status_code == 404


def test_name_alone_is_enough_where_no_place_is_drawn(campaign: Campaign, browser: Client) -> None:
    assert browser.post(address(campaign), {"category": "anything", "title": "Option A"}).status_code == 302
    assert names(campaign) == ["Option A"]


def test_deletion_is_confirmed(campaign: Campaign, browser: Client) -> None:
    [stored] = drawn(campaign, browser, "North")
    page = browser.get(reverse("planning:setup-place-delete", args=(campaign.slug, stored.pk)))
    assert "North" in page.content.decode()
    assert Contribution.objects.exists()


def test_too_many_places_have_no_order(
    campaign: Campaign, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_places, "MOST_ORDERED", 2)
    monkeypatch.setattr(pages, "MOST_ORDERED", 2)
    *_others, west = drawn(campaign, browser, "North", "South", "West")
    assert [one.position for one in places_of(campaign)] == [0, 1, None]
    assert browser.get(address(campaign)).context["has_order"] is False
    moved(campaign, browser, f"up:{west.pk}")
    assert names(campaign) == ["North", "South", "West"]


def test_page_takes_a_fixed_number_of_queries(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    drawn(campaign, browser, *"ABCDEFGH")
    with django_assert_max_num_queries(28):  # type: ignore[operator]
        browser.get(address(campaign))


def test_only_managers_draw_for_the_city(campaign: Campaign, moderator: User) -> None:
    assert staff_browser(moderator).get(address(campaign)).status_code == 403


def test_campaign_without_categories_says_so(db: None) -> None:
    empty = personas.make_campaign("empty", with_categories=False)
    user = personas.make_user("planner@example.org", empty, Role.MANAGER)
    page = staff_browser(user).get(address(empty))
    assert page.status_code == 200
    assert "Legen Sie bitte zuerst eine Kategorie an." in page.content.decode()


def test_gaps_of_deleted_places_use_no_positions_up(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_places, "MOST_ORDERED", 3)
    first, second, third = (
        submit_city(campaign, Submission("spot", point(), name)) for name in ("One", "Two", "Three")
    )
    assert [one.position for one in (first, second, third)] == [0, 1, 2]
    withdraw(first)
    assert submit_city(campaign, Submission("spot", point(), "Four")).position == 2
    assert [(one.text, one.position) for one in places_of(campaign)] == [
        ("Two", 0),
        ("Three", 1),
        ("Four", 2),
    ]
    assert submit_city(campaign, Submission("spot", point(), "Five")).position is None
