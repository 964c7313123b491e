"""Categories added, changed, ordered and removed by managers."""

from dataclasses import replace

import pytest

from accounts.models import Role, User
from mapping.models import Campaign, CampaignChange, Category
from mapping.models.campaign import PlaceType
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.setup import categories
from mapping.services.setup.categories import (
    CategoryDraft,
    add_category,
    change_category,
    count_of_contributions,
    draft_of,
    free_look,
    place_category,
    remove_category,
)
from tests.personas import category_of, make_campaign, make_contribution, make_user

pytestmark = pytest.mark.django_db


def test_category_is_added_behind_the_others_under_a_german_name(campaign: Campaign, manager: User) -> None:
    made = add_category(campaign, CategoryDraft(title="Grünfläche"), actor=manager)
    assert (made.slug, made.position) == ("gruenflaeche", 7)
    assert add_category(campaign, CategoryDraft(title="Grünfläche"), actor=manager).slug == "gruenflaeche-2"


def test_new_category_gets_a_look_of_its_own() -> None:
    assert free_look([]) == ("circle", "blue")
    assert free_look(
        [Category(marker="circle", colour="blue"), Category(marker="square", colour="green")]
    ) == (
        "diamond",
        "orange",
    )


REFUSED: list[tuple[CategoryDraft, dict[str, str]]] = [
    (CategoryDraft(title=""), {"title": "required"}),
    (CategoryDraft(title="a" * 121), {"title": "too_long"}),
    (CategoryDraft(title="A", description="a" * 301), {"description": "too_long"}),
    (CategoryDraft(title="A", geometry_types=()), {"geometry_types": "place_type_needed"}),
    (CategoryDraft(title="A", geometry_types=("sphere",)), {"geometry_types": "place_type_needed"}),
    (
        CategoryDraft(title="A", marker="heart", colour="pink"),
        {"marker": "not_a_choice", "colour": "not_a_choice"},
    ),
]


@pytest.mark.parametrize(("wrong", "codes"), REFUSED)
def test_wrong_categories_are_refused_at_their_fields(
    campaign: Campaign, manager: User, wrong: CategoryDraft, codes: dict[str, str]
) -> None:
    for write in (
        lambda: add_category(campaign, wrong, actor=manager),
        lambda: change_category(category_of(campaign, "spot"), wrong, actor=manager),
    ):
        with pytest.raises(Invalid) as refused:
            write()
        assert {name: problems[0].code for name, problems in refused.value.fields.items()} == codes


def test_name_outlives_the_title(campaign: Campaign, manager: User) -> None:
    spot = category_of(campaign, "spot")
    changed = change_category(spot, replace(draft_of(spot), title="Ort", colour="teal"), actor=manager)
    assert (changed.slug, changed.title, changed.colour) == ("spot", "Ort", "teal")
    assert CampaignChange.objects.get(campaign=campaign).step == "categories"


def test_kinds_of_place_that_contributions_have_stay(campaign: Campaign, manager: User) -> None:
    anything = category_of(campaign, "anything")
    make_contribution(campaign, None, category="anything")
    narrowed = replace(draft_of(anything), geometry_types=("point",))
    with pytest.raises(Invalid) as refused:
        change_category(anything, narrowed, actor=manager)
    problem = refused.value.fields["geometry_types"][0]
    assert (problem.code, problem.params["types"]) == ("place_type_used", f"“{PlaceType.NONE.label}”")
    change_category(anything, replace(narrowed, geometry_types=("point", "none")), actor=manager)


def test_order_is_stored(campaign: Campaign, manager: User) -> None:
    place_category(category_of(campaign, "idea"), 0, actor=manager)
    place_category(category_of(campaign, "spot"), 99, actor=manager)
    slugs = list(campaign.categories.order_by("position").values_list("slug", flat=True))
    assert slugs == ["idea", "street", "meadow", "anything", "plan", "survey", "spot"]


def test_empty_category_goes_with_its_questions(campaign: Campaign, manager: User) -> None:
    assert remove_category(category_of(campaign, "survey"), actor=manager) == 0
    assert not campaign.categories.filter(slug="survey").exists()
    assert list(campaign.categories.order_by("position").values_list("position", flat=True)) == [
        0,
        1,
        2,
        3,
        4,
        5,
    ]


def test_category_with_contributions_is_not_deleted_with_them(campaign: Campaign, manager: User) -> None:
    make_contribution(campaign)
    spot = category_of(campaign, "spot")
    assert count_of_contributions(spot) == 1
    elsewhere = category_of(make_campaign("elsewhere"), "anything")
    for target in (None, spot, elsewhere):
        with pytest.raises(Invalid) as refused:
            remove_category(spot, actor=manager, move_to=target)
        assert refused.value.fields["move_to"][0].code == "category_in_use"
    assert campaign.contributions.count() == 1


def test_contributions_move_with_the_answers_that_fit(campaign: Campaign, manager: User) -> None:
    moved = make_contribution(campaign, category="survey", answers={"text": "here", "number": 4})
    target = category_of(campaign, "anything")
    assert remove_category(category_of(campaign, "survey"), actor=manager, move_to=target) == 1
    moved.refresh_from_db()
    assert (moved.category, moved.answers) == (target, {})
    event = moved.moderation_events.exclude(original={}).get()
    assert event.original == {"category": "survey", "answers": {"text": "here", "number": 4}}


def test_contributions_move_only_where_their_places_fit(campaign: Campaign, manager: User) -> None:
    make_contribution(campaign)
    with pytest.raises(Invalid) as refused:
        remove_category(category_of(campaign, "spot"), actor=manager, move_to=category_of(campaign, "street"))
    assert refused.value.fields["move_to"][0].code == "places_do_not_fit"


def test_too_many_contributions_are_not_moved_at_once(
    campaign: Campaign, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(categories, "MOST_MOVED", 1)
    for _number in range(2):
        make_contribution(campaign)
    with pytest.raises(Invalid) as refused:
        remove_category(
            category_of(campaign, "spot"), actor=manager, move_to=category_of(campaign, "anything")
        )
    assert refused.value.fields["move_to"][0].code == "too_many_to_move"


def test_only_managers_change_categories(campaign: Campaign, moderator: User) -> None:
    spot = category_of(campaign, "spot")
    for write in (
        lambda: add_category(campaign, CategoryDraft(title="A"), actor=moderator),
        lambda: change_category(spot, draft_of(spot), actor=moderator),
        lambda: place_category(spot, 1, actor=moderator),
        lambda: remove_category(spot, actor=moderator),
    ):
        with pytest.raises(NotAllowed):
            write()


def test_public_campaign_keeps_something_to_do() -> None:
    campaign = make_campaign(with_categories=False)
    manager = make_user("manager@example.org", campaign, Role.MANAGER)
    only = add_category(campaign, CategoryDraft(title="Idee", geometry_types=[PlaceType.NONE]), actor=manager)
    with pytest.raises(NotAllowed) as refused:
        remove_category(only, actor=manager)
    assert refused.value.code == "unpublishable"
    assert campaign.categories.exists()
