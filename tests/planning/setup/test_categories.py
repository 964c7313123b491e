"""The step of the categories: list, form, removal."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from mapping.models import Campaign, Category
from tests.personas import category_of, make_campaign, make_contribution, make_user, staff_browser


@pytest.fixture
def browser(campaign: Campaign, manager: User) -> Client:
    """The manager's browser, in English."""
    found = staff_browser(manager)
    found.cookies["django_language"] = "en"
    return found


def address(campaign: Campaign, name: str = "categories", *more: str) -> str:
    return reverse(f"planning:setup-{name}", args=(campaign.slug, *more))


def typed(**more: object) -> dict[str, object]:
    return {
        "title": "Bench",
        "geometry_types": ["point"],
        "marker": "circle",
        "colour": "blue",
        "takes_contributions": "on",
    } | more


def test_list_shows_how_categories_look(campaign: Campaign, browser: Client) -> None:
    page = browser.get(address(campaign)).content.decode()
    for words in ("marker-hexagon", "category-red", "Not open to citizens", "12 questions", "Line"):
        assert words in page


def test_list_takes_a_fixed_number_of_queries(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(23):
        browser.get(address(campaign))


def test_new_category_begins_with_a_look_of_its_own(campaign: Campaign, browser: Client) -> None:
    initial = browser.get(address(campaign, "category-new")).context["form"].initial
    assert (initial["marker"], initial["colour"]) == ("circle", "grey")
    empty = make_campaign("empty", with_categories=False)
    empty.memberships.create(user=User.objects.get(), role=Role.MANAGER)
    initial = browser.get(address(empty, "category-new")).context["form"].initial
    assert (initial["marker"], initial["colour"]) == ("circle", "blue")


def test_category_is_stored(campaign: Campaign, browser: Client) -> None:
    answer = browser.post(address(campaign, "category-new"), typed(text_required="on"))
    assert answer.headers["Location"] == address(campaign) + "#c-bench"
    stored = category_of(campaign, "bench")
    assert (stored.geometry_types, stored.text_required, stored.takes_contributions) == (
        ["point"],
        True,
        True,
    )


def test_smallest_zoom_is_chosen_in_words(campaign: Campaign, browser: Client, client: Client) -> None:
    browser.post(address(campaign, "category-new"), typed(smallest_zoom="15"))
    stored = category_of(campaign, "bench")
    assert stored.smallest_zoom == 15
    page = browser.get(address(campaign, "category", stored.slug)).content.decode()
    assert '<option value="15" selected>' in page
    api = client.get(reverse("api:campaign", args=(campaign.slug,))).json()
    zooms = {one["slug"]: one["smallest_zoom"] for one in api["categories"]}
    config = client.get(campaign.get_absolute_url()).context["config"]
    assert zooms == {one["slug"]: one["smallestZoom"] for one in config["categories"]}
    assert (zooms["bench"], zooms["spot"]) == (15, 0)
    refused = browser.post(address(campaign, "category", stored.slug), typed(smallest_zoom="16"))
    assert refused.status_code == 422


def test_errors_lose_nothing(campaign: Campaign, browser: Client) -> None:
    page = browser.post(
        address(campaign, "category-new"), typed(title="", description="Typed", geometry_types=[])
    )
    assert page.status_code == 422
    html = page.content.decode()
    for words in ("Please fill in this field.", "Please choose at least one kind of place", "Typed"):
        assert words in html


def test_forged_choices_are_refused(campaign: Campaign, browser: Client) -> None:
    page = browser.post(address(campaign, "category-new"), typed(marker="heart", colour="pink"))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"marker", "colour"}


def test_category_is_changed_and_closed(campaign: Campaign, browser: Client) -> None:
    make_contribution(campaign)
    page = browser.get(address(campaign, "category", "spot"))
    assert page.context["form"].initial["title"] == "Spot"
    answer = browser.post(address(campaign, "category", "spot"), typed(title="Place", colour="teal"))
    assert answer.status_code == 302
    assert category_of(campaign, "spot").title == "Place"
    browser.post(address(campaign, "category-remove", "spot"), {"do": "close"})
    assert category_of(campaign, "spot").takes_contributions is False
    assert campaign.contributions.count() == 1


def test_used_kind_of_place_stays(campaign: Campaign, browser: Client) -> None:
    make_contribution(campaign)
    page = browser.post(address(campaign, "category", "spot"), typed(geometry_types=["line"]))
    assert "There are contributions with this kind of place" in page.content.decode()


def test_categories_move_by_buttons(campaign: Campaign, browser: Client) -> None:
    answer = browser.post(address(campaign), {"do": "down:spot"})
    assert answer.headers["Location"] == address(campaign) + "?focus=down%3Aspot"
    assert list(campaign.categories.values_list("slug", flat=True)[:2]) == ["street", "spot"]
    for button in ("up:nothing", "", "place:spot:x", "up:spot:"):
        assert browser.post(address(campaign), {"do": button}, follow=True).status_code == 200


def test_removal_moves_contributions(campaign: Campaign, browser: Client) -> None:
    contribution = make_contribution(campaign)
    page = browser.get(address(campaign, "category-remove", "spot"))
    assert page.context["number"] == 1
    refused = browser.post(address(campaign, "category-remove", "spot"), {"do": "remove", "move_to": ""})
    assert refused.status_code == 422
    unfit = browser.post(address(campaign, "category-remove", "spot"), {"do": "remove", "move_to": "street"})
    assert "does not take" in unfit.content.decode()
    browser.post(address(campaign, "category-remove", "spot"), {"do": "remove", "move_to": "anything"})
    contribution.refresh_from_db()
    assert contribution.category.slug == "anything"
    assert not Category.objects.filter(campaign=campaign, slug="spot").exists()


def test_empty_category_is_removed(campaign: Campaign, browser: Client) -> None:
    assert "12 questions go with it" in browser.get(
        address(campaign, "category-remove", "survey")
    ).content.decode().replace("\n", " ")
    browser.post(address(campaign, "category-remove", "survey"), {"do": "remove"})
    assert not campaign.categories.filter(slug="survey").exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, None])
def test_only_managers_see_the_pages(campaign: Campaign, role: Role | None) -> None:
    someone = staff_browser(make_user("someone@example.org", campaign, role))
    for page in (
        address(campaign),
        address(campaign, "category-new"),
        address(campaign, "category", "spot"),
        address(campaign, "category-remove", "spot"),
    ):
        assert someone.get(page).status_code == 403
        assert someone.post(page, typed()).status_code == 403


def test_categories_of_other_campaigns_are_missing(campaign: Campaign, browser: Client) -> None:
    elsewhere = make_campaign("elsewhere", with_categories=False)
    Category.objects.create(campaign=elsewhere, slug="foreign", title="Foreign", geometry_types=["point"])
    assert browser.get(address(campaign, "category", "foreign")).status_code == 404
    assert browser.get(address(elsewhere, "category", "foreign")).status_code == 403
